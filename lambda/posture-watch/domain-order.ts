/** The order of the domains of a run. A run that ends before the last domain is continued by the next one. */
import type { PostureDomain } from '../config/posture-domain.ts';

/** What a run looks at: DNS lists alone, or every area. */
export type RunScope = 'lists' | 'all';

/** Milliseconds between two runs. Each asks DNS lists; one in an hour checks every area. */
export const RUN_EVERY = 15 * 60_000;
const ALL_EVERY = 60 * 60_000;

/**
 * A run of every area that was missed, such as by a monitor that was not running at the full hour, is made up for by the next one.
 * @param scheduled epoch milliseconds of the time when the run was due
 * @param lastOfAll epoch milliseconds of the last run that checked every area of all domains; null if none is known
 */
export function scopeAt(scheduled: number, lastOfAll: number | null): RunScope {
  const isMissed = lastOfAll !== null && scheduled - lastOfAll >= ALL_EVERY;
  return isMissed || scheduled % ALL_EVERY < RUN_EVERY ? 'all' : 'lists';
}

/** What the run before had no time for: the domains from one to another, in the order of the config and around its end. */
export interface Left {
  readonly from: string;
  /** The first domain that is not left with this scope. */
  readonly before: string;
  readonly scope: RunScope;
}

export interface DueDomain {
  readonly domain: PostureDomain;
  readonly scope: RunScope;
}

/** What was left comes first, with the scope that it was left with; then the others. */
export function domainsInOrder(
  domains: readonly PostureDomain[],
  scope: RunScope,
  left: Left | null,
): readonly DueDomain[] {
  // -1 also if the domain is no longer in the config: all begin again.
  const start = left === null ? -1 : domains.findIndex(({ domain }) => domain === left.from);
  if (left === null || start === -1) return domains.map((domain) => ({ domain, scope }));
  const ring = [...domains.slice(start), ...domains.slice(0, start)];
  const end = ring.findIndex(({ domain }) => domain === left.before);
  const isLeft = (nth: number) => end <= 0 || nth < end;
  return ring.map((domain, nth) => ({ domain, scope: scope === 'lists' && isLeft(nth) ? left.scope : scope }));
}

/** What is left if the run ended before this domain. */
export function leftFrom(due: readonly DueDomain[], started: number): Left | null {
  const next = due[started];
  if (next === undefined) return null;
  const other = due.slice(started).find(({ scope }) => scope !== next.scope) ?? due[0];
  return { from: next.domain.domain, before: (other ?? next).domain.domain, scope: next.scope };
}
