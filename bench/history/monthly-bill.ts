/** A month's bill from what was measured: real sessions for the work, the fleet's distances for the waiting. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { screenOf } from '../../bin/display/layout/screen.ts';
import { billLines } from '../../bin/display/tables/bill.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { History } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { billOf, type Measurement } from '../../lambda/reports/cost/bill.ts';
import { measureHistory } from '../../lambda/reports/cost/measure.ts';
import { GIGABYTES_PER_PROCESSOR, MEMORY } from '../../lambda/reports/cost/prices.ts';
import { readRounds } from '../../lambda/reports/source/rounds.ts';
import { startServers } from '../peers/start-children.ts';
import { vantageTrips } from './fleet.ts';
import { giveShare } from './limit-cpu-share.ts';
import { nowhere, policyFor, portsFor } from './probe-and-judge-ports.ts';
import type { Job, Taken } from './take-rounds.ts';

/** A month's functions, on the share of a processor that their memory gives them. */
export interface Throttled {
  readonly taken: Taken;
  /** Part of a processor; 1 where this machine lets nobody have less. */
  readonly share: number;
}

/**
 * Rounds of STARTTLS sessions with as many servers, each with its own certificate and as far away as the vantage is, in a
 * process that does nothing else.
 */
export async function takeRounds(folder: string, targets: number, vantages: readonly string[]): Promise<Throttled> {
  const trips = vantages.map((vantage) => vantageTrips[vantage] ?? 50);
  const { ca, names, lines, stop } = await startServers(targets, { trips });
  const child = fork(join(import.meta.dirname, 'take-rounds.ts'), [], { execArgv: ['--import', 'tsx'] });
  const named = Object.fromEntries(vantages.map((vantage, nth) => [vantage, lines[nth] ?? 0]));
  child.send({ folder, ca, names, lines: named } satisfies Job);
  await once(child, 'message');
  const share = MEMORY.probe / GIGABYTES_PER_PROCESSOR;
  const release = giveShare(child.pid ?? 0, share);
  child.send('go');
  const [taken] = (await once(child, 'message')) as [Taken];
  await once(child, 'exit');
  release?.();
  await stop();
  return { taken, share: release === null ? 1 : share };
}

/** A history of rounds with a rolled-up hour, just after its end. */
export interface Fleet {
  readonly table: Table;
  readonly history: History;
  readonly targets: readonly string[];
  readonly vantages: readonly string[];
  readonly clock: { readonly now: number };
}

export async function billLinesOf(fleet: Fleet, { taken, share }: Throttled): Promise<readonly string[]> {
  const found = await measuredOn(fleet);
  if (found === null) throw new Error('the fleet has no rounds');
  const { wall, cpu } = taken.probe;
  // Measured on its share, the work is in the waiting.
  const probe = { waiting: wall, work: share < 1 ? 0 : cpu };
  const figures = { ...found, probe, judge: { waiting: 0, work: taken.judge.cpu } };
  return billLines(figures, billOf(figures), [], screenOf({}));
}

/** As `smtp-quorum cost` measures a history, once its judge has spoken. */
async function measuredOn({ clock, ...fleet }: Fleet): Promise<Measurement | null> {
  const policy = policyFor(fleet.vantages);
  const store = { ...fleet, config: null, subjects: fleet.targets, judgements: [] };
  await judge(portsFor(fleet.history, policy, fleet.targets, nowhere, clock)('local'));
  const rounds = await readRounds(store, isoSeconds(clock.now - 3_600_000), isoSeconds(clock.now));
  // As a config has it that says nothing else.
  return measureHistory(store, { ...policy, stagger: true }, rounds, true);
}
