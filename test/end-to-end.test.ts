import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sender } from '../lambda/alert/channels/sender.ts';
import { awsChannels } from '../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../lambda/alert/delivery/delivery-store.ts';
import { alertTexts } from '../lambda/alert/words/alert-texts.ts';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { type History, openHistory } from '../lambda/history/history.ts';
import { dynamodbTable } from '../lambda/history/table/dynamodb.ts';
import { judge } from '../lambda/judge/judge.ts';
import type { BusEvent, JudgePorts } from '../lambda/ports.ts';
import { probeRound } from '../lambda/probe/probe-round.ts';
import { type Database, localTable, openDatabase } from '../local/database.ts';
import { type Demo, startDemo } from '../local/demo/demo.ts';

/**
 * The whole path with nothing of ours replaced: real SMTP servers, the real client and handlers, DynamoDB's embedded
 * twin. Only the clock is moved by hand, a round at a time, and the bus delivers when the test says so.
 */
const minute = 60_000;

let folder: string;
let database: Database;
let demo: Demo;
let config: Config;
let history: History;
let deliveries: DeliveryStore;
let now = Date.parse('2026-11-22T05:00:00Z');
let takesAlerts = true;
const told: Alert[] = [];
const bus: BusEvent[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-'));
  // With the clock of the rounds: by the real one they would have expired.
  [database, demo] = await Promise.all([openDatabase(folder, { now: () => now }), startDemo()]);
  config = { ...demo.config, policy: { ...demo.config.policy, every: minute } };
  const table = dynamodbTable(database.client, localTable, { now: () => now });
  history = openHistory(table, { now: () => now });
  deliveries = openDeliveries(table, { now: () => now });
});

afterAll(async () => {
  await Promise.all([database.close(), demo.close()]);
  await rm(folder, { recursive: true });
});

function ports(vantage: string): JudgePorts {
  return {
    config,
    vantage,
    history,
    publishEvents: async (events) => void bus.push(...events),
    channels: awsChannels(config),
    deliveries,
    secret: async () => '',
    log: () => {},
    now: () => now,
  };
}

/** A minute passes: every vantage probes, the judge looks, and opinions that it asks for are given and judged. */
async function round(scene: number): Promise<void> {
  now += minute;
  demo.startRound(scene);
  const scheduled = isoSeconds(now);
  await Promise.all(config.policy.vantages.map((vantage) => probeRound(ports(vantage), { scheduled })));
  now += 2_000;
  await judge(ports(config.home));
  for (const event of bus.splice(0)) await deliver(event);
  now -= 2_000;
}

const send: Sender = async ({ alert }) => {
  if (!takesAlerts) return { taken: false, words: 'SNS is not there', retryAfter: null };
  told.push(alert);
  return { taken: true };
};

async function deliverAlerts(channel: string): Promise<void> {
  const others = { senderOf: () => send, random: () => 0.5, sleep: async () => {} };
  const { signal } = new AbortController();
  await deliverChannel({ ...ports(config.home), ...others }, channel, { latestWait: 0, latestSend: now, signal });
}

async function deliver(event: BusEvent): Promise<void> {
  if (event.type === 'Delivery Due') await deliverAlerts(event.detail.channel);
  if (event.type !== 'Second Opinion Wanted') return;
  now += 2_000;
  const { vantages, ...detail } = event.detail;
  await Promise.all(vantages.map((vantage) => probeRound(ports(vantage), { 'detail-type': event.type, detail })));
  await judge(ports(config.home));
  now -= 2_000;
}

async function verdictOf(target: string): Promise<string | undefined> {
  return (await history.judgement(target))?.verdict;
}

const healthy = 0;
const oneRefused = 3;
const allRefused = 9;

test('every target is up once a quorum has seen it pass, and nobody is told', async () => {
  for (let count = 0; count < 3; count++) await round(healthy);
  expect(await Promise.all(config.targets.map(({ id }) => verdictOf(id)))).toEqual(['up', 'up', 'up', 'up']);
  expect(told).toEqual([]);
});

test('one vantage of three that is refused is no quorum: nobody is told', async () => {
  for (let count = 0; count < 3; count++) await round(oneRefused);
  expect(await verdictOf('flaky')).toBe('up');
  expect(told).toEqual([]);
  for (let count = 0; count < 2; count++) await round(healthy);
});

test('a quorum pages once, with phase, code and reply, though SNS is away at first', async () => {
  takesAlerts = false;
  await round(allRefused);
  expect(await verdictOf('flaky')).toBe('down');
  expect((await history.judgement('flaky'))?.owed).toEqual([]);
  expect(await deliveries.pending('topic', ' ')).toHaveLength(1);
  takesAlerts = true;
  for (let count = 0; count < 3; count++) await round(allRefused);

  expect(told.map(({ kind, subject }) => [kind, subject])).toEqual([['down', 'flaky']]);
  expect(await deliveries.pending('topic', ' ')).toEqual([]);
  const { email, sms, subject } = alertTexts(told[0] as Alert, config);
  expect(subject).toMatch(/DOWN flaky.*3 of 3/);
  expect(email).toContain('554 5.3.1 Mail system full');
  expect(email).toContain('greeting');
  expect(sms.length).toBeLessThanOrEqual(160);
});

test('two passed rounds are the recovery, told once', async () => {
  for (let count = 0; count < 3; count++) await round(healthy);
  expect(await verdictOf('flaky')).toBe('up');
  expect(told.map(({ kind }) => kind)).toEqual(['down', 'recovered']);
});

test('the history reads back: the incident with its evidence, and every sample', async () => {
  const [incident, ...others] = await history.incidents('flaky');
  expect(others).toEqual([]);
  expect(incident?.closed).not.toBeNull();
  expect(incident?.witnesses.map(({ vantage, phase }) => [vantage, phase])).toEqual(
    expect.arrayContaining(config.policy.vantages.map((vantage) => [vantage, 'greeting'])),
  );
  expect(incident?.witnesses[0]?.transcript.join('\n')).toContain('554 5.3.1 Mail system full');
  const rounds = await history.rounds('us-east-1', '2026-11-22T05:00:00Z');
  const outcomes = rounds.map(({ samples }) => samples.get('flaky')?.outcome);
  expect(outcomes.filter((outcome) => outcome === 'fail').length).toBeGreaterThanOrEqual(4);
  expect(outcomes.filter((outcome) => outcome === 'pass').length).toBeGreaterThanOrEqual(8);
});

test('a round that is delivered twice is recorded once', async () => {
  const scheduled = isoSeconds(now);
  const before = await history.rounds('us-east-1', scheduled);
  await probeRound(ports('us-east-1'), { scheduled });
  expect(await history.rounds('us-east-1', scheduled)).toEqual(before);
});
