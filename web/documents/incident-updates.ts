/** What happened in an incident, and what people said of it, in one list. */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { WORST_VERDICT_FIRST } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { IncidentSnapshot, StatementSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';

export interface IncidentUpdate {
  /** Stays the same, whatever is added or withdrawn. */
  readonly id: string;
  readonly at: string;
  readonly state: StatementSnapshot['state'];
  readonly text: string;
  /** Whether a person said it. */
  readonly isSaid: boolean;
  /** The verdict before and since; null if it did not change. */
  readonly change: { readonly from: Verdict; readonly to: Verdict } | null;
}

/** Oldest first. */
export function incidentUpdates({ id, closed, timeline, statements }: IncidentSnapshot): readonly IncidentUpdate[] {
  let verdict: Verdict = 'up';
  const seen = new Map<string, number>();
  const lines = timeline.map(({ at, what }, nth): IncidentUpdate => {
    const to = verdictOf(what);
    const change = to === null || to === verdict ? null : { from: verdict, to };
    verdict = to ?? verdict;
    // Lines in the middle of a long timeline are left out later: a place among all lines is no name.
    const place = (seen.get(at) ?? 0) + 1;
    seen.set(at, place);
    const isEnd = closed !== null && nth === timeline.length - 1;
    return {
      id: `${id}/${at}/${place}`,
      at,
      state: isEnd ? 'resolved' : 'investigating',
      text: what,
      isSaid: false,
      change,
    };
  });
  const said = statements.map(({ number, at, state, text }): IncidentUpdate => {
    return { id: `${id}/said/${number}`, at, state, text, isSaid: true, change: null };
  });
  const all = [...lines, ...said].sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  return all.map((update, nth) =>
    update.isSaid || update.state === 'resolved' ? update : withStateBefore(update, all, nth),
  );
}

/** A change that the monitor saw leaves the state as people said it is. */
function withStateBefore(update: IncidentUpdate, all: readonly IncidentUpdate[], nth: number): IncidentUpdate {
  const before = all.slice(0, nth).findLast(({ isSaid }) => isSaid);
  return before === undefined || before.state === 'resolved' ? update : { ...update, state: before.state };
}

function verdictOf(what: string): Verdict | null {
  const [, word] = /^(up|degraded|down|unknown)(?:: |$)/.exec(what) ?? [];
  return (word as Verdict | undefined) ?? null;
}

/** The worst verdict so far: at its end an incident may be `degraded` that was `down`. */
export function worstVerdict({ timeline, verdict }: IncidentSnapshot): Verdict {
  const verdicts = [verdict, ...timeline.flatMap(({ what }) => verdictOf(what) ?? [])];
  return WORST_VERDICT_FIRST.find((one) => verdicts.includes(one)) ?? verdict;
}
