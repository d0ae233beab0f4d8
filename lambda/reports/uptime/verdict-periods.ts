import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';
import type { TimeSpan } from '../source/rounds.ts';

/** A stretch of time under one verdict; epoch milliseconds, `to` exclusive. */
export interface VerdictPeriod {
  readonly verdict: Verdict;
  readonly from: number;
  readonly to: number;
}

/** `down: 2 of 3 entitled vantages voted down, quorum 2`: how a timeline notes a change of verdict. */
const CHANGE = /^(up|degraded|down|unknown): /;

/** From `at`, epoch milliseconds, on. */
export interface VerdictChange {
  readonly at: number;
  readonly verdict: Verdict;
}

/** The periods of an incident, from its timeline: it may have been degraded, then down, then degraded again. */
export function verdictPeriods(incident: Incident, now: number): readonly VerdictPeriod[] {
  const changes = incident.timeline.flatMap(({ at, what }) => {
    const to = CHANGE.exec(what)?.[1] as Verdict | undefined;
    return to === undefined ? [] : [{ at: Date.parse(at), verdict: to }];
  });
  return periodsBetween(incident, now, changes);
}

/** The periods of an incident whose verdict changed so, oldest first. */
export function periodsBetween(
  { opened, closed, verdict }: Incident,
  now: number,
  changes: readonly VerdictChange[],
): readonly VerdictPeriod[] {
  const end = closed === null ? now : Date.parse(closed);
  // The first failure came before the verdict; what it led to counts from then on.
  const [first = { at: 0, verdict }, ...rest] = changes;
  const starts = [{ at: Date.parse(opened), verdict: first.verdict }, ...rest];
  return starts
    .map((start, at) => ({ verdict: start.verdict, from: start.at, to: Math.min(end, starts[at + 1]?.at ?? end) }))
    .filter(({ from, to }) => to > from);
}

/** The part of each spell within bounds. */
export function clipToSpan(periods: readonly VerdictPeriod[], from: number, to: number): readonly VerdictPeriod[] {
  return periods
    .map((spell) => ({ ...spell, from: Math.max(spell.from, from), to: Math.min(spell.to, to) }))
    .filter((spell) => spell.to > spell.from);
}

/** The part of each spell within any of these spans, which do not overlap. */
export function clipToSpans(periods: readonly VerdictPeriod[], spans: readonly TimeSpan[]): readonly VerdictPeriod[] {
  return spans.flatMap(({ from, to }) => clipToSpan(periods, from, to));
}

/** Milliseconds under a verdict. */
export function timeIn(periods: readonly VerdictPeriod[], verdict: Verdict): number {
  return periods.filter((spell) => spell.verdict === verdict).reduce((sum, { from, to }) => sum + to - from, 0);
}
