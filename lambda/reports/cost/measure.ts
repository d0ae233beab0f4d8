import type { Target } from '../../config/config.ts';
import type { Policy } from '../../consensus/judgement/policy.ts';
import { readWindow } from '../../consensus/judgement/policy.ts';
import type { Round } from '../../history/packing/recorded-round.ts';
import { itemSize, writeUnits } from '../../history/table/item-size.ts';
import { roundKey, targetKey, verdictsKey } from '../../history/table/keys.ts';
import type { Item, Table } from '../../history/table/table.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { Measurement } from './bill.ts';
import { fleetsOf } from './fleets.ts';
import { EVENTUAL_READ_SHARE, PROCESSOR_MS } from './prices.ts';

/** Rounds of each vantage to measure: enough for a mean, and cheap to read. */
const MEASURED_ROUNDS = 60;

const READ_UNIT = 4096;

/**
 * The size and duration of a round, as means of the newest rounds of the history. Null if there are none. Rounds on AWS ran on
 * the processor share of a function, so their duration includes the work; for local rounds the work is added.
 */
export async function measureHistory(
  source: ReportSource,
  policy: Policy,
  recent: readonly Round[],
  onAws: boolean,
): Promise<Measurement | null> {
  const { table, config } = source;
  // Excludes second opinions, which are small rounds between the scheduled ones.
  const isScheduled = (round: string) => Date.parse(round) % policy.every === 0;
  const rounds = recent.filter(({ round }) => isScheduled(round));
  const items = (await newestItems(source)).filter(({ sk }) => isScheduled(sk.split('#')[0] ?? ''));
  if (items.length === 0 || rounds.length === 0) return null;
  const heads = items.filter(({ sk }) => !sk.includes('#'));
  const targets = unique(rounds.flatMap(({ samples }) => [...samples.keys()]));
  const vantages = unique(rounds.map(({ vantage }) => vantage));
  const verdicts = await table.query(verdictsKey);
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
    judgeReadUnits: judgeReadUnits(policy, vantages.length, bytes, sum(verdicts.map(itemSize))),
    hour: await newestHour(table, targets),
    secrets: secretsOf(config?.targets ?? []).length,
    ...(config ? fleetsOf(config) : {}),
  };
}

/** Of the mutes and of the open notifications: a query of a few items, or of none, costs one strongly consistent read each. */
const ROUTING_UNITS = 2;

/** A scheduled pass reads rounds eventually consistent, at half the price, and verdicts strongly consistent. */
export function judgeReadUnits(policy: Policy, vantages: number, bytes: number, verdictBytes: number): number {
  const window = Math.ceil(readWindow(policy) / policy.every);
  return vantages * units(window * bytes) * EVENTUAL_READ_SHARE + units(verdictBytes) + ROUTING_UNITS;
}

/** Secrets in AWS Secrets Manager, each once. */
export function secretsOf(targets: readonly Target[]): readonly string[] {
  return unique(targets.flatMap(secretOf));
}

/** The measurement for another round length. An hour item holds the samples of the hour, so it shrinks with fewer rounds. */
export function withRoundLength({ hour, ...found }: Measurement, every: number): Measurement {
  const share = found.every / every;
  const scaled = hour && { writeUnits: Math.max(1, hour.writeUnits * share), bytes: hour.bytes * share };
  return { ...found, every, hour: scaled };
}

async function newestItems({ table, vantages }: ReportSource): Promise<readonly Item[]> {
  const newest = { newestFirst: true, limit: MEASURED_ROUNDS };
  return (await Promise.all(vantages.map((vantage) => table.query(roundKey.pk(vantage), newest)))).flat();
}

/** The mean of the newest hours of some targets. Hour items of different targets are similar. */
async function newestHour(table: Table, targets: readonly string[]): Promise<Measurement['hour']> {
  const range = { from: targetKey.hour(''), to: targetKey.hour('\uffff'), newestFirst: true, limit: 1 };
  const some = targets.slice(0, MEASURED_ROUNDS);
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

/** Strongly consistent read units of a query for this many bytes. */
function units(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
