/** The measured process: it does nothing but probe, so that its CPU is the probes'. */

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Endpoint } from '../../lambda/smtp/endpoint/endpoint.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { bare, handshake } from './bare.ts';
import { nodemailer } from './nodemailer.ts';

export interface Job {
  readonly peer: keyof typeof PEERS;
  readonly endpoints: readonly Endpoint[];
  /** `at-once`: all endpoints together; `in-turn`: one after the other. */
  readonly how: 'at-once' | 'in-turn';
  /** How often. */
  readonly rounds: number;
}

export interface Measured {
  /** Milliseconds of CPU (user and system) per probe. */
  readonly cpu: number;
  /** Milliseconds of the whole job. */
  readonly wall: number;
  /** Milliseconds of each probe, until it was over. */
  readonly each: readonly number[];
  /** Highest so far, in megabytes. */
  readonly peakRss: number;
  /** Milliseconds that the event loop was late, at most and typically. */
  readonly lag: { readonly max: number; readonly p50: number };
}

/** One healthy probe until its connection is closed; rejects where it is not healthy. */
const PEERS = { ours, bare, nodemailer, handshake } as const;

async function ours(endpoint: Endpoint): Promise<void> {
  let over = Promise.resolve();
  const { outcome, code, detail } = await probe(endpoint, { onQuit: (end) => (over = end) });
  if (outcome !== 'pass') throw new Error(`${code}: ${detail}`);
  await over;
}

async function timed(peer: keyof typeof PEERS, endpoint: Endpoint): Promise<number> {
  const started = performance.now();
  await PEERS[peer](endpoint);
  return performance.now() - started;
}

async function work({ peer, endpoints, how, rounds }: Job): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const each: number[] = [];
  delay.enable();
  const [started, before] = [performance.now(), process.cpuUsage()];
  for (let round = 0; round < rounds; round++) {
    if (how === 'at-once') each.push(...(await Promise.all(endpoints.map((endpoint) => timed(peer, endpoint)))));
    else for (const endpoint of endpoints) each.push(await timed(peer, endpoint));
  }
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - started;
  delay.disable();
  return {
    cpu: (user + system) / 1_000 / each.length,
    wall,
    each,
    peakRss: process.resourceUsage().maxRSS / 1_024,
    lag: { max: delay.max / 1e6, p50: delay.percentile(50) / 1e6 },
  };
}

process.on('message', (job: Job) => work(job).then((measured) => process.send?.(measured)));
