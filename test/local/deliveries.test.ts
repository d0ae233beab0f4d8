/** The whole monitor on one machine, with real mail servers and real receivers of webhooks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test as base, expect } from 'vitest';
import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { type Monitor, startMonitor } from '../../local/monitor.ts';
import { target } from '../ports.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { healthy, type Receiver, type Reply, rateLimited, startReceiver } from './receivers.ts';

const every = 500;
/** Less than one attempt of a webhook that never replies, or takes nine seconds; more than a busy machine needs for a round. */
const longestPause = 8_000;
const allTopics = ['down', 'recovered', 'degraded', 'unknown', 'changed', 'blind'] as const;

/** A mail server, receivers, and what the terminal of the monitor showed. */
interface World {
  readonly server: MailServer;
  readonly shown: { readonly at: number; readonly message: SentMessage }[];
  readonly rounds: number[];
  readonly errors: string[];
  receiver(behaviour?: () => Reply | null): Promise<Receiver>;
  configOf(webhooks: readonly Receiver[], targets?: number): Config;
  start(config: Config): Promise<Monitor>;
}

const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures that this one needs
  world: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-'));
    const server = await startMailServer();
    const [receivers, monitors]: [Receiver[], Monitor[]] = [[], []];
    const [shown, rounds, errors]: [World['shown'], number[], string[]] = [[], [], []];
    const start = async (config: Config) => {
      const monitor = await startMonitor(config, folder, {
        onRoundStart: () => void rounds.push(Date.now()),
        onRoundEnd: () => {},
        showAlert: (message) => void shown.push({ at: Date.now(), message }),
        onError: (what, error) => void errors.push(`${what}: ${error}`),
        onGaps: () => {},
        onLog: ({ message }) => void errors.push(message),
        onHistoryNotice: (words) => void errors.push(words),
      });
      let ended: Promise<void> | undefined;
      const once = { stop: () => (ended ??= monitor.stop()) };
      monitors.push(once);
      return once;
    };
    const receiver = async (behaviour?: () => Reply | null) => {
      const started = await startReceiver(behaviour);
      receivers.push(started);
      return started;
    };
    const configOf = (webhooks: readonly Receiver[], targets = 1): Config => ({
      version: 1,
      name: 'test',
      home: 'local',
      ehloName: 'probe.example.com',
      control: null,
      policy: { ...policyDefaults(1), vantages: ['local'], every, freshness: 20, flaps: 100 },
      notify: webhooks.map(({ url }) => ({ kind: 'webhook', url, when: allTopics })),
      targets: Array.from({ length: targets }, (_, at) => target(`mx${at}`, server.port, { timeout: 2_000 })),
    });
    await use({ server, shown, rounds, errors, receiver, configOf, start });
    for (const monitor of monitors) await monitor.stop();
    for (const one of receivers) await one.close();
    await server.close();
    await rm(folder, { recursive: true });
  },
});

