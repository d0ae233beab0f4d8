/**
 * Runs simulations: `npm run simulate -- --seed 7 --rounds 100000`. The rounds are divided into worlds of several
 * kinds, whose seeds follow from the first, in one process per processor. Exits with 1 if a promise was broken, and prints the world;
 * `--world 3` repeats that one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { recordOrRename } from '../../lambda/probe/record-or-rename.ts';
import { FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import { type Result, type Setting, simulate } from './simulate.ts';

/** Worlds with more targets have fewer rounds, because their rounds take longer. */
const KINDS = [
  { vantages: 3, faultRate: 1, faults: MANY_FAULTS, targets: 3, rounds: 5000 },
  { vantages: 5, faultRate: 1, faults: MANY_FAULTS, targets: 3, rounds: 5000 },
  { vantages: 3, faultRate: 6, faults: FEW_FAULTS, targets: 12, rounds: 500 },
  { vantages: 2, faultRate: 1, faults: MANY_FAULTS, targets: 3, rounds: 5000 },
  { vantages: 3, faultRate: 6, faults: MANY_FAULTS, targets: 3, rounds: 5000 },
  { vantages: 3, faultRate: 6, faults: FEW_FAULTS, targets: 50, rounds: 50 },
] as const;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    rounds: { type: 'string', default: '5000' },
    world: { type: 'string' },
  },
});
const [seed, rounds] = [Number(values.seed), Number(values.rounds)];
const worlds = worldsOf(rounds);

if (values.world === undefined) await explore();
else process.stdout.write(`${JSON.stringify(await simulateWorld(Number(values.world)))}\n`);

/** Simulates one world. Errors logged by handlers are simulated faults and are not printed. */
async function simulateWorld(world: number): Promise<Result> {
  console.error = () => {};
  console.warn = () => {};
  return simulate(
    { judge, deliverChannel, openHistory, openDeliveries, openNotifications, recordOrRename },
    { ...(worlds[world] ?? KINDS[0]), seed: seed + world },
  );
}

/** Worlds of each kind in turn, until they have so many rounds together. */
function worldsOf(rounds: number): readonly Omit<Setting, 'seed'>[] {
  const worlds: Omit<Setting, 'seed'>[] = [];
  for (let left = rounds; left > 0; left -= worlds.at(-1)?.rounds ?? left) {
    const kind = KINDS[worlds.length % KINDS.length] ?? KINDS[0];
    worlds.push({ ...kind, rounds: Math.min(kind.rounds, left) });
  }
  return worlds;
}

async function explore(): Promise<void> {
  const began = performance.now();
  const waiting = [...worlds.keys()];
  const results: Result[] = [];
  const worker = async () => {
    for (let world = waiting.shift(); world !== undefined; world = waiting.shift())
      results.push(await simulateInProcess(world));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  report(results, (performance.now() - began) / 1000);
}

/** Simulates one world in a child process. */
async function simulateInProcess(world: number): Promise<Result> {
  const own = ['--seed', String(seed), '--rounds', String(rounds), '--world', String(world)];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...own], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([textOf(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`world ${world} of seed ${seed} ended with ${code}`);
  const result = JSON.parse(output) as Result;
  for (const violation of result.violations) console.log(`seed ${seed} rounds ${rounds} world ${world}: ${violation}`);
  return result;
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function report(results: readonly Result[], seconds: number): void {
  const total = (of: (result: Result) => number) => results.reduce((sum, result) => sum + of(result), 0);
  const delays = sorted(results.flatMap((result) => result.delays));
  const opinionDelays = sorted(results.flatMap((result) => result.opinionDelays));
  const violations = total(({ violations }) => violations.length);
  console.log(
    `seed ${seed}: ${total((result) => result.rounds)} rounds in ${results.length} worlds, ${total((result) => result.outages)} outages ` +
      `(reported after ${quantile(delays, 0.5)} s at the median, ${quantile(delays, 0.99)} s at p99; of ${opinionDelays.length} without a fault ` +
      `${quantile(opinionDelays, 0.5)} s and ${quantile(opinionDelays, 0.99)} s after the first failure), ${violations} promises broken, ${seconds.toFixed(0)} s`,
  );
  if (violations > 0) process.exitCode = 1;
}

function sorted(delays: readonly number[]): readonly number[] {
  return delays.toSorted((a, b) => a - b);
}

/** Seconds. */
function quantile(delays: readonly number[], share: number): number {
  return Math.round((delays[Math.floor(delays.length * share)] ?? 0) / 1000);
}
