import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample, VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { readShard, recentShard, type ShardTarget } from '../../../lambda/reports/history-shards/read-shards.ts';
import type { HistoryShard, RoundShard, SummaryShard } from '../../../lambda/reports/history-shards/shard.ts';
import { sessionsInShards } from '../../../web/history/sessions.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-22T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const VANTAGES = ['eu-west-1', 'us-east-1'];
const name = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const shown: ShardTarget = { id: 'mx1', detail: 'full', incidents: [], planned: [] };
const hidden: ShardTarget = { ...shown, detail: 'name' };

const facts = { starttls: 'offered', leaf: '3f2a 2026-10-12 2027-01-10 CN=R11', inClear: 'DSN', inTls: '=inClear' };

function sampleAt(at: number, vantage: string): RecordedSample {
  const minute = (at - START) / MINUTE;
  if (minute % 60 === 0) return { ...healthy, facts };
  if (minute === 90 && vantage === 'us-east-1')
    return { ...healthy, facts: { inClear: 'DSN SIZE', inTls: '=inClear' } };
  return minute % 25 === 20 ? refused : healthy;
}

/** A history of whole hours, one round in five minutes, rolled up. */
async function recorded(hours: number) {
  const clock = { now: START };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  for (let at = START; at < START + hours * HOUR; at += 5 * MINUTE) {
    clock.now = at;
    for (const vantage of VANTAGES) {
      const round = roundOf(vantage, name(at), { mx1: sampleAt(at, vantage) });
      await history.recordRound({ ...round, fresh: 750 });
    }
  }
  clock.now = START + hours * HOUR;
  await history.rollUp({ vantages: VANTAGES, by: 'test', deadline: Number.POSITIVE_INFINITY });
  return { table, history };
}

const asRounds = (shard: HistoryShard | null) => (shard?.grain === 'round' ? [shard] : []);

describe('a day of rounds', () => {
  test('has each session of the history, with its finding', async () => {
    const { table, history } = await recorded(3);
    const shard = await readShard({ table }, shown, { grain: 'round', first: '2026-11-22' });
    const sessions = sessionsInShards(asRounds(shard));
    const expected = await history.samples('mx1', VANTAGES, name(START), name(START + 24 * HOUR));
    expect(sessions).toHaveLength(expected.length);
    for (const { vantage, round, sample } of expected) {
      const found = sessions.find((one) => one.vantage === vantage && one.round === round);
      const { outcome, total, timings, phase, code, reply, detail, address } = sample;
      expect(found).toMatchObject({ outcome, total, timings });
      expect(found?.seen).toMatchObject({ phase, code, reply, detail, address, transcript: [] });
    }
  });

  test('a session has the facts that were last recorded before it, in full', async () => {
    const { table } = await recorded(3);
    const shard = await readShard({ table }, shown, { grain: 'round', first: '2026-11-22' });
    const keywordsAt = (minute: number, vantage: string) =>
      sessionsInShards(asRounds(shard)).find((one) => one.vantage === vantage && one.at === START + minute * MINUTE)
        ?.seen?.facts;
    expect(keywordsAt(85, 'us-east-1')).toMatchObject({ inTls: 'DSN', starttls: 'offered' });
    expect(keywordsAt(95, 'us-east-1')).toMatchObject({ inTls: 'DSN SIZE', starttls: 'offered' });
    expect(keywordsAt(95, 'eu-west-1')).toMatchObject({ inTls: 'DSN' });
    expect(keywordsAt(120, 'us-east-1')).toMatchObject({ inTls: 'DSN' });
  });

  test('of a target whose name alone is shown has nothing that a server said', async () => {
    const { table } = await recorded(2);
    const shard = await readShard({ table }, hidden, { grain: 'round', first: '2026-11-22' });
    expect(JSON.stringify(shard)).not.toMatch(/198\.51|greeting-refused|no service here|R11|DSN|offered/);
    const sessions = sessionsInShards(asRounds(shard));
    expect(sessions.map(({ outcome }) => outcome)).toContain('fail');
    expect(sessions.every(({ seen }) => seen === null)).toBe(true);
  });

  test('null if the history has nothing of the day', async () => {
    const { table } = await recorded(1);
    expect(await readShard({ table }, shown, { grain: 'round', first: '2026-11-23' })).toBeNull();
  });
});

describe('hours and days', () => {
  test('have the percentiles and counts of the history', async () => {
    const { table, history } = await recorded(26);
    const hours = (await readShard({ table }, shown, { grain: 'hour', first: '2026-11-17' })) as SummaryShard;
    const known = await history.hours('mx1', name(START));
    expect(hours.spans).toEqual(known.map(({ span }) => span));
    expect(hours.vantages['eu-west-1']?.counts).toEqual({
      pass: known.map(({ vantages }) => vantages['eu-west-1']?.counts.pass ?? 0),
      fail: known.map(({ vantages }) => vantages['eu-west-1']?.counts.fail ?? 0),
    });
    expect(hours.vantages['eu-west-1']?.p50).toBe(`111:${'.'.repeat(26)}`);
    const days = (await readShard({ table }, shown, { grain: 'day', first: '2026-11-01' })) as SummaryShard;
    expect(days.spans).toEqual(['2026-11-22']);
    expect(days.vantages['us-east-1']?.phases.tls).toBe('28:.');
    // From the sketch, which is exact to 2 %.
    const [median = 0] = days.all.p50.split(':').map(Number);
    expect(Math.abs(median - 111) / 111).toBeLessThan(0.02);
  });
});

