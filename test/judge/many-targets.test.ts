/** Many targets that fail together: people are told while the judge still writes, and what it has no time for is not lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { groupsOf, type Task } from '../../lambda/judge/group-writes-by-urgency.ts';
import { judge } from '../../lambda/judge/judge.ts';
import type { BusEvent } from '../../lambda/ports.ts';
import { healthy, refused } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';

const START = Date.parse('2026-11-22T05:00:00Z');
const MINUTE = 60_000;

/** As many targets, with two rounds in which all pass and two in which all fail, judged up to the last round. */
async function startOutage(targets: number) {
  const { ports } = testPorts(Array.from({ length: targets }, (_, place) => target(`mx${place}`, 25)));
  let now = START;
  const stored = openInMemoryTable(() => now);
  const writes: string[] = [];
  const wakes: number[] = [];
  const table: Table = {
    ...stored,
    put: (item, condition) => {
      writes.push(item.pk);
      return stored.put(item, condition);
    },
  };
  const publishEvents = async (events: readonly BusEvent[]) => {
    if (events.some(({ type }) => type === 'Delivery Due')) wakes.push(writes.length);
  };
  const history = openHistory(table, { now: () => now });
  const deliveries = openDeliveries(table, { now: () => now });
  const { vantages } = ports.config.policy;
  const record = async (sample: typeof healthy) => {
    now += MINUTE;
    const samples = new Map(ports.config.targets.map(({ id }) => [id, sample]));
    for (const vantage of vantages) await history.recordRound({ vantage, round: isoSeconds(now), samples });
    now += 5_000;
  };
  const run = (timeLeft?: () => number) =>
    judge({ ...ports, history, deliveries, publishEvents, now: () => now, ...(timeLeft ? { timeLeft } : {}) });
  for (const sample of [healthy, healthy, refused]) {
    await record(sample);
    await run();
    now -= 5_000;
  }
  await record(refused);
  writes.length = 0;
  wakes.length = 0;
  const told = async () => (await deliveries.pending('terminal', ' ')).map(({ alert }) => alert.subject);
  const verdicts = async () => (await history.judgements()).filter(({ target: id }) => id.startsWith('mx'));
  const down = async () => (await verdicts()).filter(({ verdict }) => verdict === 'down');
  return { run, writes, wakes, told, down, skip: (time: number) => (now += time) };
}

test('of 400 targets that go down at once, the first are told after 25 verdicts', async () => {
  const { run, wakes, writes } = await startOutage(400);
  const report = await run();
  expect(report).toMatchObject({ told: 400, down: 400, failed: [] });
  // 25 verdicts, incidents and deliveries each, and two marks of the channel. Without groups it would be 1,202 writes.
  expect(wakes[0]).toBe(77);
  expect(wakes.length).toBeLessThanOrEqual(5);
  expect(writes.filter((pk) => pk === 'delivery#terminal')).toHaveLength(400);
});

test('a judge without time hands over what it has written, and the next judge does the rest', async () => {
  const { run, writes, told, down, skip } = await startOutage(120);
  const verdictsWritten = () => writes.filter((pk) => pk === 'verdicts').length;
  const first = await run(() => (verdictsWritten() < 40 ? 30_000 : 9_000));
  expect(first.failed).toEqual(['time']);
  const written = await down();
  expect(written.length).toBeGreaterThanOrEqual(25);
  expect(written.length).toBeLessThan(120);
  expect(written.flatMap(({ owed }) => owed)).toEqual([]);
  expect((await told()).sort()).toEqual(written.map(({ target: id }) => id).sort());

  skip(1_000);
  expect((await run()).failed).toEqual([]);
  const all = await told();
  expect([all.length, new Set(all).size, (await down()).length]).toEqual([120, 120, 120]);
});

test('groups have every task once, in order; the first is small, and none is large', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_000 }), (count) => {
      const tasks = Array.from({ length: count }, (_, place) => ({ target: `mx${place}` }) as unknown as Task);
      const groups = groupsOf(tasks);
      expect(groups.flat()).toEqual(tasks);
      expect(groups.every(({ length }, place) => length > 0 && length <= (place === 0 ? 25 : 200))).toBe(true);
      expect(groups.length).toBeLessThanOrEqual(3 + count / 200);
    }),
    { numRuns: 50 },
  );
});
