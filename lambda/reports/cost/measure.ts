import type { Target } from '../../config/config.ts';
import type { Policy } from '../../consensus/judgement/policy.ts';
import { voteWindow } from '../../consensus/judgement/policy.ts';
import type { Round } from '../../history/packing/recorded-sample.ts';
import { itemSize, writeUnits } from '../../history/table/item-size.ts';
import { roundKey, targetKey, verdictsKey } from '../../history/table/keys.ts';
import type { Item, Table } from '../../history/table/table.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { Measurement } from './bill.ts';
import { EVENTUAL_READ_SHARE, PROCESSOR_MS } from './prices.ts';

/** Rounds of each vantage that are looked at: enough for a mean, and cheap to read. */
const LOOKED_AT = 60;

const READ_UNIT = 4096;

/**
 * What a round weighs and how long it takes, from the newest rounds of the history. Null where there are none. Rounds of
 * AWS were taken on a function's share of a processor; for those of this machine the work comes on top.
 */
export async function measureHistory(
  source: ReportSource,
  policy: Policy,
  recent: readonly Round[],
  onAws: boolean,
): Promise<Measurement | null> {
  const { table, config } = source;
  // Second opinions are small rounds between the others: they are not what a month is made of.
  const due = (round: string) => Date.parse(round) % policy.every === 0;
  const rounds = recent.filter(({ round }) => due(round));
  const items = (await newestItems(source)).filter(({ sk }) => due(sk.split('#')[0] ?? ''));
  if (items.length === 0 || rounds.length === 0) return null;
  const heads = items.filter(({ sk }) => !sk.includes('#'));
  const targets = unique(rounds.flatMap(({ samples }) => [...samples.keys()]));
  const vantages = unique(rounds.map(({ vantage }) => vantage));
  const verdicts = await table.query(verdictsKey);
  const window = Math.ceil(voteWindow(policy) / policy.every);
  const bytes = sum(items.map(itemSize)) / heads.length;
  return {
    targets: targets.length,
    vantages: vantages.length,
    staggered: policy.stagger,
    every: policy.every,
    rounds: heads.length,
    writeUnits: sum(items.map(writeUnits)) / heads.length,
    bytes,
    probe: {
      waiting: sum(rounds.map(slowestOf)) / rounds.length,
      work: onAws ? 0 : targets.length * PROCESSOR_MS.session,
    },
    judge: { waiting: 0, work: targets.length * vantages.length * PROCESSOR_MS.judgedSample },
    // A scheduled pass reads rounds for half the price, and verdicts as they are.
    judgeReadUnits: vantages.length * units(window * bytes) * EVENTUAL_READ_SHARE + units(sum(verdicts.map(itemSize))),
    hour: await newestHour(table, targets),
    secrets: unique((config?.targets ?? []).flatMap(secretOf)).length,
  };
}

/** An hour item holds the hour's samples: where there are fewer rounds, it is smaller. */
export function withRoundLength({ hour, ...found }: Measurement, every: number): Measurement {
  const share = found.every / every;
  const scaled = hour && { writeUnits: Math.max(1, hour.writeUnits * share), bytes: hour.bytes * share };
  return { ...found, every, hour: scaled };
}

async function newestItems({ table, vantages }: ReportSource): Promise<readonly Item[]> {
  const newest = { newestFirst: true, limit: LOOKED_AT };
  return (await Promise.all(vantages.map((vantage) => table.query(roundKey.pk(vantage), newest)))).flat();
}

/** The mean of the newest hours: of some targets, for one is like another. */
async function newestHour(table: Table, targets: readonly string[]): Promise<Measurement['hour']> {
  const range = { from: targetKey.hour(''), to: targetKey.hour('\uffff'), newestFirst: true, limit: 1 };
  const some = targets.slice(0, LOOKED_AT);
  const hours = (await Promise.all(some.map((target) => table.query(targetKey.pk(target), range)))).flat();
  if (hours.length === 0) return null;
  return { writeUnits: sum(hours.map(writeUnits)) / hours.length, bytes: sum(hours.map(itemSize)) / hours.length };
}

function secretOf({ auth }: Target): readonly string[] {
  return auth !== undefined && 'secret' in auth.password ? [auth.password.secret] : [];
}

function unique<One>(all: readonly One[]): readonly One[] {
  return [...new Set(all)];
}

function slowestOf({ samples }: Round): number {
  return [...samples.values()].reduce(
    (slowest, { total, timings }) => Math.max(slowest, total + (timings.quit ?? 0)),
    0,
  );
}

/** Strongly consistent read units of so many bytes in one query. */
function units(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
