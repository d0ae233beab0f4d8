/** Names of hours and days, in UTC, as keys and items have them. */

/** `2026-11-22T05` */
export const hourOf = (round: string) => round.slice(0, 13);
/** `2026-11-22` */
export const dayOf = (round: string) => round.slice(0, 10);

/** The hour, `2026-11-22T05`, of an epoch time in milliseconds. */
export const hourName = (at: number) => new Date(at).toISOString().slice(0, 13);
/** `2026-11-22T05:00:00Z` */
export const startOfHour = (hour: string) => `${hour}:00:00Z`;
/** The last second of the hour. */
export const endOfHour = (hour: string) => `${hour}:59:59Z`;
export const nextHour = (hour: string) => hourName(Date.parse(startOfHour(hour)) + 3_600_000);
