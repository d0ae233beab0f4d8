/** How the rollup catches up: which hours and days are left, in which order, and what is noted of it on the way. */

import { dayOf, hourName, nextHour, startOfHour } from './hour-names.ts';
import type { HourReport, Rollup } from './hour-rollup.ts';
import type { Gap, PendingDay, RollupLease, RollupProgress } from './progress.ts';

export interface RollupReport {
  /** `busy`: another works on it. `out of time`: hours or days are left for the next run. */
  readonly ended: 'done' | 'busy' | 'out of time';
  readonly hours: readonly string[];
  /** Items written. */
  readonly written: number;
  /** Hours that ended unrolled so long ago that their rounds, if there were any, have expired. */
  readonly gaps: readonly Gap[];
}

interface Catch {
  readonly vantages: readonly string[];
  readonly deadline: number;
  readonly now: () => number;
  readonly roundDays: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Targets whose day is written before it is noted how far that has come: a few seconds of work. */
const targetsAtOnce = 200;

/**
 * Every hour since the last time, oldest first; the last one again, for late rounds, and for what a read that may be a
 * moment behind has missed: it costs half. With the hour that ends a day, or that a gap follows on, its day is owed: a day
 * of thousands of targets is much work, and may be shared by several runs.
 */
export async function catchUp(rollup: Rollup, turn: RollupLease, wanted: Catch): Promise<RollupReport> {
  const work = { ...wanted, vantages: withLeavers(wanted.vantages, turn.progress()) };
  const { hours, again, gaps } = await plan(rollup, turn.progress(), work);
  const [gap] = gaps;
  if (gap !== undefined) await turn.advance(passedOver(turn.progress(), gap));
  let written = again === null ? 0 : await redo(rollup, turn, again, work);
  const done: string[] = [];
  const report = (ended: RollupReport['ended']) => ({ ended, hours: done, written, gaps });

  for (const hour of [...hours, null]) {
    const { days } = turn.progress();
    for (const day of days) written += await fillDay(rollup, turn, day, work);
    if (turn.progress().days.length > 0) return report('out of time');
    if (hour === null) break;
    if (work.now() >= work.deadline) return report('out of time');
    written += await fillHour(rollup, turn, hour, work);
    done.push(hour);
  }
  return report('done');
}

/** A vantage that has left the config still has rounds in the hours when it did: until an hour has none of it. */
function withLeavers(vantages: readonly string[], { rounds }: RollupProgress): readonly string[] {
  return [...new Set([...vantages, ...Object.keys(rounds)])];
}

async function fillHour(rollup: Rollup, turn: RollupLease, hour: string, { vantages }: Catch): Promise<number> {
  const report = await rollup.hour(hour, vantages);
  await turn.advance(rolledUp(turn.progress(), hour, report));
  return report.written;
}

async function redo(rollup: Rollup, turn: RollupLease, hour: string, { vantages }: Catch): Promise<number> {
  const report = await rollup.hour(hour, vantages, turn.progress().rounds);
  if (report.written > 0) await turn.advance(rolledUp(turn.progress(), hour, report));
  return report.written;
}

/** A day from where it was left; what is written of it is noted after every few targets. */
async function fillDay(
  rollup: Rollup,
  turn: RollupLease,
  { date, after }: PendingDay,
  { now, deadline }: Catch,
): Promise<number> {
  const left = (await rollup.targetsOf(date)).filter((target) => after === null || target > after);
  const others = () => turn.progress().days.filter((day) => day.date !== date);
  let written = 0;
  while (written < left.length) {
    if (now() >= deadline) return written;
    const some = left.slice(written, written + targetsAtOnce);
    written += await rollup.day(date, some);
    await turn.advance({ ...turn.progress(), days: [{ date, after: some.at(-1) ?? after }, ...others()] });
  }
  await turn.advance({ ...turn.progress(), days: others() });
  return written;
}

function rolledUp({ gaps, days }: RollupProgress, hour: string, report: HourReport): RollupProgress {
  const rounds = Object.fromEntries(Object.entries(report.rounds).filter(([, count]) => count > 0));
  return { through: hour, rounds, gaps, days: hour.endsWith('T23') ? owing(days, dayOf(hour)) : days };
}

/** The day in which a gap begins ends there: no later hour would write it. Days within a gap have nothing to write. */
function passedOver({ gaps, days }: RollupProgress, gap: Gap): RollupProgress {
  const [first, next] = [dayOf(gap.from), dayOf(nextHour(gap.to))];
  return { through: gap.to, rounds: {}, gaps: [...gaps, gap], days: first === next ? days : owing(days, first) };
}

/** From its first target on, even where some of it was written before: an hour of it is another now. */
function owing(days: readonly PendingDay[], date: string): readonly PendingDay[] {
  return [...days.filter((day) => day.date !== date), { date, after: null }];
}

interface Plan {
  readonly hours: readonly string[];
  /** The last hour that was done, while all of its rounds are kept: rolled up from fewer, it would lose samples. */
  readonly again: string | null;
  readonly gaps: readonly Gap[];
}

async function plan(rollup: Rollup, { through }: RollupProgress, { vantages, now, roundDays }: Catch): Promise<Plan> {
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
