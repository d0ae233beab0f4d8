/** Run by the benchmark as a process of its own, as the functions on AWS are: real probe rounds, and the judge. */
import { performance } from 'node:perf_hooks';
import { dynamodbTable } from '../../lambda/history/dynamodb.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge.lambda.ts';
import { probeRound } from '../../lambda/probe.lambda.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { policyFor, portsFor, type Servers } from './ports.ts';

/** What to probe: servers of another process, so that their work is not counted. */
export interface Job {
  readonly folder: string;
  readonly servers: Servers;
  /** A target each. */
  readonly names: readonly string[];
  readonly vantages: readonly string[];
  readonly passes: number;
}

/** Medians of what each function took once it was warm. */
export interface Taken {
  readonly probe: Spent;
  readonly judge: Spent;
}

/** Milliseconds. */
export interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** First passes, in which code is compiled and connections are opened: a function that runs each minute is warm. */
const warmUps = 2;
const minute = 60_000;

async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - from, cpu: (user + system) / 1000 };
}

function median(all: readonly Spent[]): Spent {
  const middle = (of: (one: Spent) => number) => all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return { wall: middle(({ wall }) => wall), cpu: middle(({ cpu }) => cpu) };
}

async function work({ folder, servers, names, vantages, passes }: Job): Promise<Taken> {
  const { client, close } = await openDatabase(folder, { mode: 'read' });
  const clock = { now: Math.floor(Date.now() / minute) * minute };
  const now = () => clock.now;
  const history = openHistory(dynamodbTable(client, localTable, { now }), { now });
  const portsOf = portsFor(history, policyFor(vantages), names, servers, clock);
  const probes: Spent[] = [];
  const judges: Spent[] = [];
  for (let pass = 0; pass < passes; pass++, clock.now += minute) {
    const due = { scheduled: isoSeconds(clock.now) };
    for (const vantage of vantages) probes.push(await spent(() => probeRound(portsOf(vantage), due)));
    judges.push(await spent(() => judge(portsOf('local'))));
  }
  await close();
  return { probe: median(probes.slice(warmUps * vantages.length)), judge: median(judges.slice(warmUps)) };
}

process.once('message', async (job: Job) => {
  process.send?.(await work(job), () => process.disconnect());
});
