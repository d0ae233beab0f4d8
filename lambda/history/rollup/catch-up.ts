/**
 * Catches up with the rollup: finds the hours and days that are left, rolls them up in order, and stores the progress.
 */

import { dayOf, hourName, nextHour, startOfHour } from './hour-and-day-names.ts';
import type { Gap, PendingDay, RollupLease, RollupProgress } from './progress.ts';
import type { HourReport, Rollup } from './roll-up-hours-and-days.ts';

export interface RollupReport {
  /** `busy`: another rollup holds the lease. `out of time`: hours or days are left for the next run. */
  readonly ended: 'done' | 'busy' | 'out of time';
  readonly hours: readonly string[];
  /** Items written. */
  readonly written: number;
  /** Hours that were not rolled up before their rounds expired. */
  readonly gaps: readonly Gap[];
}

interface CatchUpRequest {
  readonly vantages: readonly string[];
  readonly deadline: number;
  readonly now: () => number;
  readonly roundDays: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Targets whose day is written before the progress is stored: a few seconds of work. */
const targetsAtOnce = 200;

/**
 * Rolls up every hour since the last run, oldest first. The last hour is rolled up again, for late rounds and for rounds
 * that an eventually consistent read missed; such a read costs half. The last hour of a day, or of the time before a gap,
 * adds its day to the pending days: a day of thousands of targets may take several runs.
 */
export async function catchUp(rollup: Rollup, lease: RollupLease, request: CatchUpRequest): Promise<RollupReport> {
  const work = { ...request, vantages: withRemovedVantages(request.vantages, lease.progress()) };
  const { hours, again, gaps } = await planHours(rollup, lease.progress(), work);
  const [gap] = gaps;
  if (gap !== undefined) await lease.advance(afterGap(lease.progress(), gap));
  let written = again === null ? 0 : await repeatHour(rollup, lease, again, work);
  const done: string[] = [];
  const report = (ended: RollupReport['ended']) => ({ ended, hours: done, written, gaps });

  for (const hour of [...hours, null]) {
    const { days } = lease.progress();
    for (const day of days) written += await rollUpDay(rollup, lease, day, work);
    if (lease.progress().days.length > 0) return report('out of time');
    if (hour === null) break;
    if (work.now() >= work.deadline) return report('out of time');
    written += await rollUpHour(rollup, lease, hour, work);
    done.push(hour);
  }
  return report('done');
}

/** Includes vantages that were removed from the config, until an hour has no rounds of them. */
function withRemovedVantages(vantages: readonly string[], { rounds }: RollupProgress): readonly string[] {
  return [...new Set([...vantages, ...Object.keys(rounds)])];
}

async function rollUpHour(
  rollup: Rollup,
  lease: RollupLease,
  hour: string,
  { vantages }: CatchUpRequest,
): Promise<number> {
  const report = await rollup.hour(hour, vantages);
  await lease.advance(afterHour(lease.progress(), hour, report));
  return report.written;
}

async function repeatHour(
  rollup: Rollup,
  lease: RollupLease,
  hour: string,
  { vantages }: CatchUpRequest,
): Promise<number> {
  const report = await rollup.hour(hour, vantages, lease.progress().rounds);
  if (report.written > 0) await lease.advance(afterHour(lease.progress(), hour, report));
  return report.written;
}

/** Continues a day after its last written target. Stores the progress after every few targets. */
async function rollUpDay(
  rollup: Rollup,
  lease: RollupLease,
  { date, after }: PendingDay,
  { now, deadline }: CatchUpRequest,
): Promise<number> {
  const left = (await rollup.targetsOf(date)).filter((target) => after === null || target > after);
  const others = () => lease.progress().days.filter((day) => day.date !== date);
  let written = 0;
  while (written < left.length) {
    if (now() >= deadline) return written;
    const some = left.slice(written, written + targetsAtOnce);
    written += await rollup.day(date, some);
    await lease.advance({ ...lease.progress(), days: [{ date, after: some.at(-1) ?? after }, ...others()] });
  }
  await lease.advance({ ...lease.progress(), days: others() });
  return written;
}

function afterHour({ gaps, days }: RollupProgress, hour: string, report: HourReport): RollupProgress {
  const rounds = Object.fromEntries(Object.entries(report.rounds).filter(([, count]) => count > 0));
  return { through: hour, rounds, gaps, days: hour.endsWith('T23') ? addPendingDay(days, dayOf(hour)) : days };
}

/** Adds the day in which a gap begins, because no later hour would. Days within a gap have nothing to write. */
function afterGap({ gaps, days }: RollupProgress, gap: Gap): RollupProgress {
  const [first, next] = [dayOf(gap.from), dayOf(nextHour(gap.to))];
  return {
    through: gap.to,
    rounds: {},
    gaps: [...gaps, gap],
    days: first === next ? days : addPendingDay(days, first),
  };
}

/** The day starts again from its first target, even if part of it was written: one of its hours has changed. */
function addPendingDay(days: readonly PendingDay[], date: string): readonly PendingDay[] {
  return [...days.filter((day) => day.date !== date), { date, after: null }];
}

interface Plan {
  readonly hours: readonly string[];
  /** The last rolled-up hour, if none of its rounds has expired: from fewer rounds it would lose samples. */
  readonly again: string | null;
  readonly gaps: readonly Gap[];
}

async function planHours(
  rollup: Rollup,
  { through }: RollupProgress,
  { vantages, now, roundDays }: CatchUpRequest,
): Promise<Plan> {
  const oldest = hourName(now() - roundDays * dayMs);
  const last = hourName(now() - hourMs);
  const next = through === null ? await rollup.firstHour(vantages) : nextHour(through);
  if (next === null) return { hours: [], again: null, gaps: [] };
  const tooLate = next < oldest;
  return {
    hours: hoursFrom(tooLate ? oldest : next, last),
    again: through !== null && through > oldest ? through : null,
    gaps: tooLate ? [{ from: next, to: hourName(Date.parse(startOfHour(oldest)) - hourMs) }] : [],
  };
}

function hoursFrom(first: string, last: string): readonly string[] {
  const hours: string[] = [];
  for (let hour = first; hour <= last; hour = nextHour(hour)) hours.push(hour);
  return hours;
}
