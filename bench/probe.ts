/** What a probe costs: time, CPU, round trips, and a thousand at once; side by side with others, in the same run. */

import type { Endpoint, Security } from '../lambda/smtp/endpoint/endpoint.ts';
import { COMMANDS, isInstalled } from './peers/commands.ts';
import type { Job } from './peers/prober-process.ts';
import type { Servers } from './peers/server.ts';
import { startProber, startServers } from './peers/start-children.ts';
import { roundTrips } from './round-trips.ts';

export interface Options {
  /** Runs whose median counts. */
  readonly runs?: number;
  readonly atOnce?: number;
  /** Targets of the last part. */
  readonly many?: number;
}

export async function run({ runs = 7, atOnce = 100, many = 1_000 }: Options = {}): Promise<void> {
  const servers = await startServers(many);
  try {
    await latency(servers);
    await cost(servers, runs, atOnce);
    await roundTrips();
    await thousand(servers);
  } finally {
    await servers.stop();
  }
}

function endpointOf(servers: Servers, security: Security, name = servers.names[0]): Endpoint {
  const port = security === 'tls' ? servers.tls : servers.mail;
  const where = { host: '127.0.0.1', port, security, ehloName: 'probe.example.com', ca: servers.ca };
  return name === undefined ? where : { ...where, serverName: name };
}

async function latency(servers: Servers): Promise<void> {
  const prober = startProber();
  const inTurn = (peer: Job['peer'], security: Security) =>
    prober.measure({ peer, endpoints: Array(200).fill(endpointOf(servers, security)), how: 'in-turn', rounds: 1 });
  // Once to warm up.
  for (const peer of ['ours', 'handshake'] as const) await inTurn(peer, peer === 'ours' ? 'starttls' : 'tls');
  const handshake = median((await inTurn('handshake', 'tls')).each);
  const probe = median((await inTurn('ours', 'starttls')).each);
  await prober.stop();
  console.log('One after the other, median of 200:');
  row('bare node:tls handshake', `${handshake.toFixed(2)} ms`);
  row('healthy STARTTLS probe', `${probe.toFixed(2)} ms`, `${(probe / handshake).toFixed(2)} × the handshake`);
}

const IN_PROCESS = ['bare', 'ours', 'nodemailer'] as const;
type Peer = (typeof IN_PROCESS)[number];
/** Milliseconds of CPU per probe, run by run. */
type Spent = Readonly<Record<Peer, number[]>>;

async function cost(servers: Servers, runs: number, atOnce: number): Promise<void> {
  console.log(`\nCPU of the prober alone per healthy probe, ${atOnce} at once, median of ${runs} runs:`);
  for (const security of ['starttls', 'none'] as const) {
    const awake = await startServers(1, { awake: true });
    const endpoints = Array(atOnce).fill(endpointOf(awake, security));
    const fresh = await takeTurns(runs, (peer) => inFreshProcess({ peer, endpoints, how: 'at-once', rounds: 1 }));
    const warm = await inWarmProcesses(runs, endpoints);
    await awake.stop();
    console.log(`  ${security === 'none' ? 'plain' : 'STARTTLS, TLS 1.3, certificate verified'}`);
    row('', 'fresh process', '', 'warm process');
    for (const peer of IN_PROCESS) row(`  ${peer}`, ...figures(fresh, peer), ...figures(warm, peer));
    await commands(servers, security, atOnce, median(warm.bare));
  }
}

/** Each peer in turn in every run, so that whatever else the machine does hits all of them. */
async function takeTurns(runs: number, costOf: (peer: Peer) => Promise<number>): Promise<Spent> {
  const spent: Spent = { bare: [], ours: [], nodemailer: [] };
  for (let nth = 0; nth < runs; nth++) {
    for (const peer of IN_PROCESS) spent[peer].push(await costOf(peer));
  }
  return spent;
}

/** As a function's first invocation: nothing compiled, nothing remembered. */
async function inFreshProcess(job: Job): Promise<number> {
  const prober = startProber();
  const { cpu } = await prober.measure(job);
  await prober.stop();
  return cpu;
}

/** As after many rounds: a function that runs each minute has had thousands of sessions before it is made anew. */
async function inWarmProcesses(runs: number, endpoints: readonly Endpoint[]): Promise<Spent> {
  const probers = { bare: startProber(), ours: startProber(), nodemailer: startProber() };
  const costOf = async (peer: Peer) =>
    (await probers[peer].measure({ peer, endpoints, how: 'at-once', rounds: 20 })).cpu;
  await takeTurns(3, costOf);
  const spent = await takeTurns(runs, costOf);
  for (const prober of Object.values(probers)) await prober.stop();
  return spent;
}

function figures(spent: Spent, peer: Peer): readonly string[] {
  return [`${median(spent[peer]).toFixed(2)} ms`, `${ratio(spent[peer], spent.bare)} × bare`];
}

async function commands(servers: Servers, security: 'none' | 'starttls', atOnce: number, bare: number): Promise<void> {
  const goal = { port: servers.mail, security, name: servers.names[0] ?? '', ca: servers.ca };
  for (const command of COMMANDS) {
    if (isInstalled(command)) {
      const costs: number[] = [];
      for (let nth = 0; nth < 3; nth++) costs.push(await command.cost(goal, atOnce));
      row(`  ${command.name}`, '', '', `${median(costs).toFixed(2)} ms`, `${(median(costs) / bare).toFixed(2)} × bare`);
    } else row(`  ${command.name}`, 'not installed');
  }
}

async function thousand(servers: Servers): Promise<void> {
  const prober = startProber(['--max-old-space-size=512']);
  const endpoints = servers.names.map((name) => endpointOf(servers, 'starttls', name));
  console.log(
    `\n${endpoints.length} healthy STARTTLS targets at once, each with its own certificate, one process with 512 MB:`,
  );
  for (const round of ['first round', 'second round']) {
    const { wall, cpu, peakRss, lag } = await prober.measure({ peer: 'ours', endpoints, how: 'at-once', rounds: 1 });
    const worst = `event loop late by ${lag.p50.toFixed(0)} ms (median), ${lag.max.toFixed(0)} ms (most)`;
    row(round, `${wall.toFixed(0)} ms`, `CPU ${cpu.toFixed(2)} ms each, peak RSS ${peakRss.toFixed(0)} MB, ${worst}`);
  }
  await prober.stop();
}

export function row(name: string, ...figures: readonly string[]): void {
  console.log(`  ${name.padEnd(28)} ${figures.map((figure) => figure.padStart(12)).join('   ')}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Median of the ratios run by run. */
function ratio(costs: readonly number[], bare: readonly number[]): string {
  return median(costs.map((cost, nth) => cost / (bare[nth] ?? Number.NaN))).toFixed(2);
}