test('incidents and windows that overlap, and no others; why is hidden with the rest', () => {
  const incident = (opened: number, closed: number | null) => ({
    id: `mx1@${name(opened)}`,
    opened: name(opened),
    closed: closed === null ? null : name(closed),
    verdict: 'down' as const,
  });
  const target: ShardTarget = {
    ...shown,
    incidents: [
      incident(START - 50 * HOUR, START - 49 * HOUR),
      incident(START + HOUR, null),
      incident(START - HOUR, START + 1000),
    ],
    planned: [
      { kind: 'window', id: 'w', why: 'update of mx1.internal', from: START, until: START + HOUR, subjects: ['mx1'] },
      { kind: 'mute', id: 'm', why: 'of others', from: START, until: START + HOUR, subjects: ['mx2'] },
    ],
  };
  const of = (detail: 'full' | 'name') => recentShard({ ...target, detail }, [], { from: START, to: START + 3 * HOUR });
  expect(of('full').incidents.map(({ from, to }) => [from, to])).toEqual([
    [name(START - HOUR), name(START + 1000)],
    [name(START + HOUR), null],
  ]);
  expect(of('full').windows).toEqual([
    { kind: 'window', from: name(START), to: name(START + HOUR), why: 'update of mx1.internal' },
  ]);
  expect(of('name').windows.map(({ why }) => why)).toEqual([null]);
});

describe('bounds', () => {
  const samples = (count: number, sampleOf: (nth: number) => RecordedSample): readonly VantageSample[] =>
    Array.from({ length: count }, (_, nth) => ({
      vantage: 'eu-west-1',
      round: name(START + nth * 1000),
      sample: sampleOf(nth),
    }));
  const size = (shard: RoundShard) => JSON.stringify(shard).length;
  const span = { from: START, to: START + 24 * HOUR };

  test('a server that says something else each time does not make a large shard; the newest is kept', () => {
    const shard = recentShard(
      shown,
      samples(3600, (nth) => ({
        ...refused,
        reply: `554 ${nth} ${'x'.repeat(400)}`,
        transcript: ['y'.repeat(2000), String(nth)],
      })),
      span,
    );
    expect(size(shard)).toBeLessThan(500_000);
    const sessions = sessionsInShards([shard]);
    expect(sessions).toHaveLength(3600);
    expect(sessions.at(-1)?.seen?.transcript.at(-1)).toBe('3599');
    expect(sessions[0]?.seen?.transcript).toEqual([]);
    expect(sessions[0]?.seen?.code).toBe('greeting-refused');
  });

  test('rounds of each second: the newest hours are kept, and the others are counted', () => {
    const shard = recentShard(
      shown,
      samples(10 * 3600, () => healthy),
      span,
    );
    expect(shard.omitted).toBe(2 * 3600);
    expect(sessionsInShards([shard])).toHaveLength(8 * 3600);
    expect(shard.hours[0]?.hour).toBe('2026-11-22T02');
  });

  test('five vantages each minute of a day take some tens of kilobytes', () => {
    const jitter = (nth: number, base: number) => base + ((nth * 7919) % 13);
    const all = ['a', 'b', 'c', 'd', 'e'].flatMap((vantage) =>
      samples(1440, (nth) => ({
        ...healthy,
        timings: {
          connect: jitter(nth, 12),
          greeting: jitter(nth + 1, 31),
          ehlo: jitter(nth + 2, 12),
          tls: jitter(nth + 3, 28),
          quit: 12,
        },
        total: jitter(nth, 12) + jitter(nth + 1, 31) + jitter(nth + 2, 12) + jitter(nth + 3, 28),
      })).map((one, nth) => ({ ...one, vantage, round: name(START + nth * MINUTE) })),
    );
    const shard = recentShard(shown, all, span);
    expect(shard.omitted).toBe(0);
    expect(size(shard)).toBeLessThan(80_000);
    expect(gzipSync(JSON.stringify(shard)).length).toBeLessThan(20_000);
  });
});

test('the order of the samples does not change a shard', () => {
  const all: readonly VantageSample[] = VANTAGES.flatMap((vantage) =>
    Array.from({ length: 20 }, (_, nth) => ({
      vantage,
      round: name(START + nth * 10 * MINUTE),
      sample: nth % 3 === 0 ? refused : healthy,
    })),
  );
  const span = { from: START, to: START + 4 * HOUR };
  const made = (samples: readonly VantageSample[]) => sessionsInShards([recentShard(shown, samples, span)]);
  const byName = (sessions: ReturnType<typeof made>) =>
    sessions.toSorted((a, b) => (`${a.at} ${a.vantage}` < `${b.at} ${b.vantage}` ? -1 : 1));
  fc.assert(
    fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), (shuffled) => {
      expect(byName(made(shuffled))).toEqual(byName(made(all)));
    }),
    { numRuns: 20 },
  );
});
