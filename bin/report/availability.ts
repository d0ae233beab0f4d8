import type { Incident } from '../../lambda/consensus/incident.ts';
import type { Span } from '../recent.ts';
import { type Spell, spellsOf, timeIn, within } from './spells.ts';

const HOUR = 3_600_000;

/** How a target did in a time, by the quorum's verdict. Every length is in milliseconds. */
export interface Availability {
  readonly target: string;
  /** Epoch milliseconds. Null where the target was not watched in this time. */
  readonly watched: { readonly from: number; readonly to: number } | null;
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
  /** Mean time from the first failure until the end; null without an outage that ended. */
  readonly toRepair: number | null;
  readonly outageList: readonly Outage[];
  /** The time under any verdict but `up`. */
  readonly spells: readonly Spell[];
  /** The hours with the most downtime, worst first, three at most. */
  readonly worstHours: readonly { readonly from: number; readonly down: number }[];
}

/** An incident that was `down` at some time; epoch milliseconds. */
export interface Outage {
  readonly id: string;
  /** Its first failure. */
  readonly from: number;
  /** Null while it lasts. */
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

/**
 * @param watched where the history of the target begins and ends in this time
 * @param spellsIn the spells of an incident; those of its timeline by default
 */
export function availabilityOf(
  target: string,
  incidents: readonly Incident[],
  watched: Span | null,
  slo: number | null,
  spellsIn: (incident: Incident, now: number) => readonly Spell[] = spellsOf,
): Availability {
  const { from, to } = watched ?? { from: 0, to: 0 };
  const stories = incidents.map((incident) => ({ incident, spells: within(spellsIn(incident, to), from, to) }));
  const spells = stories.flatMap((story) => story.spells);
  const down = timeIn(spells, 'down');
  const unknown = timeIn(spells, 'unknown');
  const judged = to - from - unknown;
  const downs = stories
    .map((story) => ({ ...story, down: timeIn(story.spells, 'down') }))
    .filter(({ down: length }) => length > 0);
  const outages = downs.map(({ incident }) => incident);
  return {
    target,
    watched,
    down,
    degraded: timeIn(spells, 'degraded'),
    unknown,
    uptime: judged > 0 ? (1 - down / judged) * 100 : null,
    objective: slo === null || watched === null ? null : objectiveOf(slo, judged, down),
    outages: outages.length,
    outageList: downs.map(({ incident, down: length }) => outageOf(incident, length)),
    spells: spells.filter(({ verdict }) => verdict !== 'up'),
    toDetect: mean(outages.flatMap(detection)),
    toRepair: mean(outages.flatMap(({ opened, closed }) => (closed ? [Date.parse(closed) - Date.parse(opened)] : []))),
    worstHours: worstHours(spells),
  };
}

function outageOf({ id, opened, closed, witnesses }: Incident, down: number): Outage {
  const [first] = witnesses;
  const failure = [first?.phase, first?.code].filter(Boolean).join(' ');
  return { id, from: Date.parse(opened), to: closed === null ? null : Date.parse(closed), down, failure };
}

function objectiveOf(slo: number, judged: number, down: number): Objective {
  const budget = judged * (1 - slo / 100);
  return {
    slo,
    budget,
    left: budget - down,
    burn: budget > 0 ? down / budget : down > 0 ? Number.POSITIVE_INFINITY : 0,
  };
}

/** From the first failure until the timeline says `down`. */
function detection({ opened, timeline }: Incident): readonly number[] {
  const decided = timeline.find(({ what }) => what.startsWith('down: '));
  return decided === undefined ? [] : [Math.max(0, Date.parse(decided.at) - Date.parse(opened))];
}

function mean(lengths: readonly number[]): number | null {
  return lengths.length === 0 ? null : lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

function worstHours(spells: readonly Spell[]): Availability['worstHours'] {
  const downs = spells.filter(({ verdict }) => verdict === 'down');
  const hours = new Set(downs.flatMap(({ from, to }) => hoursOf(from, to)));
  return [...hours]
    .map((from) => ({ from, down: timeIn(within(downs, from, from + HOUR), 'down') }))
    .sort((a, b) => b.down - a.down || a.from - b.from)
    .slice(0, 3);
}

function hoursOf(from: number, to: number): readonly number[] {
  const first = Math.floor(from / HOUR);
  return Array.from({ length: Math.ceil(to / HOUR) - first }, (_, at) => (first + at) * HOUR);
}
