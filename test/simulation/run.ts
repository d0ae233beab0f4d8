/**
 * Replays or explores simulated worlds: `npm run simulate -- --seed 7 --rounds 100000`. Rounds are spent in worlds of a few
 * thousand each, whose seeds follow from the first, in as many processes as there are processors. Exits 1 where a promise
 * was broken, naming the world to replay: `--world 3` lives through that one alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { STORMY } from './faults.ts';
import { type Outcome, simulate } from './simulate.ts';

const ROUNDS_OF_A_WORLD = 5000;
const KINDS = [
  { vantages: 3, unrest: 1 },
  { vantages: 5, unrest: 1 },
  { vantages: 2, unrest: 1 },
  { vantages: 3, unrest: 6 },
] as const;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    rounds: { type: 'string', default: '5000' },
    world: { type: 'string' },
  },
});
const [seed, rounds] = [Number(values.seed), Number(values.rounds)];

if (values.world === undefined) await explore();
else process.stdout.write(`${JSON.stringify(await live(Number(values.world)))}\n`);

/** One world, by its number. Errors that handlers log are the faults of the world. */
async function live(world: number): Promise<Outcome> {
  console.error = () => {};
  const left = rounds - world * ROUNDS_OF_A_WORLD;
  const kind = KINDS[world % KINDS.length] ?? KINDS[0];
  const setting = { ...kind, seed: seed + world, rounds: Math.min(ROUNDS_OF_A_WORLD, left), faults: STORMY };
  return simulate({ judge, openHistory }, setting);
}

async function explore(): Promise<void> {
  const began = performance.now();
  const worlds = Array.from({ length: Math.ceil(rounds / ROUNDS_OF_A_WORLD) }, (_, world) => world);
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let world = worlds.shift(); world !== undefined; world = worlds.shift()) outcomes.push(await inProcess(world));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  report(outcomes, (performance.now() - began) / 1000);
}

/** Lives through a world in a process of its own. */
async function inProcess(world: number): Promise<Outcome> {
  const own = ['--seed', String(seed), '--rounds', String(rounds), '--world', String(world)];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...own], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([textOf(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`world ${world} of seed ${seed} ended with ${code}`);
  const outcome = JSON.parse(output) as Outcome;
  for (const violation of outcome.violations) console.log(`seed ${seed} rounds ${rounds} world ${world}: ${violation}`);
  return outcome;
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function report(outcomes: readonly Outcome[], seconds: number): void {
  const total = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const delays = outcomes.flatMap((outcome) => outcome.delays).sort((a, b) => a - b);
  const quantile = (share: number) => Math.round((delays[Math.floor(delays.length * share)] ?? 0) / 1000);
  const broken = total(({ violations }) => violations.length);
  console.log(
    `seed ${seed}: ${total((outcome) => outcome.rounds)} rounds in ${outcomes.length} worlds, ${total((outcome) => outcome.outages)} outages ` +
      `(known after ${quantile(0.5)} s in the middle, ${quantile(0.99)} s at p99), ${broken} promises broken, ${seconds.toFixed(0)} s`,
  );
  if (broken > 0) process.exitCode = 1;
}
