import type { PostureArea } from '../../posture/codes/code.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lists are asked more often than the rest. */
export type PostureCadence = 'lists' | 'rest';

export function cadenceOf(area: PostureArea): PostureCadence {
  return area === 'dnsbl' ? 'lists' : 'rest';
}

/** Milliseconds from one run to the next. */
export const POSTURE_EVERY: Readonly<Record<PostureCadence, number>> = { lists: 15 * MINUTE, rest: HOUR };

/** A vantage whose last run that checked an area is older, in milliseconds, says nothing about it. */
export const POSTURE_FRESHNESS: Readonly<Record<PostureCadence, number>> = { lists: 50 * MINUTE, rest: 3.5 * HOUR };

/** Two runs of a vantage that began within this time, in milliseconds, count as one: an event may come twice. */
export const RUNS_APART = 5 * MINUTE;

/** A finding that is not reported until its last day (UTC, `2027-03-31`). */
export interface IgnoredPosture {
  readonly code: string;
  /** Null for every subject. */
  readonly subject: string | null;
  readonly reason: string;
  readonly until: string;
}

/** The rules for what is reported of a domain. */
export interface PosturePolicy {
  readonly vantages: readonly string[];
  readonly ignore: readonly IgnoredPosture[];
  /** Milliseconds from one alert about what is open to the next; null for none. */
  readonly reminder: number | null;
  /** Whether warnings are reported by themselves. Otherwise they are only mentioned with failures. */
  readonly warnings: boolean;
}

export const POSTURE_REMINDER = 24 * HOUR;

/** The entry that silences a finding at a time; null if there is none. */
export function ignoreOf(
  { code, subject }: { readonly code: string; readonly subject: string },
  ignore: readonly IgnoredPosture[],
  now: number,
): IgnoredPosture | null {
  const today = new Date(now).toISOString().slice(0, 10);
  const own = ignore.filter((one) => one.code === code && (one.subject === null || one.subject === subject));
  return own.find(({ until }) => until >= today) ?? null;
}
