import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Policy } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Gap } from '../../history/rollup/progress.ts';
import { historyPolicy } from '../replay/history-policy.ts';
import { gapsWithin } from '../source/gaps.ts';
import { readIncidents } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readRounds, roundSpan, type TimeSpan } from '../source/rounds.ts';
import { replayedPeriods } from './replayed-periods.ts';
import { type Uptime, uptimeOf } from './uptime.ts';
import type { VerdictPeriod } from './verdict-periods.ts';
import { watchedSpans } from './watched-time.ts';

const HOUR = 3_600_000;

/** The uptime of targets in a month. */
export interface MonthReport {
  /** `2026-10`. */
  readonly month: string;
  /** Hours that the history lost permanently. */
  readonly gaps: readonly Gap[];
  readonly targets: readonly Uptime[];
}

/** @param slo objective for all targets in percent; null for the `slo` of each target in the config */
export async function readMonthReport(
  source: ReportSource,
  targetIds: readonly string[],
  month: string,
  span: TimeSpan,
  slo: number | null,
): Promise<MonthReport> {
  const rounds = await roundSpan(source, isoSeconds(span.from), isoSeconds(span.to));
  const policy = historyPolicy(
    source,
    await readRounds(source, isoSeconds((rounds?.to ?? span.to) - HOUR), isoSeconds(span.to)),
  );
  const spans = await watchedSpans(source, span, rounds, policy.every);
  const gaps = gapsWithin(await source.history.gaps(), isoSeconds(span.from), isoSeconds(span.to));
  const targets = await Promise.all(
    targetIds.map(async (target) => {
      const watched = spans.get(target) ?? [];
      const incidents = (await readIncidents(source, [target])).filter((incident) => overlaps(incident, span));
      const periods = await periodsById(source, policy, incidents, watched.at(-1)?.to ?? span.to);
      return uptimeOf(
        target,
        incidents,
        { span, watched },
        slo ?? objectiveOf(source, target),
        ({ id }) => periods.get(id) ?? [],
      );
    }),
  );
  return { month, gaps, targets };
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
