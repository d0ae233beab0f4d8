/** What the clock of a zone shows at each minute, by Intl: the oracle of the tests of the calendar. */

/** Minutes since 1 January 1970, as the clock shows them. */
export type WallMinutes = readonly number[];

export interface WallClock {
  /** Epoch minutes of the first one. */
  readonly first: number;
  readonly shown: WallMinutes;
}

export function wallClock(zone: string, from: number, until: number): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const first = Math.floor(from / 60_000);
  const shown = Array.from({ length: Math.ceil(until / 60_000) - first }, (_, more) => {
    const parts = format.formatToParts((first + more) * 60_000);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute')) / 60_000;
  });
  return { first, shown };
}

/** Epoch minutes at which the clock jumps, forwards or back. */
export function jumpsOf({ first, shown }: WallClock): readonly number[] {
  return shown.flatMap((minute, at) => (at > 0 && minute !== (shown[at - 1] ?? 0) + 1 ? [first + at] : []));
}

export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'UTC',
] as const;

const DAY = 86_400_000;

/** Every day of these years on which the clock of the zone is changed: the hour that Intl says it in. */
export function changesOf(zone: string, years: readonly number[]): readonly number[] {
  return years.flatMap((year) => {
    const hours = Array.from({ length: 366 * 24 }, (_, hour) => Date.UTC(year, 0, 1) + hour * 3_600_000);
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const offset = (at: number) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
    return hours.filter((at) => new Date(at).getUTCFullYear() === year && offset(at) !== offset(at - 3_600_000));
  });
}

/** The two days before and after a time. */
export function around(at: number): { readonly from: number; readonly until: number } {
  return { from: at - 2 * DAY, until: at + 2 * DAY };
}
