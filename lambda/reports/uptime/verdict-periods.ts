import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { VerdictPeriod } from '../source/up-down-unwatched.ts';

/** A change of verdict in a timeline: `down: 2 of 3 entitled vantages voted down, quorum 2`. */
const VERDICT_LINE = /^(up|degraded|down|unknown): /;

/** The verdict from `at` on, epoch milliseconds. */
export interface VerdictChange {
  readonly at: number;
  readonly verdict: Verdict;
}

/** The periods of an incident, from its timeline. It can be degraded, then down, then degraded again. */
export function verdictPeriods(incident: Incident, now: number): readonly VerdictPeriod[] {
  const changes = incident.timeline.flatMap(({ at, what }) => {
    const to = VERDICT_LINE.exec(what)?.[1] as Verdict | undefined;
    return to === undefined ? [] : [{ at: Date.parse(at), verdict: to }];
  });
  return periodsBetween(incident, now, changes);
}

/** The periods of an incident with these changes of verdict, oldest first. */
export function periodsBetween(
  { opened, closed, verdict }: Incident,
  now: number,
  changes: readonly VerdictChange[],
): readonly VerdictPeriod[] {
  const end = closed === null ? now : Date.parse(closed);
  // The first failure precedes the first verdict, which counts from that failure on.
  const [first = { at: 0, verdict }, ...rest] = changes;
  const starts = [{ at: Date.parse(opened), verdict: first.verdict }, ...rest];
  return starts
    .map((start, at) => ({ verdict: start.verdict, from: start.at, to: Math.min(end, starts[at + 1]?.at ?? end) }))
    .filter(({ from, to }) => to > from);
}
