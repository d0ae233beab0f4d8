/** Planned time in reports: windows and mutes as they were in force, whatever the config says now. */
import type { PlannedTime } from '../../calendar/planned-time.ts';
import type { Incident } from '../../consensus/judgement/incident.ts';
import { clipSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { openWindowStore } from '../../history/windows/window-store.ts';
import type { ReportSource } from '../source/report-source.ts';
import {
  clipStretches,
  type ObservedTimes,
  observedTimes,
  type Stretch,
  spansWithout,
  uptimeShare,
} from '../source/up-down-unwatched.ts';

/** The planned time of a target within a report; lengths in milliseconds. It is a part of its `up`, `down` and `unwatched`. */
export interface PlannedFigures extends ObservedTimes {
  /** Percent of the watched time outside of it in which the target was not `down`; null if it was not watched. */
  readonly uptimeOutside: number | null;
  /** What was planned, oldest first; not cut off at the report. */
  readonly times: readonly PlannedSpan[];
}

export interface PlannedSpan extends TimeSpan, Pick<PlannedTime, 'kind' | 'id' | 'why'> {}

/** What was in force between two times; epoch milliseconds. */
export async function readPlannedTimes(
  { table }: Pick<ReportSource, 'table'>,
  { from, to }: TimeSpan,
): Promise<readonly PlannedTime[]> {
  return await openWindowStore(table).plannedTimes(from, to);
}

/** What was planned of a target, a domain or a round trip. */
export function plannedOf(planned: readonly PlannedTime[], subject: string): readonly PlannedSpan[] {
  return planned
    .filter(({ subjects }) => subjects === null || subjects.includes(subject))
    .map(({ kind, id, why, from, until }) => ({ kind, id, why, from, to: until }));
}

/** Reads in which window or mute each of these incidents opened. */
export async function readPlannedOf(
  source: Pick<ReportSource, 'table'>,
  incidents: readonly Incident[],
): Promise<(incident: Incident) => PlannedSpan | null> {
  const opened = incidents.map((incident) => Date.parse(incident.opened));
  if (opened.length === 0) return () => null;
  const [from, to] = [opened.reduce((a, b) => Math.min(a, b)), opened.reduce((a, b) => Math.max(a, b)) + 1];
  const planned = await readPlannedTimes(source, { from, to });
  return (incident) => plannedAtOpening(planned, incident);
}

/** For a JSON document of an incident; nothing if nothing was planned. */
export function plannedField(planned: PlannedSpan | null): { planned?: Pick<PlannedSpan, 'kind' | 'id' | 'why'> } {
  if (planned === null) return {};
  const { kind, id, why } = planned;
  return { planned: { kind, id, why } };
}

/** What was planned when an incident opened; null if nothing was. */
export function plannedAtOpening(
  planned: readonly PlannedTime[],
  { target, opened }: Pick<Incident, 'target' | 'opened'>,
): PlannedSpan | null {
  return plannedWhen(plannedOf(planned, target), Date.parse(opened));
}

export function plannedWhen(planned: readonly PlannedSpan[], at: number): PlannedSpan | null {
  return planned.find(({ from, to }) => from <= at && to > at) ?? null;
}

/** @param stretches the whole span of a report, divided */
export function plannedFigures(
  stretches: readonly Stretch[],
  span: TimeSpan,
  times: readonly PlannedSpan[],
): PlannedFigures | null {
  const planned = mergeSpans(times).flatMap((one) => clipSpans([wholeSeconds(one)], wholeSeconds(span)));
  if (planned.length === 0) return null;
  const outside = spansWithout([wholeSeconds(span)], planned);
  const within = (spans: readonly TimeSpan[]) => observedTimes(spans.flatMap((one) => clipStretches(stretches, one)));
  return { ...within(planned), uptimeOutside: uptimeShare(within(outside)), times };
}

function wholeSeconds({ from, to }: TimeSpan): TimeSpan {
  const second = (at: number) => Math.floor(at / 1000) * 1000;
  return { from: second(from), to: second(to) };
}