async function until(what: string, holds: () => boolean, patience = 120_000): Promise<void> {
  for (const end = Date.now() + patience; !holds(); await sleep(20))
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${what}`);
}

const ofTargets = (ids: readonly { readonly kind: string }[]) => ids.filter(({ kind }) => kind !== 'undelivered');
const shownKinds = ({ shown }: World) => ofTargets(shown.map(({ message }) => message.alert)).map(({ kind }) => kind);
const takenKinds = ({ taken }: Receiver) => ofTargets(taken.map(({ document }) => document)).map(({ kind }) => kind);
const longestGap = ({ rounds }: World) => Math.max(...rounds.slice(1).map((at, place) => at - (rounds[place] ?? at)));

/** Two outages with their ends, each until the terminal has it. */
async function twoOutages(world: World): Promise<void> {
  for (const [count, refusing] of [true, false, true, false].entries()) {
    await sleep(3 * every);
    world.server.refuse(refusing);
    await until(`alert ${count + 1} in the terminal`, () => shownKinds(world).length === count + 1);
  }
}

const fourAlerts = ['down', 'recovered', 'down', 'recovered'];

const BAD_RECEIVERS: readonly (readonly [string, () => Reply | null])[] = [
  ['refuses with 404', () => ({ status: 404 })],
  ['refuses with 500', () => ({ status: 500 })],
  ['never replies', () => null],
  ['takes 9 s', () => ({ status: 200, after: 9_000 })],
  ['redirects', () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
];

for (const [name, behaviour] of BAD_RECEIVERS)
  test.concurrent(`a webhook that ${name} delays neither the terminal, nor another webhook, nor a round`, async ({
    world,
  }) => {
    const [bad, good] = [await world.receiver(behaviour), await world.receiver()];
    await world.start(world.configOf([bad, good]));
    await twoOutages(world);
    await until('four alerts at the good webhook', () => takenKinds(good).length === 4);
    expect(takenKinds(good)).toEqual(fourAlerts);
    expect(shownKinds(world)).toEqual(fourAlerts);
    const late = world.shown
      .filter(({ message }) => message.alert.kind !== 'undelivered')
      .map(({ at, message }) => {
        const other = good.taken.find(({ id }) => id === message.alert.id);
        return Math.abs((other?.at ?? Number.POSITIVE_INFINITY) - at);
      });
    expect(Math.max(...late)).toBeLessThan(longestPause);
    expect(longestGap(world)).toBeLessThan(longestPause);
    expect(world.errors).toEqual([]);
  });

test.concurrent('trouble is told on the other channels, once, and its end; a recovery that overtakes its DOWN is one message', async ({
  world,
}) => {
  const [bad, good] = [await world.receiver(() => ({ status: 503 })), await world.receiver()];
  await world.start(world.configOf([bad, good]));
  await sleep(3 * every);
  world.server.refuse(true);
  const reported = () => good.taken.filter(({ document }) => document.kind === 'undelivered');
  await until('the trouble is told', () => reported().length === 1);
  world.server.refuse(false);
  await until('the recovery is told', () => takenKinds(good).length === 2);
  bad.behave(healthy);
  await until('it takes alerts again', () => reported().length === 2);

  expect(takenKinds(good)).toEqual(['down', 'recovered']);
  expect(bad.taken.map(({ document }) => document.kind)).toEqual(['recovered']);
  expect(bad.taken[0]?.document.replaces).toEqual([good.taken[0]?.id]);
  expect(bad.taken[0]?.document.note).toMatch(/^Not delivered before: down of /);
  expect(bad.taken[0]?.id).toBe(good.taken.find(({ document }) => document.kind === 'recovered')?.id);
  const [trouble, end] = reported().map(({ document }) => document);
  expect([trouble?.is, end?.is]).toEqual(['unknown', 'up']);
  expect(trouble?.text).toMatch(/^webhook:http:\/\/127\.0\.0\.1:\d+#[0-9a-f]{8} is NOT DELIVERING since .*HTTP 503/);
  expect(end?.text).toContain('is DELIVERING AGAIN since');
  expect(JSON.stringify(good.taken)).not.toContain('secret-path');
  expect(world.shown.filter(({ message }) => message.alert.kind === 'undelivered')).toHaveLength(2);
});

test.concurrent('what is pending at a stop is delivered after the next start, once', async ({ world }) => {
  const hook = await world.receiver(() => null);
  const monitor = await world.start(world.configOf([hook]));
  await sleep(3 * every);
  world.server.refuse(true);
  await until('the webhook is tried', () => hook.requests.length > 0);
  await monitor.stop();
  hook.behave(healthy);
  await world.start(world.configOf([hook]));
  await until('the DOWN is taken', () => hook.taken.length > 0);
  await sleep(1000);
  expect(takenKinds(hook)).toEqual(['down']);
  expect(shownKinds(world)).toEqual(['down']);
});

test.concurrent('a webhook with a user and password gets a header, and nothing shows them', async ({ world }) => {
  const hook = await world.receiver(() => ({ status: 401 }));
  const config = world.configOf([]);
  const url = hook.url.replace('http://', 'http://user:secret-word@');
  await world.start({ ...config, notify: [{ kind: 'webhook', url, when: allTopics }] });
  await sleep(3 * every);
  world.server.refuse(true);
  const trouble = () => world.shown.find(({ message }) => message.alert.kind === 'undelivered');
  await until('the trouble is told', () => trouble() !== undefined);
  expect(JSON.stringify([world.shown, world.errors])).not.toMatch(/secret-word|secret-path|user:/);
});

test('without groups an outage of 100 targets is one digest for each channel: a receiver of 1/s with a burst of 5 takes all', async ({
  world,
}) => {
  const limited = await world.receiver(rateLimited(1, 5));
  const config = world.configOf([limited], 100);
  await world.start({ ...config, notify: config.notify.map((entry) => ({ ...entry, group: false })) });
  await sleep(4 * every);
  world.server.refuse(true);
  const counted = () =>
    limited.taken.reduce((sum, { document }) => sum + (document.digest === null ? 1 : document.digest.count), 0);
  await until('all are told', () => counted() === 100);
  const ids = limited.taken.flatMap(({ document }) => document.digest?.ids ?? [document.id]);
  expect(new Set(ids).size).toBe(100);
  // On a slow machine the targets fail in several rounds.
  expect(limited.taken.length).toBeLessThanOrEqual(50);
});

test('60 targets and a webhook that never replies: every round is on time, and the stop does not wait for it', async ({
  world,
}) => {
  const silent = await world.receiver(() => null);
  const monitor = await world.start(world.configOf([silent], 60));
  await sleep(3 * every);
  world.server.refuse(true);
  await until('the webhook is tried', () => silent.requests.length > 0);
  await sleep(10 * every);
  expect(longestGap(world)).toBeLessThan(longestPause);
  const began = Date.now();
  await monitor.stop();
  expect(Date.now() - began).toBeLessThan(longestPause);
});
