/** Run by the benchmark as a process of its own, as the functions on AWS are: real probe rounds, and the judge. */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import type { RoundReport } from '../../lambda/probe/round-report.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { policyFor, portsFor } from './probe-and-judge-ports.ts';

/** What to probe: servers of another process, so that their work is not counted. */
export interface Job {
  readonly folder: string;
  readonly ca: string;
  /** A target each. */
  readonly names: readonly string[];
  /** Each with the port where the servers are, at the end of a line as long as its own. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Medians of what each function took once it was warm. */
export interface Taken {
  readonly probe: Spent & {
    /** Milliseconds of the slowest session, as its sample has it: the mean of all vantages. */
    readonly slowest: number;
    /** How late the event loop was at worst. */
    readonly lag: number;
  };
  readonly judge: Spent;
  readonly peakMb: number;
}

/** Milliseconds. */
export interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** First passes, in which code is compiled and connections are opened: a function that runs each minute is warm. */
const warmUps = 2;
const passes = 7;
const minute = 60_000;

async function spent<Result>(work: () => Promise<Result>): Promise<Spent & { readonly result: Result }> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - from, cpu: (user + system) / 1000, result };
}

const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** One round of each vantage, and the judge's pass over them. */
interface Pass {
  readonly probes: readonly (Spent & { readonly result: RoundReport })[];
  readonly judged: Spent;
}

async function work({ folder, ca, names, lines }: Job): Promise<Taken> {
  const { client, close } = await openDatabase(folder, { mode: 'read' });
  const clock = { now: Math.floor(Date.now() / minute) * minute };
  const now = () => clock.now;
  const history = openHistory(dynamodbTable(client, localTable, { now }), { now });
  const policy = policyFor(Object.keys(lines));
  const portsOf = (vantage: string) =>
    portsFor(history, policy, names, { port: lines[vantage] ?? 0, ca }, clock)(vantage);
  const pass = async (): Promise<Pass> => {
    const due = { scheduled: isoSeconds(clock.now) };
    const probes = [];
    for (const vantage of policy.vantages) probes.push(await spent(() => probeRound(portsOf(vantage), due)));
    const judged = await spent(() => judge(portsOf('local')));
    clock.now += minute;
    return { probes, judged };
  };
  for (let nth = 0; nth < warmUps; nth++) await pass();
  await share();
  const all: Pass[] = [];
  for (let nth = 0; nth < passes; nth++) all.push(await pass());
  await close();
  return taken(all);
}

function taken(all: readonly Pass[]): Taken {
  const ofProbes = (of: (one: Pass['probes'][number]) => number) =>
    median(all.map(({ probes }) => mean(probes.map(of))));
  return {
    probe: {
      wall: ofProbes(({ wall }) => wall),
      cpu: ofProbes(({ cpu }) => cpu),
      slowest: ofProbes(({ result }) => slowestOf(result)),
      lag: ofProbes(({ result }) => result.lag ?? 0),
    },
    judge: { wall: median(all.map(({ judged }) => judged.wall)), cpu: median(all.map(({ judged }) => judged.cpu)) },
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

function slowestOf({ samples }: RoundReport): number {
  return Math.max(...[...samples.values()].map(({ total }) => total));
}

/** Asks for the function's share of a processor, and goes on once it has it. */
async function share(): Promise<void> {
  process.send?.('warm');
  await once(process, 'message');
}

process.once('message', async (job: Job) => {
  process.send?.(await work(job), () => process.disconnect());
});
