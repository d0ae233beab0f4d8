/** A month's bill from what was measured: real sessions for the work, the fleet's distances for the waiting. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { billOf, type Measured } from '../../bin/cost/bill.ts';
import { measured } from '../../bin/cost/measure.ts';
import { billLines } from '../../bin/display/bill.ts';
import { screenOf } from '../../bin/display/screen.ts';
import { roundsOf } from '../../bin/recent.ts';
import type { History } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table.ts';
import { judge } from '../../lambda/judge.lambda.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { startServers } from '../peers/worker.ts';
import { nowhere, policyFor, portsFor } from './ports.ts';
import type { Job, Taken } from './take-rounds.ts';

/** Passes that are measured, the first two to warm up. */
const passes = 12;

/** Rounds of STARTTLS sessions with as many servers, each with its own certificate, in a process that does nothing else. */
export async function takeRounds(folder: string, targets: number, vantages: readonly string[]): Promise<Taken> {
  const { mail: port, ca, names, stop } = await startServers(targets);
  const child = fork(join(import.meta.dirname, 'take-rounds.ts'), [], { execArgv: ['--import', 'tsx'] });
  child.send({ folder, servers: { port, ca }, names, vantages, passes } satisfies Job);
  const [taken] = (await once(child, 'message')) as [Taken];
  await stop();
  return taken;
}

/** A history of rounds with a rolled-up hour, just after its end. */
export interface Fleet {
  readonly table: Table;
  readonly history: History;
  readonly targets: readonly string[];
  readonly vantages: readonly string[];
  readonly clock: { readonly now: number };
}

export async function billLinesOf(fleet: Fleet, { probe, judge: judging }: Taken): Promise<readonly string[]> {
  const found = await measuredOn(fleet);
  if (found === null) throw new Error('the fleet has no rounds');
  const figures = { ...found, probeCpu: probe.cpu, judgeCpu: judging.cpu };
  return billLines(figures, billOf(figures), screenOf({}));
}

/** As `smtp-quorum cost` measures a history, once its judge has spoken. */
async function measuredOn({ clock, ...fleet }: Fleet): Promise<Measured | null> {
  const policy = policyFor(fleet.vantages);
  const store = { ...fleet, config: null, subjects: fleet.targets, judgements: [] };
  await judge(portsFor(fleet.history, policy, fleet.targets, nowhere, clock)('local'));
  const rounds = await roundsOf(store, isoSeconds(clock.now - 3_600_000), isoSeconds(clock.now));
  return measured(store, policy, rounds);
}
