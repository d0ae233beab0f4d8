/** Epoch milliseconds as ISO 8601 UTC with seconds, the form of every time that is part of a key: `2026-11-22T05:08:00Z`. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/**
 * Name of the round that `at` falls in: the UTC time at which it began, ISO 8601 with seconds. All vantages compute the
 * same name, even if their schedules fire late within the round.
 * @param at epoch milliseconds
 * @param every length of a round in milliseconds
 */
export function roundName(at: number, every: number): string {
  return isoSeconds(Math.floor(at / every) * every);
}
