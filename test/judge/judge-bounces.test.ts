import { describe, expect, test } from 'vitest';
import type { BounceSettings } from '../../lambda/config/bounce-settings.ts';
import { BOUNCE_POLICY } from '../../lambda/consensus/bounces/bounce-policy.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import { judgeBounces } from '../../lambda/judge/judge-bounces.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';

const START = Date.parse('2026-11-26T09:12:00Z');
const MINUTE = 60_000;
const watched: BounceSettings = { policy: BOUNCE_POLICY, ses: true, logs: [] };

/** A judge with a table, whose calls are counted. */
function world() {
  let now = START;
  const calls = { reads: 0, puts: [] as Item[] };
  let failing: (item: Item) => boolean = () => false;
  const memory = openInMemoryTable(() => now);
  const table: typeof memory = {
    ...memory,
    get: (pk, sk) => {
      calls.reads += 1;
      return memory.get(pk, sk);
    },
    query: (pk, range) => {
      calls.reads += 1;
      return memory.query(pk, range);
    },
    put: async (item, condition) => {
      if (failing(item)) throw new Error('the table is gone');
      calls.puts.push(item);
      return memory.put(item, condition);
    },
  };
  const { ports, alerts, logged } = testPorts([target('mx1', 25)], { bounces: watched });
  const bounces = openBounceHistory(table, { now: () => now });
  const made: JudgePorts = { ...ports, bounces, now: () => now };
  let serial = 0;
  const bounce = async (count: number, ...domains: readonly string[]) => {
    const senders = domains.length === 0 ? ['example.com'] : domains;
    const records = Array.from({ length: count * senders.length }, (_, place) => {
      const from = senders[Math.floor(place / count)] ?? '';
      serial += 1;
      const outcome = {
        kind: 'bounced',
        at: now,
        from,
        provider: 'Microsoft',
        code: '5.7.515',
        text: 'x',
        delay: 1,
      } as const;
      return { id: String(serial).padStart(8, '0'), outcomes: [outcome] };
    });
    await bounces.record('ses', records);
    calls.reads = 0;
    calls.puts.length = 0;
  };
  return {
    calls,
    alerts,
    logged,
    bounce,
    bounces,
    judge: (isEvent: boolean, config: JudgePorts['config'] = made.config) => judgeBounces({ ...made, config }, isEvent),
    config: made.config,
    at: (minutes: number) => {
      now = START + minutes * MINUTE;
    },
    fail: (is: (item: Item) => boolean) => {
      failing = is;
    },
  };
}

test('bounces are told at once, once, and as over; what is done is not done again', async () => {
  const { bounce, judge, alerts, at } = world();
  await bounce(60);
  expect(await judge(true)).toMatchObject({ domains: 1, changed: 1, told: 1, failed: [] });
  expect(await judge(true)).toMatchObject({ domains: 1, changed: 0, told: 0 });
  at(24 * 60 + 20);
  expect(await judge(false)).toMatchObject({ changed: 1, told: 1 });
  expect(alerts.map(({ kind, is }) => [kind, is])).toEqual([
    ['bounces', 'degraded'],
    ['bounces-over', 'up'],
  ]);
});

test('a pass with nothing to do reads one small item, and writes nothing', async () => {
  const { judge, calls, at } = world();
  await judge(false);
  calls.reads = 0;
  calls.puts.length = 0;
  at(4);
  expect(await judge(false)).toMatchObject({ domains: 0 });
  expect(calls).toEqual({ reads: 1, puts: [] });
});

test('a lost event is made good within five minutes', async () => {
  const { bounce, judge, alerts, at } = world();
  await judge(false);
  await bounce(60);
  at(4);
  await judge(false);
  expect(alerts).toEqual([]);
  at(5);
  await judge(false);
  expect(alerts).toHaveLength(1);
});

test('hours become items of their own, once each', async () => {
  const { bounce, judge, at, calls } = world();
  await bounce(60);
  await judge(true);
  at(60);
  expect(await judge(false)).toMatchObject({ hours: 1 });
  at(66);
  expect(await judge(false)).toMatchObject({ hours: 0 });
  expect(calls.puts.filter(({ sk }) => sk.startsWith('hour#')).map(({ sk }) => sk)).toEqual(['hour#2026-11-26T09#ses']);
});

describe('a judge that ends early', () => {
  const stages: readonly [string, (item: Item) => boolean][] = [
    ['before the verdict is written', ({ pk, sk }) => pk === 'bounce-verdicts' && sk === 'example.com'],
    [
      'before its alerts are removed',
      ({ pk, sk, owed }) =>
        pk === 'bounce-verdicts' && sk === 'example.com' && Array.isArray(owed) && owed.length === 0,
    ],
    ['before its progress is written', ({ sk }) => sk === '#judged'],
    ['before the hours are written', ({ sk }) => sk.startsWith('hour#')],
  ];
  test.each(stages)('%s: the next one does the rest, and nothing is told twice', async (_, is) => {
    const { bounce, judge, alerts, fail, at } = world();
    await judge(false);
    await bounce(60);
    at(61);
    fail(is);
    expect((await judge(true)).failed.length).toBeGreaterThan(0);
    fail(() => false);
    at(62);
    expect((await judge(false)).failed).toEqual([]);
    expect(alerts).toHaveLength(1);
  });
});

test('without `bounces` in the config, what was told is withdrawn, and nothing is read after that', async () => {
  const { bounce, judge, alerts, config, calls, at } = world();
  await bounce(60);
  await judge(true);
  const { bounces: _, ...without } = config;
  await judge(false, without);
  expect(alerts.map(({ kind }) => kind)).toEqual(['bounces', 'bounces-over']);
  calls.reads = 0;
  at(600);
  await judge(false, without);
  expect(calls.reads).toBe(1);
});

test('many sending domains are judged, those that were told first', async () => {
  const { bounce, judge, alerts } = world();
  await bounce(60, 'd0.example.com');
  await bounce(50, ...Array.from({ length: 519 }, (_, nth) => `d${nth + 1}.example.com`));
  expect(await judge(true)).toMatchObject({ domains: 500, failed: [] });
  expect(new Set(alerts.map(({ subject }) => subject)).size).toBe(500);
});
