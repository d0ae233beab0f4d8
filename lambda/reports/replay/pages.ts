import type { Alert } from '../../consensus/judgement/incident.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { observedTime, observedTimes } from '../source/up-down-unwatched.ts';

/** A page: from the `down` alert of a target until its next alert with another verdict. */
export interface Page {
  readonly target: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Null if it has not ended. */
  readonly until: string | null;
  readonly reason: string;
}

export function pagesOf(alerts: readonly Alert[]): readonly Page[] {
  return alerts
    .filter(({ kind }) => kind === 'down')
    .map(({ subject, at, reason }) => {
      const end = alerts.find((later) => later.subject === subject && later.at > at && later.is !== 'down');
      return { target: subject, at, until: end === undefined ? null : endedAt(end), reason };
    });
}

/** When the verdict changed. `unknown` is reported some rounds later. */
function endedAt({ kind, at, incident }: Alert): string {
  const change = incident?.timeline.findLast(({ what }) => what.startsWith('unknown: '));
  return kind === 'unknown' && change !== undefined ? change.at : at;
}

/** A page with the time for which its target was seen to be down. */
export interface MeasuredPage extends Page {
  /** Milliseconds. */
  readonly down: number;
}

/** @param watched when the target of a page was watched */
export function measurePages(
  pages: readonly Page[],
  span: TimeSpan,
  watched: (target: string) => readonly TimeSpan[],
): readonly MeasuredPage[] {
  return pages.map((page) => {
    const to = page.until === null ? span.to : Date.parse(page.until);
    const period = { verdict: 'down' as const, from: Date.parse(page.at), to };
    return { ...page, down: observedTimes(observedTime(span, watched(page.target), [period])).down };
  });
}

export interface PageComparison<One extends Page = MeasuredPage> {
  /** Under the current policy. */
  readonly current: readonly One[];
  /** Under the other policy. */
  readonly other: readonly One[];
  /** Pages that only the other policy has. */
  readonly gained: readonly One[];
  /** Pages that only the current policy has. */
  readonly lost: readonly One[];
}

/** Two pages are the same if they have the same target and overlap in time. */
export function comparePages<One extends Page>(current: readonly One[], other: readonly One[]): PageComparison<One> {
  const without = (pages: readonly One[], from: readonly One[]) =>
    pages.filter((page) => !from.some((candidate) => isSame(page, candidate)));
  return { current, other, gained: without(other, current), lost: without(current, other) };
}

function isSame(one: Page, other: Page): boolean {
  if (one.target !== other.target) return false;
  return (other.until === null || one.at < other.until) && (one.until === null || other.at < one.until);
}
