/**
 * Bad days of a monitor on one machine: rounds on time, and what became of the alerts on each channel. Each case runs the
 * whole monitor with 60 targets (300 in the last), real mail servers and real receivers of webhooks.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { policyDefaults } from '../lambda/consensus/judgement/policy.ts';
import { startMonitor } from '../local/monitor.ts';
import { type MailServer, startMailServer } from '../test/local/mail-server.ts';
import { healthy, type Receiver, type Reply, rateLimited, startReceiver } from '../test/local/receivers.ts';
import { target } from '../test/ports.ts';

interface Case {
  readonly name: string;
  /** What the bad webhook does. */
  readonly bad: () => Reply | null;
  readonly targets: number;
  /** How many of the targets fail in each outage. */
  readonly failing: number;
}

const CASES: readonly Case[] = [
  { name: 'all webhooks work', bad: healthy, targets: 60, failing: 3 },
  { name: 'a webhook refuses (404)', bad: () => ({ status: 404 }), targets: 60, failing: 3 },
  { name: 'a webhook never replies', bad: () => null, targets: 60, failing: 3 },
  { name: 'a webhook takes 1/s, burst 5', bad: rateLimited(1, 5), targets: 60, failing: 3 },
  { name: '300 targets down at once, 1/s', bad: rateLimited(1, 5), targets: 300, failing: 300 },
];

const EVERY = 2_000;
const OUTAGES = 2;
const TOPICS = ['down', 'recovered', 'degraded', 'unknown', 'changed', 'blind'] as const;

/** When an alert was taken, by its id. */
type Told = Map<string, number[]>;

interface Day {
  readonly rounds: readonly number[];
  readonly stopped: number;
  readonly told: Readonly<Record<'terminal' | 'good' | 'bad', Told>>;
}

export async function run(): Promise<void> {
  console.log('| case | rounds on time | stop | channel | told once | lost | doubled | latest after the terminal |');
  console.log('| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |');
  for (const one of CASES) report(one, await dayOf(one));
}

async function dayOf({ bad, targets, failing }: Case): Promise<Day> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-bad-day-'));
  const [sick, well, good, trouble] = await Promise.all([
    startMailServer(),
    startMailServer(),
    startReceiver(),
    startReceiver(bad),
  ]);
  const rounds: number[] = [];
  const terminal: Told = new Map();
  const monitor = await startMonitor(configOf(sick, well, { targets, failing }, [good, trouble]), folder, {
    onRoundStart: () => void rounds.push(Date.now()),
    onRoundEnd: () => {},
    showAlert: ({ alert, replaces }) => note(terminal, [alert, ...replaces], Date.now()),
    onError: (what, error) => console.error(`${what}: ${error}`),
    onGaps: () => {},
    onLog: ({ message, facts }) => console.error(message, facts),
    onHistoryNotice: (words) => console.error(words),
  });
  await sleep(4 * EVERY);
  for (let outage = 1; outage <= OUTAGES; outage += 1) {
    sick.refuse(true);
    await until(() => countOf(terminal) >= failing * (2 * outage - 1));
    sick.refuse(false);
    await until(() => countOf(terminal) >= failing * 2 * outage);
  }
  const counted = rounds.length;
  trouble.behave(healthy);
  const everywhere = () => [good, trouble].every((one) => countOf(toldOf(one)) >= failing * 2 * OUTAGES);
  await until(everywhere, 330_000);
  const began = Date.now();
  await monitor.stop();
  const stopped = Date.now() - began;
  await Promise.all([sick.close(), well.close(), good.close(), trouble.close(), rm(folder, { recursive: true })]);
  return { rounds: rounds.slice(0, counted), stopped, told: { terminal, good: toldOf(good), bad: toldOf(trouble) } };
}

function configOf(
  sick: MailServer,
  well: MailServer,
  { targets, failing }: Pick<Case, 'targets' | 'failing'>,
  webhooks: readonly Receiver[],
): Config {
  return {
    version: 1,
    name: 'bench',
    home: 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy: { ...policyDefaults(1), vantages: ['local'], every: EVERY, flaps: 100 },
    notify: webhooks.map(({ url }) => ({ kind: 'webhook', url, when: TOPICS })),
    targets: Array.from({ length: targets }, (_, at) => target(`mx${at}`, (at < failing ? sick : well).port)),
  };
}

/** Notes each alert of a message; a digest has the ids of its alerts. */
function note(told: Told, alerts: readonly Pick<Alert, 'id' | 'kind' | 'digest'>[], at: number): void {
  const ids = alerts.filter(({ kind }) => kind !== 'undelivered').flatMap(({ id, digest }) => digest?.ids ?? [id]);
  const more = alerts.flatMap(({ id, digest }) =>
    Array.from({ length: (digest?.count ?? 0) - (digest?.ids.length ?? 0) }, (_, place) => `${id} and ${place}`),
  );
  for (const id of [...ids, ...more]) told.set(id, [...(told.get(id) ?? []), at]);
}

function toldOf({ taken }: Receiver): Told {
  const told: Told = new Map();
  for (const { at, document } of taken) {
    const { id, kind, digest, replaces } = document;
    note(told, [{ id, kind, ...(digest === null ? {} : { digest }) }], at);
    for (const replaced of replaces) note(told, [{ id: replaced, kind: 'down' }], at);
  }
  return told;
}

const countOf = (told: Told) => told.size;

async function until(holds: () => boolean, patience = 60_000): Promise<void> {
  for (const end = Date.now() + patience; !holds() && Date.now() < end; ) await sleep(20);
}

function report({ name, failing }: Case, { rounds, stopped, told }: Day): void {
  const gaps = rounds.slice(1).map((at, place) => at - (rounds[place] ?? at));
  const onTime = gaps.filter((gap) => gap < 1.5 * EVERY).length / Math.max(1, gaps.length);
  const expected = failing * 2 * OUTAGES;
  for (const [channel, alerts] of Object.entries(told)) {
    const once = [...alerts.values()].filter(({ length }) => length === 1).length;
    const late = [...alerts].map(([id, [at = 0]]) => at - (told.terminal.get(id)?.[0] ?? at));
    const latest = `${(Math.max(0, ...late) / 1000).toFixed(1)} s`;
    const figures = [once, expected - alerts.size, alerts.size - once, latest];
    const head = [name, `${(100 * onTime).toFixed(1)} %`, `${(stopped / 1000).toFixed(1)} s`, channel];
    console.log(`| ${[...head, ...figures].join(' | ')} |`);
  }
}
