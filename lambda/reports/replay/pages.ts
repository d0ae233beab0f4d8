import type { Alert } from '../../consensus/judgement/incident.ts';

/** Somebody was woken: a target was told down, until it was told to be anything else. */
export interface Page {
  readonly target: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Null while it lasts. */
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
  /** Of the present policy. */
  readonly present: readonly Page[];
  /** Of the other one. */
  readonly other: readonly Page[];
  /** Pages of the other policy that the present one does not have, and the other way round. */
  readonly gained: readonly Page[];
  readonly lost: readonly Page[];
}

/** Two pages are the same where they are of one target and at some moment both last. */
export function comparePages(present: readonly Page[], other: readonly Page[]): PageComparison {
  const without = (pages: readonly Page[], from: readonly Page[]) =>
    pages.filter((page) => !from.some((candidate) => isSame(page, candidate)));
  return { present, other, gained: without(other, present), lost: without(present, other) };
}

function isSame(one: Page, other: Page): boolean {
  if (one.target !== other.target) return false;
  return (other.until === null || one.at < other.until) && (one.until === null || other.at < one.until);
}
