import type { Incident } from '../../consensus/judgement/incident.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { firstFailureText, outageStart } from './first-failure.ts';
import { clipToSpan, clipToSpans, timeIn, type VerdictPeriod, verdictPeriods } from './verdict-periods.ts';

const HOUR = 3_600_000;

/** The uptime of a target in a time span, by the verdict of the quorum. All lengths are in whole milliseconds. */
export interface Uptime {
  readonly target: string;
  /** The reported span, epoch milliseconds. */
  readonly span: TimeSpan;
  /** When the target was watched, oldest first. Every figure below counts this time only. */
  readonly watched: readonly TimeSpan[];
  readonly unwatched: number;
  readonly down: number;
  readonly degraded: number;
  /** Neither up nor down; not part of the uptime share. */
  readonly unknown: number;
  /** Percent of the time with a verdict in which the verdict was not `down`; null if there was no verdict. */
  readonly uptime: number | null;
  readonly objective: Objective | null;
  /** Incidents that were `down` at some time. */
  readonly outages: number;
  /** Mean time from the first failure to the verdict `down`; null without an outage. */
  readonly toDetect: number | null;
  /** Mean time from the first failure to the last recovery; null without an outage that ended. */
  readonly toRepair: number | null;
  readonly outageList: readonly Outage[];
  /** Periods with a verdict other than `up`. */
  readonly periods: readonly VerdictPeriod[];
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

/** The reported span, and when the target was watched in it, oldest first. */
export interface WatchedTime {
  readonly span: TimeSpan;
  readonly watched: readonly TimeSpan[];
}

/**
 * @param slo percent; null without an objective
 * @param periodsOfIncident the verdict periods of an incident; by default those of its timeline
 */
export function uptimeOf(
  target: string,
  incidents: readonly Incident[],
  { span, watched }: WatchedTime,
  slo: number | null,
  periodsOfIncident: (incident: Incident, now: number) => readonly VerdictPeriod[] = verdictPeriods,
): Uptime {
  const until = watched.at(-1)?.to ?? span.from;
  const reported = incidents.map((incident) => reportIncident(incident, periodsOfIncident(incident, until), watched));
  const periods = reported.flatMap((one) => one.periods);
  const down = timeIn(periods, 'down');
  const unknown = timeIn(periods, 'unknown');
  const length = watched.reduce((sum, { from, to }) => sum + to - from, 0);
  const judged = length - unknown;
  const downs = reported.map((one) => ({ ...one, down: timeIn(one.periods, 'down') })).filter((one) => one.down > 0);
  return {
    target,
    span,
    watched,
    unwatched: span.to - span.from - length,
    down,
    degraded: timeIn(periods, 'degraded'),
    unknown,
    uptime: judged > 0 ? (1 - down / judged) * 100 : null,
    objective: slo === null || watched.length === 0 ? null : objectiveOf(slo, judged, down),
    outages: downs.length,
    outageList: downs.map(outageOf),
    periods: periods.filter(({ verdict }) => verdict !== 'up'),
    toDetect: mean(downs.flatMap(({ incident }) => timeToDetect(incident))),
    toRepair: mean(downs.flatMap(({ incident, ended }) => (ended === null ? [] : [ended - outageStart(incident)]))),
    worstHours: worstHours(periods),
  };
}

/** An incident with the watched part of its periods, and its end. */
interface ReportedIncident {
  readonly incident: Incident;
  readonly periods: readonly VerdictPeriod[];
  readonly ended: number | null;
}

function reportIncident(
  incident: Incident,
  periods: readonly VerdictPeriod[],
  watched: readonly TimeSpan[],
): ReportedIncident {
  return { incident, periods: clipToSpans(periods, watched), ended: endOf(incident, periods) };
}

/** The last recovery. A flapping incident is closed later, after it stayed up for half an hour. */
function endOf({ closed }: Incident, periods: readonly VerdictPeriod[]): number | null {
  if (closed === null) return null;
  const last = periods.at(-1);
  return last?.verdict === 'up' ? last.from : Date.parse(closed);
}

function outageOf({ incident, ended, down }: ReportedIncident & { readonly down: number }): Outage {
  return { id: incident.id, from: outageStart(incident), to: ended, down, failure: firstFailureText(incident) };
}

function objectiveOf(slo: number, judged: number, down: number): Objective {
  const budget = judged * (1 - slo / 100);
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

function worstHours(periods: readonly VerdictPeriod[]): Uptime['worstHours'] {
  const downs = periods.filter(({ verdict }) => verdict === 'down');
  const hours = new Set(downs.flatMap(({ from, to }) => hoursOf(from, to)));
  return [...hours]
    .map((from) => ({ from, down: timeIn(clipToSpan(downs, from, from + HOUR), 'down') }))
    .sort((a, b) => b.down - a.down || a.from - b.from)
    .slice(0, 3);
}

function hoursOf(from: number, to: number): readonly number[] {
  const first = Math.floor(from / HOUR);
  return Array.from({ length: Math.ceil(to / HOUR) - first }, (_, at) => (first + at) * HOUR);
}
