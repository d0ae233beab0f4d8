/** From the message of a trip to a finding of posture, over the table. */
import { expect, test } from 'vitest';
import type { Item } from '../../lambda/history/table/table.ts';
import { type TripRecord, tripItem } from '../../lambda/history/trips/trip-record.ts';
import { watchPosture } from '../../lambda/posture-watch/watch-posture.ts';
import { arrivalOf } from '../../lambda/trip-run/arrival-of-message.ts';
import { messageOfTrip } from '../../lambda/trip-run/send-trip.ts';
import { goodKey } from '../posture/cases.ts';
import type { Answers } from '../standards/answers.ts';
import { roundTrip } from '../trip-run/world.ts';
import { openWorld, postureDomain, start, type World } from './world.ts';

const DAY = 86_400_000;
const trip = roundTrip(25, 143);

interface Shown {
  readonly at?: number;
  readonly selector?: string;
  readonly domain?: string;
  readonly address?: string;
}

/** As it is stored of a message with these fields. */
function stored({
  at = start - 60_000,
  selector = 's9',
  domain = 'example.com',
  address = '203.0.113.5',
}: Shown = {}): Item {
  const token = { trip: trip.id, id: 'message-000001', at };
  const sent = messageOfTrip(trip, token, 'a key of thirty-two characters!!');
  const fields = [
    `Received: from mail.example.com (mail.example.com [${address}]) by mx.example.net with ESMTPS id 88888`,
    `DKIM-Signature: v=1; a=rsa-sha256; d=${domain}; s=${selector}; bh=AAAA; b=BBBB`,
    'Received: from probe.example.com by mail.example.com with ESMTPSA id 4XyZ1q2w3e',
  ].map((field) => `${field}; Thu, 26 Nov 2026 13:00:00 +0000\r\n`);
  const sending = { outcome: 'accepted', at, reply: '2.0.0 Ok: queued as 4XyZ1q2w3e' } as const;
  const raw = Buffer.concat([Buffer.from(fields.join('')), sent.message]);
  const found = { folder: 'inbox', name: 'inbox 1', id: '1', token, raw, truncated: false } as const;
  const arrival = arrivalOf(found, { trip, sent, acceptance: sending, absent: null, seen: at + 2_000 });
  const record: TripRecord = {
    ...{ trip: trip.id, id: token.id, at, vantage: 'local', isSecond: false, sending, session: 100, version: 3 },
    ...{ read: at, readFailure: null, arrivals: [arrival], known: ['inbox 1'], verdict: null },
  };
  return tripItem(record);
}

async function worldWith(items: readonly Item[], dns: Answers = {}, roundTrips = ['out']): Promise<World> {
  const posture = [postureDomain('example.com', { roundTrips })];
  const world = openWorld({ config: { posture }, dns: () => dns });
  for (const item of items) await world.table.put(item);
  return world;
}

/** `dkim-missing s9._domainkey.example.com`, as stored. */
async function findings({ ports }: World): Promise<readonly string[]> {
  const state = await ports.history.latestPosture('example.com', 'us-east-1');
  return (state?.findings ?? []).map(({ code, subject }) => `${code} ${subject}`);
}

test('a selector that signs and has no key is a failure, beside that of the config', async () => {
  const world = await worldWith([stored()]);
  await world.run(start);
  expect(await findings(world)).toContain('dkim-missing s9._domainkey.example.com');
  expect(world.questions).toContain('TXT s1._domainkey.example.com');
  expect(world.logged).toEqual([]);
});

test('a selector that signs and has a key is valid, and no common selector is guessed', async () => {
  const dns = { 's9._domainkey.example.com': { TXT: [`v=DKIM1; k=rsa; p=${goodKey}`] } };
  const world = openWorld({
    config: { posture: [postureDomain('example.com', { selectors: [], roundTrips: ['out'] })] },
    dns: () => dns,
  });
  await world.table.put(stored());
  await world.run(start);
  expect(await findings(world)).toContain('dkim-valid s9._domainkey.example.com');
  expect(world.questions).not.toContain('TXT selector1._domainkey.example.com');
});

