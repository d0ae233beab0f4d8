import type { Incident } from '../../consensus/judgement/incident.ts';
import { freshSeconds, type Policy } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Gap } from '../../history/rollup/progress.ts';
import { inParallel } from '../../history/table/parallel.ts';
import { plannedOf, readPlannedTimes } from '../planned/planned-times.ts';
import { historyPolicy } from '../replay/configured-or-guessed-policy.ts';
import { incidentsIn, readIncidents } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readRounds, roundSpan, type TimeSpan } from '../source/rounds.ts';
import { gapsWithin } from '../source/select-gaps-in-range.ts';
import { observedTime, type Stretch, type VerdictPeriod } from '../source/up-down-unwatched.ts';
import { readWatchRecords, type WatchRecord } from '../source/watch-records.ts';
import { replayedPeriods } from './replayed-periods.ts';
import { type Uptime, uptimeOf } from './uptime.ts';

const HOUR = 3_600_000;
/** Targets that are queried in parallel. */
const PARALLEL = 16;

/** The uptime of targets in a time span. */
export interface UptimeReport {
  readonly span: TimeSpan;
  /** Hours that the history lost permanently. */
  readonly gaps: readonly Gap[];
  readonly targets: readonly Uptime[];
  /** By target: those that lasted within the span, newest first. */
  readonly incidents: ReadonlyMap<string, readonly Incident[]>;
}

/**
 * @param slo objective for all targets in percent; null for the `slo` of each target in the config
 * @param latency whether to read latencies, too
 */
export async function readUptimeReport(
  source: ReportSource,
  targetIds: readonly string[],
  span: TimeSpan,
  slo: number | null,
  latency = true,
): Promise<UptimeReport> {
  const gaps = gapsWithin(await source.history.gaps(), isoSeconds(span.from), isoSeconds(span.to));
  const [observed, planned] = await Promise.all([
    readObservations(source, targetIds, span, latency),
    readPlannedTimes(source, span),
  ]);
  const targets = observed.map(({ target, incidents, record, periods }) => {
    const objective = slo ?? objectiveOf(source, target);
    const watched = { span, ...record, planned: plannedOf(planned, target) };
    return uptimeOf(target, incidents, watched, objective, ({ id }) => periods.get(id) ?? []);
  });
  return { span, gaps, targets, incidents: new Map(observed.map(({ target, incidents }) => [target, incidents])) };
}

/** What the history has of a target in a span. */
interface Observation {
  readonly target: string;
  readonly record: WatchRecord;
  /** Those that overlap the span, newest first. */
  readonly incidents: readonly Incident[];
  /** The verdict periods of each incident, by its id. */
  readonly periods: ReadonlyMap<string, readonly VerdictPeriod[]>;
}

async function readObservations(
  source: ReportSource,
  targets: readonly string[],
  span: TimeSpan,
  latency: boolean,
): Promise<readonly Observation[]> {
  const rounds = await roundSpan(source, isoSeconds(span.from), isoSeconds(span.to));
  const policy = historyPolicy(
    source,
    await readRounds(source, isoSeconds((rounds?.to ?? span.to) - HOUR), isoSeconds(span.to)),
  );
  const records = await readWatchRecords({ ...source, targets }, { span, older: freshSeconds(policy), latency });
  return inParallel(targets, PARALLEL, async (target) => {
    const record = records.get(target) ?? NOTHING;
    const incidents = incidentsIn(await readIncidents(source, [target]), span);
    const periods = await periodsById(source, policy, incidents, record.watched.at(-1)?.to ?? span.to);
    return { target, record, incidents, periods };
  });
}

const NOTHING: WatchRecord = { watched: [], latency: null };

/** When a target was up, down and unwatched, and when there was a fresh sample of it. */
export interface ObservedTarget {
  readonly stretches: readonly Stretch[];
  readonly watched: readonly TimeSpan[];
}

/** When each of these targets was up, down and unwatched in a span. */
export async function readObservedTimes(
  source: ReportSource,
  targets: readonly string[],
  span: TimeSpan,
): Promise<ReadonlyMap<string, ObservedTarget>> {
  const observed = await readObservations(source, targets, span, false);
  return new Map(
    observed.map(({ target, record: { watched }, periods }) => {
      return [target, { watched, stretches: observedTime(span, watched, [...periods.values()].flat()) }];
    }),
  );
}

/** When a target was up, down and unwatched in a span. */
export async function readObservedTime(
  source: ReportSource,
  target: string,
  span: TimeSpan,
): Promise<readonly Stretch[]> {
  return (await readObservedTimes(source, [target], span)).get(target)?.stretches ?? [];
}

function objectiveOf({ config }: ReportSource, target: string): number | null {
  return config?.targets.find(({ id }) => id === target)?.slo ?? null;
}

async function periodsById(
  source: ReportSource,
  policy: Policy,
  incidents: readonly Incident[],
  now: number,
): Promise<ReadonlyMap<string, readonly VerdictPeriod[]>> {
  const pairs = incidents.map(async (incident) => {
    return [incident.id, await replayedPeriods(source, policy, incident, now)] as const;
  });
  return new Map(await Promise.all(pairs));
}
