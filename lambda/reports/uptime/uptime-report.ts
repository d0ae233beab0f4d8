import type { Incident } from '../../consensus/judgement/incident.ts';
import { freshSeconds, type Policy } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Gap } from '../../history/rollup/progress.ts';
import { historyPolicy } from '../replay/configured-or-guessed-policy.ts';
import { readIncidents } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readRounds, roundSpan, type TimeSpan } from '../source/rounds.ts';
import { gapsWithin } from '../source/select-gaps-in-range.ts';
import { observedTime, type Stretch, type VerdictPeriod } from '../source/up-down-unwatched.ts';
import { readWatchRecords } from '../source/watch-records.ts';
import { replayedPeriods } from './replayed-periods.ts';
import { type Uptime, uptimeOf } from './uptime.ts';

const HOUR = 3_600_000;

/** The uptime of targets in a time span. */
export interface UptimeReport {
  readonly span: TimeSpan;
  /** Hours that the history lost permanently. */
  readonly gaps: readonly Gap[];
  readonly targets: readonly Uptime[];
}

/** @param slo objective for all targets in percent; null for the `slo` of each target in the config */
export async function readUptimeReport(
  source: ReportSource,
  targetIds: readonly string[],
  span: TimeSpan,
  slo: number | null,
): Promise<UptimeReport> {
  const { policy, records } = await readWatch(source, targetIds, span);
  const gaps = gapsWithin(await source.history.gaps(), isoSeconds(span.from), isoSeconds(span.to));
  const targets = await Promise.all(
    targetIds.map(async (target) => {
      const record = records.get(target) ?? { watched: [], latency: null };
      const incidents = (await readIncidents(source, [target])).filter((incident) => overlaps(incident, span));
      const periods = await periodsById(source, policy, incidents, record.watched.at(-1)?.to ?? span.to);
      return uptimeOf(
        target,
        incidents,
        { span, ...record },
        slo ?? objectiveOf(source, target),
        ({ id }) => periods.get(id) ?? [],
      );
    }),
  );
  return { span, gaps, targets };
}

/** What the history has of the targets in a span, and the policy of its end. */
async function readWatch(source: ReportSource, targets: readonly string[], span: TimeSpan) {
  const rounds = await roundSpan(source, isoSeconds(span.from), isoSeconds(span.to));
  const policy = historyPolicy(
    source,
    await readRounds(source, isoSeconds((rounds?.to ?? span.to) - HOUR), isoSeconds(span.to)),
  );
  const older = freshSeconds(policy);
  return { policy, records: await readWatchRecords({ ...source, targets }, span, rounds, older) };
}

/** When a target was up, down and unwatched in a span. */
export async function readObservedTime(
  source: ReportSource,
  target: string,
  span: TimeSpan,
): Promise<readonly Stretch[]> {
  const { policy, records } = await readWatch(source, [target], span);
  const watched = records.get(target)?.watched ?? [];
  const incidents = (await readIncidents(source, [target])).filter((incident) => overlaps(incident, span));
  const periods = await periodsById(source, policy, incidents, watched.at(-1)?.to ?? span.to);
  return observedTime(span, watched, [...periods.values()].flat());
}

function objectiveOf({ config }: ReportSource, target: string): number | null {
  return config?.targets.find(({ id }) => id === target)?.slo ?? null;
}

function overlaps({ opened, closed }: Incident, { from, to }: TimeSpan): boolean {
  return Date.parse(opened) < to && (closed === null || Date.parse(closed) > from);
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
