import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';
import type { TimeSpan } from '../source/rounds.ts';

/** A period with one verdict; epoch milliseconds, `to` is exclusive. */
export interface VerdictPeriod {
  readonly verdict: Verdict;
  readonly from: number;
  readonly to: number;
}

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

/** The part of each period within one span. */
export function clipToSpan(periods: readonly VerdictPeriod[], from: number, to: number): readonly VerdictPeriod[] {
  return periods
    .map((period) => ({ ...period, from: Math.max(period.from, from), to: Math.min(period.to, to) }))
    .filter((period) => period.to > period.from);
}

/** The part of each period within any of these spans, which do not overlap. */
export function clipToSpans(periods: readonly VerdictPeriod[], spans: readonly TimeSpan[]): readonly VerdictPeriod[] {
  return spans.flatMap(({ from, to }) => clipToSpan(periods, from, to));
}

/** Milliseconds with a verdict. */
export function timeIn(periods: readonly VerdictPeriod[], verdict: Verdict): number {
  return periods.filter((period) => period.verdict === verdict).reduce((sum, { from, to }) => sum + to - from, 0);
}
