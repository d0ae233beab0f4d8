/** What a probe costs: time, CPU, round trips, and a thousand at once; side by side with others, in the same run. */

import type { Endpoint, Security } from '../lambda/smtp/endpoint.ts';
import { COMMANDS, isInstalled } from './peers/commands.ts';
import type { Job } from './peers/prober.ts';
import type { Servers } from './peers/server.ts';
import { type Prober, startProber, startServers } from './peers/worker.ts';
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

async function cost(servers: Servers, runs: number, atOnce: number): Promise<void> {
  console.log(`\nCPU of the prober alone per healthy probe, ${atOnce} at once, median of ${runs} runs:`);
  const probers = new Map<Peer, Prober>(IN_PROCESS.map((peer) => [peer, startProber()]));
  for (const security of ['starttls', 'none'] as const) {
    const spent = await takeTurns(probers, endpointOf(servers, security), runs, atOnce);
    const bare = spent.get('bare') ?? [];
    console.log(`  ${security === 'none' ? 'plain' : 'STARTTLS, TLS 1.3, certificate verified'}`);
    for (const [peer, costs] of spent)
      row(`  ${peer}`, `${median(costs).toFixed(2)} ms`, `${ratio(costs, bare)} × bare`);
    await commands(servers, security, atOnce, median(bare));
  }
  for (const prober of probers.values()) await prober.stop();
}

/** Each peer in turn in every run, so that whatever else the machine does hits all of them. */
async function takeTurns(
  probers: ReadonlyMap<Peer, Prober>,
  endpoint: Endpoint,
  runs: number,
  atOnce: number,
): Promise<ReadonlyMap<Peer, number[]>> {
  const spent = new Map<Peer, number[]>(IN_PROCESS.map((peer) => [peer, []]));
  const endpoints = Array(atOnce).fill(endpoint);
  // The first run warms up.
  for (let nth = 0; nth <= runs; nth++) {
    for (const [peer, prober] of probers) {
      const { cpu } = await prober.measure({ peer, endpoints, how: 'at-once', rounds: 4 });
      if (nth > 0) spent.get(peer)?.push(cpu);
    }
  }
  return spent;
}

async function commands(servers: Servers, security: 'none' | 'starttls', atOnce: number, bare: number): Promise<void> {
  const goal = { port: servers.mail, security, name: servers.names[0] ?? '', ca: servers.ca };
  for (const command of COMMANDS) {
    if (isInstalled(command)) {
      const costs: number[] = [];
      for (let nth = 0; nth < 3; nth++) costs.push(await command.cost(goal, atOnce));
      row(`  ${command.name}`, `${median(costs).toFixed(2)} ms`, `${(median(costs) / bare).toFixed(2)} × bare`);
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
