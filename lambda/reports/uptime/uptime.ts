import type { Incident } from '../../consensus/judgement/incident.ts';
import { clipSpans, lengthOfSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { Percentiles } from '../../history/rollup/tally.ts';
import type { WatchedSpan } from '../../history/rollup/watched-spans.ts';
import { type PlannedFigures, type PlannedSpan, plannedFigures, plannedWhen } from '../planned/planned-times.ts';
import {
  clipStretches,
  type ObservedTimes,
  observedTime,
  observedTimes,
  type Stretch,
  uptimeShare,
  type VerdictPeriod,
} from '../source/up-down-unwatched.ts';
import { firstFailureText, outageStart } from './first-failure.ts';
import { verdictPeriods } from './verdict-periods.ts';

const HOUR = 3_600_000;

/**
 * The uptime of a target in a time span, by the verdict of the quorum. Lengths are in milliseconds, in whole seconds: `up`,
 * `down` and `unwatched` are the span; `degraded` is a part of `up`.
 */
export interface Uptime extends ObservedTimes {
  readonly target: string;
  /** The reported span, epoch milliseconds. */
  readonly span: TimeSpan;
  /** The whole span, divided. Every figure below follows from it. */
  readonly stretches: readonly Stretch[];
  /** Percent of the watched time in which the target was not `down`; null if it was not watched. */
  readonly uptime: number | null;
  /** Milliseconds of the sessions that passed or warned, at all vantages. Null without one. */
  readonly latency: Percentiles | null;
  readonly objective: Objective | null;
  /** The part of the span in which work was planned; null if none was. */
  readonly planned: PlannedFigures | null;
  /** Incidents that were `down` at some time. */
  readonly outages: number;
  /** Mean time from the first failure to the verdict `down`; null without an outage. */
  readonly toDetect: number | null;
  /** Mean time from the first failure to the last recovery, without the unwatched time; null without an outage that ended. */
  readonly toRepair: number | null;
  readonly outageList: readonly Outage[];
  /** The hours with the most downtime, worst first, three at most. */
  readonly worstHours: readonly { readonly from: number; readonly down: number }[];
}

/** An incident that was `down` at some time; epoch milliseconds. */
export interface Outage {
  readonly id: string;
  /** Its first failure. */
  readonly from: number;
  /** Its last recovery; a flapping incident is closed half an hour later. Null while it is open. */
  readonly to: number | null;
  /** How long it was `down` within the report. */
  readonly down: number;
  /** Phase and code of the first failure, `greeting greeting-refused`. */
  readonly failure: string;
  /** The window or mute in which it began; null if nothing was planned then. */
  readonly planned: string | null;
}

/** A service level objective, and its error budget. */
export interface Objective {
  /** Percent. */
  readonly slo: number;
  readonly budget: number;
  readonly remaining: number;
  /** Share of the budget that is used; above 1 the objective is missed. */
  readonly burn: number;
}

/** The reported span, and what the history has of the target in it. */
export interface WatchedTime {
  readonly span: TimeSpan;
  /** When there was a fresh sample of the target. */
  readonly watched: readonly WatchedSpan[];
  readonly latency?: Percentiles | null;
  /** What was planned of the target. */
  readonly planned?: readonly PlannedSpan[];
}

/**
 * @param slo percent; null without an objective
 * @param periodsOfIncident the verdict periods of an incident; by default those of its timeline
 */
export function uptimeOf(
  target: string,
  incidents: readonly Incident[],
  { span, watched, latency = null, planned = [] }: WatchedTime,
  slo: number | null,
  periodsOfIncident: (incident: Incident, now: number) => readonly VerdictPeriod[] = verdictPeriods,
): Uptime {
  const until = mergeSpans(watched).at(-1)?.to ?? span.from;
  const reported = incidents.map((incident) => ({ incident, periods: periodsOfIncident(incident, until) }));
  const stretches = observedTime(
    span,
    watched,
    reported.flatMap((one) => one.periods),
  );
  const times = observedTimes(stretches);
  const downs = reported.map((one) => outageIn(stretches, one.incident, one.periods)).filter((one) => one.down > 0);
  return {
    target,
    span,
    stretches,
    ...times,
    uptime: uptimeShare(times),
    latency,
    objective: slo === null || times.up + times.down === 0 ? null : objectiveOf(slo, times),
    planned: plannedFigures(stretches, span, planned),
    outages: downs.length,
    outageList: downs.map((one) => outageOf(one, planned)),
    toDetect: mean(downs.flatMap(({ incident }) => timeToDetect(incident))),
    toRepair: mean(downs.flatMap((one) => timeToRepair(one, watched))),
    worstHours: worstHours(stretches),
  };
}

/** An incident with its downtime, and its end. */
interface ReportedOutage {
  readonly incident: Incident;
  readonly down: number;
  readonly ended: number | null;
}

function outageIn(
  stretches: readonly Stretch[],
  incident: Incident,
  periods: readonly VerdictPeriod[],
): ReportedOutage {
  const own = mergeSpans(periods.filter(({ verdict }) => verdict === 'down'));
  const down = stretches.filter(({ state }) => state === 'down').flatMap((stretch) => clipSpans(own, stretch));
  return { incident, down: lengthOfSpans(down), ended: endOf(incident, periods) };
}

/** The last recovery. A flapping incident is closed later, after it stayed up for half an hour. */
function endOf({ closed }: Incident, periods: readonly VerdictPeriod[]): number | null {
  if (closed === null) return null;
  const last = periods.at(-1);
  return last?.verdict === 'up' ? last.from : Date.parse(closed);
}

function timeToRepair({ incident, ended }: ReportedOutage, watched: readonly TimeSpan[]): readonly number[] {
  if (ended === null) return [];
  return [lengthOfSpans(clipSpans(mergeSpans(watched), { from: outageStart(incident), to: ended }))];
}

function outageOf({ incident, ended, down }: ReportedOutage, planned: readonly PlannedSpan[]): Outage {
  const from = outageStart(incident);
  const failure = firstFailureText(incident);
  return { id: incident.id, from, to: ended, down, failure, planned: plannedWhen(planned, from)?.id ?? null };
}

/** The budget is a share of the watched time: nobody knows about the rest. */
function objectiveOf(slo: number, { up, down }: ObservedTimes): Objective {
  const budget = (up + down) * (1 - slo / 100);
  return {
    slo,
    budget: Math.round(budget),
    remaining: Math.round(budget - down),
    burn: budget > 0 ? down / budget : down > 0 ? Number.POSITIVE_INFINITY : 0,
  };
}

/** Time from the first failure to the `down` line of the timeline. */
function timeToDetect(incident: Incident): readonly number[] {
  const decided = incident.timeline.find(({ what }) => what.startsWith('down: '));
  return decided === undefined ? [] : [Math.max(0, Date.parse(decided.at) - outageStart(incident))];
}

function mean(lengths: readonly number[]): number | null {
  return lengths.length === 0 ? null : Math.round(lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
}

function worstHours(stretches: readonly Stretch[]): Uptime['worstHours'] {
  const downs = stretches.filter(({ state }) => state === 'down');
  const hours = new Set(downs.flatMap(({ from, to }) => hoursOf(from, to)));
  return [...hours]
    .map((from) => ({ from, down: lengthOfSpans(clipStretches(downs, { from, to: from + HOUR })) }))
    .sort((a, b) => b.down - a.down || a.from - b.from)
    .slice(0, 3);
}

function hoursOf(from: number, to: number): readonly number[] {
  const first = Math.floor(from / HOUR);
  return Array.from({ length: Math.ceil(to / HOUR) - first }, (_, at) => (first + at) * HOUR);
}
