/** One bad day: outages while something else is wrong, and what became of the rounds and alerts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { type MailServer, startMailServer } from '../../test/local/mail-server.ts';
import { healthy, type Receiver, type Reply, startReceiver } from '../../test/local/receivers.ts';
import { target } from '../../test/ports.ts';
import { type Told, toldTo } from './alerts-by-channel.ts';
import { buildProcess, openWatch, type Watch } from './control-monitor-process.ts';
import { mountDisk, type SmallDisk } from './disk.ts';

/** What a case may meddle with. */
export interface Stage {
  readonly watch: Watch;
  readonly folder: string;
  /** There is one if the case asked for it. */
  readonly disk: SmallDisk | null;
}

export interface Case {
  readonly name: string;
  readonly targets: number;
  /** How many of the targets fail in each outage. */
  readonly failing: number;
  /** What the bad webhook does; it is well by default. */
  readonly bad?: () => Reply | null;
  readonly onDisk?: boolean;
  /** Milliseconds in which outages go on at least. */
  readonly lasts?: number;
  /** Before the monitor starts. */
  prepare?(stage: Stage): Promise<void>;
  /** Before the first outage; what is returned ends it, after the last. */
  begin?(stage: Stage): () => Promise<void> | void;
  /** While the targets are down. */
  whileDown?(stage: Stage, outage: number): Promise<void>;
  /** After the monitor has stopped: what else there is to say. */
  conclude?(stage: Stage, seconds: number): Promise<string>;
}

export interface Day {
  readonly rounds: readonly number[];
  /** Milliseconds of the monitor's process for each round. */
  readonly cpu: number;
  readonly stopped: number;
  readonly expected: number;
  readonly told: Readonly<Record<'terminal' | 'good' | 'bad', Told>>;
  readonly conclusion: string | null;
  readonly words: readonly string[];
}

export const EVERY = 2_000;
const OUTAGES = 2;
const TOPICS = ['down', 'recovered', 'degraded', 'unknown', 'changed', 'blind'] as const;

/** Null where this machine cannot play it. */
export async function dayOf(one: Case): Promise<Day | null> {
  const disk = one.onDisk === true ? mountDisk() : null;
  if (one.onDisk === true && disk === null) return null;
  const scratch = await mkdtemp(join(tmpdir(), 'smtp-quorum-bad-day-'));
  const [sick, well, good, trouble] = await Promise.all([
    startMailServer(),
    startMailServer(),
    startReceiver(),
    startReceiver(one.bad ?? healthy),
  ]);
  const folder = join(disk?.folder ?? scratch, 'history');
  const config = configOf(sick, well, one, [good, trouble]);
  const watch = await openWatch(await buildProcess(scratch), config, folder, scratch);
  try {
    return await play(one, { watch, folder, disk }, { sick, good, trouble });
  } finally {
    await watch.kill();
    await Promise.all([sick.close(), well.close(), good.close(), trouble.close(), rm(scratch, { recursive: true })]);
    disk?.remove();
  }
}

interface World {
  readonly sick: MailServer;
  readonly good: Receiver;
  readonly trouble: Receiver;
}

async function play(one: Case, stage: Stage, { sick, good, trouble }: World): Promise<Day> {
  const { watch } = stage;
  await one.prepare?.(stage);
  watch.start();
  const began = Date.now();
  await until(() => watch.rounds.length >= 4);
  const end = one.begin?.(stage);
  const outages = await playOutages(one, stage, sick);
  await end?.();
  const counted = watch.rounds.length;
  const cpu = watch.cpu() / watch.rounds.length;
  trouble.behave(healthy);
  const expected = one.failing * 2 * outages;
  await until(() => [good, trouble].every((channel) => toldTo(channel).size >= expected), 330_000);
  const stopping = Date.now();
  await watch.stop();
  const stopped = Date.now() - stopping;
  const conclusion = (await one.conclude?.(stage, (stopping - began) / 1000)) ?? null;
  const told = { terminal: watch.terminal, good: toldTo(good), bad: toldTo(trouble) };
  return { rounds: watch.rounds.slice(0, counted), cpu, stopped, expected, told, conclusion, words: [...watch.words] };
}

/** How many there were. */
async function playOutages(one: Case, stage: Stage, sick: MailServer): Promise<number> {
  const { terminal } = stage.watch;
  const began = Date.now();
  for (let outage = 1; ; outage += 1) {
    sick.refuse(true);
    await until(() => terminal.size >= one.failing * (2 * outage - 1));
    await one.whileDown?.(stage, outage);
    sick.refuse(false);
    await until(() => terminal.size >= one.failing * 2 * outage);
    if (outage >= OUTAGES && Date.now() - began >= (one.lasts ?? 0)) return outage;
  }
}

function configOf(sick: MailServer, well: MailServer, one: Case, webhooks: readonly Receiver[]): Config {
  return {
    version: 1,
    name: 'bench',
    home: 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy: { ...policyDefaults(1), vantages: ['local'], every: EVERY, flaps: 100 },
    notify: webhooks.map(({ url }) => ({ kind: 'webhook', url, when: TOPICS })),
    targets: Array.from({ length: one.targets }, (_, at) => target(`mx${at}`, (at < one.failing ? sick : well).port)),
  };
}

async function until(holds: () => boolean, patience = 60_000): Promise<void> {
  for (const end = Date.now() + patience; !holds() && Date.now() < end; ) await sleep(20);
}
