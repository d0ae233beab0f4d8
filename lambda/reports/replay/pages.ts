import type { Alert } from '../../consensus/judgement/incident.ts';

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
      return { target: subject, at, until: end?.at ?? null, reason };
    });
}

export interface PageComparison {
  /** Under the current policy. */
  readonly current: readonly Page[];
  /** Under the other policy. */
  readonly other: readonly Page[];
  /** Pages that only the other policy has. */
  readonly gained: readonly Page[];
  /** Pages that only the current policy has. */
  readonly lost: readonly Page[];
}

/** Two pages are the same if they have the same target and overlap in time. */
export function comparePages(current: readonly Page[], other: readonly Page[]): PageComparison {
  const without = (pages: readonly Page[], from: readonly Page[]) =>
    pages.filter((page) => !from.some((candidate) => isSame(page, candidate)));
  return { current, other, gained: without(other, current), lost: without(current, other) };
}

function isSame(one: Page, other: Page): boolean {
  if (one.target !== other.target) return false;
  return (other.until === null || one.at < other.until) && (one.until === null || other.at < one.until);
}
