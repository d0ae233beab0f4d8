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
