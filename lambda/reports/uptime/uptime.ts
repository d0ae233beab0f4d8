import type { Incident } from '../../consensus/judgement/incident.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { clipToSpan, clipToSpans, timeIn, type VerdictPeriod, verdictPeriods } from './verdict-periods.ts';

const HOUR = 3_600_000;

/** How a target did in a time, by the quorum's verdict. Every length is in whole milliseconds. */
export interface Uptime {
  readonly target: string;
  /** The time that is reported, epoch milliseconds. */
  readonly span: TimeSpan;
  /** When the target was watched in it, oldest first. Only this time takes part in all that follows. */
  readonly watched: readonly TimeSpan[];
  readonly unwatched: number;
  readonly down: number;
  readonly degraded: number;
  /** Neither up nor down: it takes no part in the share. */
  readonly unknown: number;
  /** Percent of the time with a verdict that was not `down`; null where there was none. */
  readonly uptime: number | null;
  readonly objective: Objective | null;
  /** Incidents that were `down` at some time. */
  readonly outages: number;
  /** Mean time from the first failure until the verdict `down`; null without an outage. */
  readonly toDetect: number | null;
  /** Mean time from the first failure until the last recovery; null without an outage that ended. */
  readonly toRepair: number | null;
  readonly outageList: readonly Outage[];
  /** The time under any verdict but `up`. */
  readonly periods: readonly VerdictPeriod[];
  /** The hours with the most downtime, worst first, three at most. */
  readonly worstHours: readonly { readonly from: number; readonly down: number }[];
}

/** An incident that was `down` at some time; epoch milliseconds. */
export interface Outage {
  readonly id: string;
  /** Its first failure. */
  readonly from: number;
  /** Its last recovery: one that flapped is closed half an hour later. Null while it is open. */
  readonly to: number | null;
  /** How long it was `down`, as far as the report goes. */
  readonly down: number;
  /** What the first vantage saw, `greeting greeting-refused`. */
  readonly failure: string;
}

/** A share that was promised, and how much may be missing from it. */
export interface Objective {
  /** Percent. */
  readonly slo: number;
  readonly budget: number;
  readonly left: number;
  /** Share of the budget that is used up: above 1 the promise is broken. */
  readonly burn: number;
}

/** What is reported of, and when the target was watched in it, oldest first. */
export interface WatchedTime {
  readonly span: TimeSpan;
  readonly watched: readonly TimeSpan[];
}

/**
 * @param periodsOfIncident the periods of an incident; those of its timeline by default
 */
export function uptimeOf(
  target: string,
  incidents: readonly Incident[],
  { span, watched }: WatchedTime,
  slo: number | null,
  periodsOfIncident: (incident: Incident, now: number) => readonly VerdictPeriod[] = verdictPeriods,
): Uptime {
  const until = watched.at(-1)?.to ?? span.from;
  const stories = incidents.map((incident) => storyOf(incident, periodsOfIncident(incident, until), watched));
  const periods = stories.flatMap((story) => story.periods);
  const down = timeIn(periods, 'down');
  const unknown = timeIn(periods, 'unknown');
  const length = watched.reduce((sum, { from, to }) => sum + to - from, 0);
  const judged = length - unknown;
  const downs = stories
    .map((story) => ({ ...story, down: timeIn(story.periods, 'down') }))
    .filter((story) => story.down > 0);
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
    toDetect: mean(downs.flatMap(({ incident }) => detection(incident))),
    toRepair: mean(downs.flatMap(({ incident, over }) => (over === null ? [] : [over - Date.parse(incident.opened)]))),
    worstHours: worstHours(periods),
  };
}

/** An incident as it is reported: the part of its periods that was watched, and when it was over. */
interface Story {
  readonly incident: Incident;
  readonly periods: readonly VerdictPeriod[];
  readonly over: number | null;
}

function storyOf(incident: Incident, periods: readonly VerdictPeriod[], watched: readonly TimeSpan[]): Story {
  return { incident, periods: clipToSpans(periods, watched), over: endOf(incident, periods) };
}

/** Its last recovery: it is up already when it is closed where it flapped, and was watched for a while. */
function endOf({ closed }: Incident, periods: readonly VerdictPeriod[]): number | null {
  if (closed === null) return null;
  const last = periods.at(-1);
  return last?.verdict === 'up' ? last.from : Date.parse(closed);
}

function outageOf({ incident, over, down }: Story & { readonly down: number }): Outage {
  const { id, opened, witnesses } = incident;
  const [first] = witnesses;
  const failure = [first?.phase, first?.code].filter(Boolean).join(' ');
  return { id, from: Date.parse(opened), to: over, down, failure };
}

function objectiveOf(slo: number, judged: number, down: number): Objective {
  const budget = judged * (1 - slo / 100);
  return {
    slo,
    budget: Math.round(budget),
    left: Math.round(budget - down),
    burn: budget > 0 ? down / budget : down > 0 ? Number.POSITIVE_INFINITY : 0,
  };
}

/** From the first failure until the timeline says `down`. */
function detection({ opened, timeline }: Incident): readonly number[] {
  const decided = timeline.find(({ what }) => what.startsWith('down: '));
  return decided === undefined ? [] : [Math.max(0, Date.parse(decided.at) - Date.parse(opened))];
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