test('a listing of the address that sends is a failure each quarter of an hour, and so is its missing name', async () => {
  const world = await worldWith([stored()], { '5.113.0.203.zen.spamhaus.org': { A: ['127.0.0.2'] } });
  await world.run(start);
  expect(await findings(world)).toEqual(
    expect.arrayContaining(['dnsbl-listed 203.0.113.5 on zen.spamhaus.org', 'fcrdns-no-name 203.0.113.5']),
  );
  world.questions.length = 0;
  await world.run(start + 15 * 60_000);
  expect(world.questions).toContain('A 5.113.0.203.zen.spamhaus.org');
});

const damaged = (item: Item) => ({ ...item, arrivals: [{ ...(item.arrivals as object[])[0], sendingAddress: 7 }] });

test.each<[string, Item, readonly string[]]>([
  ['of more than 7 days ago', stored({ at: start - 7 * DAY - 60_000 }), ['out']],
  ['of another domain', stored(), ['other']],
  ['without an arrival', { ...stored(), arrivals: [] }, ['out']],
  ['of the release before', before(stored()), ['out']],
  ['that is damaged', damaged(stored()), ['out']],
])('a trip %s shows nothing', async (_, item, roundTrips) => {
  const world = await worldWith([item], {}, [...roundTrips]);
  await world.run(start);
  expect((await findings(world)).filter((one) => /s9\.|203\.0\.113\.5/.test(one))).toEqual([]);
  expect(world.questions.length).toBeGreaterThan(0);
});

function before(item: Item): Item {
  const [{ sendingAddress: _, signatures: __, ...arrival }] = item.arrivals as [Record<string, unknown>];
  return { ...item, arrivals: [arrival] };
}

test('a signature of another domain shows its address alone', async () => {
  const world = await worldWith([stored({ domain: 'example.org' })]);
  await world.run(start);
  const found = await findings(world);
  expect(found.filter((one) => one.includes('s9.'))).toEqual([]);
  expect(found).toContain('fcrdns-no-name 203.0.113.5');
});

test('a copy that comes after the message shows nothing', async () => {
  const [item, copy] = [stored(), stored({ selector: 'forged', address: '203.0.113.66' })];
  const world = await worldWith([{ ...item, arrivals: [item.arrivals, copy.arrivals].flat() }]);
  await world.run(start);
  const found = (await findings(world)).join('\n');
  expect(found).toContain('203.0.113.5');
  expect(found).not.toMatch(/forged|203\.0\.113\.66/);
});

test('one query for each round trip of a watched domain; of many trips, the newest 50 are read, and a few of what they show are taken', async () => {
  const items = Array.from({ length: 80 }, (_, nth) =>
    stored({ at: start - (nth + 1) * 60_000, selector: `k${nth}`, address: `203.0.113.${nth}` }),
  );
  const world = await worldWith(items);
  const read: string[] = [];
  const { newestTrips } = world.ports.history;
  const counted: typeof newestTrips = async (id, since) => {
    const trips = await newestTrips(id, since);
    read.push(`${id} ${trips.length}`);
    return trips;
  };
  const ports = { ...world.ports, history: { ...world.ports.history, newestTrips: counted } };
  await watchPosture(ports, { scheduled: '2026-11-26T13:02:00Z' });
  expect(read).toEqual(['out 50']);
  const found = await findings(world);
  expect(found.filter((one) => /^dkim-missing k\d\./.test(one))).toHaveLength(10);
  expect(found.filter((one) => one.startsWith('fcrdns-no-name 203.0.113.'))).toHaveLength(8);
});

test('a store of trips that fails is logged once, and posture goes on with what the config says', async () => {
  const roundTrips = ['out', 'second'];
  const posture = ['example.com', 'example.org'].map((domain) => postureDomain(domain, { roundTrips }));
  const world = openWorld({ config: { posture } });
  const newestTrips = async () => {
    throw new Error('AccessDeniedException');
  };
  const ports = { ...world.ports, history: { ...world.ports.history, newestTrips } };
  const { domains } = await watchPosture(ports, { scheduled: '2026-11-26T13:02:00Z' });
  expect(domains.map(({ kind }) => kind)).toEqual(['checked', 'checked']);
  expect(world.logged).toEqual([
    { level: 'warn', message: 'what round trips have shown cannot be read', facts: { why: 'AccessDeniedException' } },
  ]);
  expect(await findings(world)).toContain('dkim-valid s1._domainkey.example.com');
});
