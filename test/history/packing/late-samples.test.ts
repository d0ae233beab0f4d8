import { describe, expect, test } from 'vitest';
import { judgeAll } from '../../../lambda/consensus/judge-all.ts';
import { type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { observationsByTarget } from '../../../lambda/history/group-samples-by-target.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { unpackRound } from '../../../lambda/history/packing/round-packing.ts';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
import { healthy, refused, roundOf } from '../samples.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';

const start = Date.parse('2026-11-22T05:00:00Z');
const name = isoSeconds(start);
const round = { ...roundOf('local', name, { mx1: healthy }), fresh: 12, underWay: { hung: 17, slow: 17 } };
const late = (target: string, seconds = 15) => new Map([[target, { ...refused, late: seconds }]]);

function setUp(wrap = (table: Table): Table => table) {
  const table = openInMemoryTable(() => start);
  return { table, history: openHistory(wrap(table), { now: () => start }) };
}

describe('a sample that ended after its round was recorded', () => {
  test('is added to the same round, once', async () => {
    const { history } = setUp();
    expect(await history.recordRound(round)).toBe('written');
    expect(await history.addToRound('local', name, late('hung'))).toBe(true);
    const [stored] = await history.rounds('local', '');
    expect(stored).toMatchObject({ round: name, fresh: 12, underWay: { slow: 17 } });
    expect([...(stored?.samples.keys() ?? [])]).toEqual(['mx1', 'hung']);
    expect(stored?.samples.get('hung')).toEqual({ ...refused, late: 15 });
    expect(await history.addToRound('local', name, late('slow'))).toBe(true);
    const [whole] = await history.rounds('local', '');
    expect([...(whole?.samples.keys() ?? [])]).toEqual(['mx1', 'hung', 'slow']);
    expect(whole?.underWay).toBeUndefined();
  });

  test('is a part of the round, as parts of version 0.1 are', async () => {
    const { table, history } = setUp();
    await history.recordRound(round);
    await history.addToRound('local', name, late('hung'));
    const items = [...table.stored.values()];
    const head = items.find(({ sk }) => sk === name) as Item;
    expect(head).toMatchObject({ packing: 1, parts: [expect.stringMatching(/^2026-11-22T05:00:00Z#2#/)] });
    const read = unpackRound(head, (sk) => items.find((item) => item.sk === sk));
    expect(read.samples.get('hung')?.code).toBe('greeting-refused');
  });

  test('is added although an answer was lost, and beside those of another writer', async () => {
    let lost = 0;
    const { table, history } = setUp((inner) => ({
      ...inner,
      put: async (item, condition) => {
        const written = await inner.put(item, condition);
        if (condition !== undefined && 'version' in condition && lost++ === 0) return false;
        return written;
      },
    }));
    await history.recordRound(round);
    const other = openHistory(table, { now: () => start });
    const added = await Promise.all([
      history.addToRound('local', name, late('hung')),
      other.addToRound('local', name, late('slow')),
    ]);
    expect(added).toEqual([true, true]);
    const [stored] = await history.rounds('local', '');
    expect([...(stored?.samples.keys() ?? [])].sort()).toEqual(['hung', 'mx1', 'slow']);
    expect(stored?.underWay).toBeUndefined();
  });

  test('is not added to a round that does not expect it', async () => {
    const { history } = setUp();
    expect(await history.addToRound('local', name, late('hung'))).toBe(false);
    await history.recordRound(roundOf('local', name, { mx1: healthy }));
    expect(await history.addToRound('local', name, late('hung'))).toBe(false);
  });

  test('stays in the hour, with the seconds by which it was late', async () => {
    const clock = { now: start };
    const history = openHistory(
      openInMemoryTable(() => clock.now),
      { now: () => clock.now },
    );
    await history.recordRound(round);
    await history.addToRound('local', name, late('hung'));
    clock.now = start + 2 * 3_600_000;
    await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
    const [sample] = await history.samples('hung', ['local'], name);
    expect(sample).toMatchObject({ round: name, sample: { outcome: 'fail', late: 15 } });
  });
});

test('a sample that is added to the last round of an hour after the rollup is rolled up with it', async () => {
  const clock = { now: start };
  const history = openHistory(
    openInMemoryTable(() => clock.now),
    { now: () => clock.now },
  );
  const last = isoSeconds(start + 3_595_000);
  const rollUp = () => history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
  await history.recordRound({ ...round, round: last });
  clock.now = start + 3_600_000;
  expect((await rollUp()).hours).toEqual(['2026-11-22T05']);
  await history.addToRound('local', last, late('hung'));
  clock.now = start + 2 * 3_600_000;
  await rollUp();
  expect(await history.samples('hung', ['local'], name)).toMatchObject([{ round: last, sample: { late: 15 } }]);
});

describe('while a probe takes longer than a round', () => {
  const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every: 5000, slowest: 22_000 };

  /** The verdict of a target at some seconds, with a probe each 25 s that takes 20 s and fails, and passes before. */
  function verdicts(seconds: readonly number[], isRecorded = (_: number) => true) {
    let stored: ReturnType<typeof judgeAll>[number]['next'][] = [];
    return seconds.map((second) => {
      const rounds = [-10, -5, 0, 25, 50].flatMap((at) => {
        if (at + 3 > second || !isRecorded(at)) return [];
        const base = { vantage: 'local', round: isoSeconds(start + at * 1000) };
        if (at < 0) return [{ ...base, samples: new Map([['hung', healthy]]) }];
        if (at + 20 > second) return [{ ...base, samples: new Map(), underWay: { hung: 17 } }];
        return [{ ...base, samples: late('hung') }];
      });
      const now = start + second * 1000;
      const passes = judgeAll({ targets: ['hung'], stored, observations: observationsByTarget(rounds), policy, now });
      stored = passes.map(({ next }) => next);
      return stored.find(({ target }) => target === 'hung')?.verdict;
    });
  }

  test('its vantage is not silent, and two failures are an outage', () => {
    const seconds = Array.from({ length: 75 }, (_, second) => second);
    const found = verdicts(seconds);
    expect(found.lastIndexOf('up')).toBe(44);
    expect(new Set(found.slice(0, 45))).toEqual(new Set(['up']));
    expect(new Set(found.slice(45))).toEqual(new Set(['down']));
  });

  test('its vantage is silent if the probe does not end by its deadline', () => {
    // The round of 0:00 is the last that was recorded, and its probe never ends.
    const lost = (second: number) => {
      const rounds = [
        { vantage: 'local', round: isoSeconds(start - 5000), samples: new Map([['hung', healthy]]) },
        { vantage: 'local', round: name, samples: new Map(), underWay: { hung: 17 } },
      ];
      const now = start + second * 1000;
      const passes = judgeAll({
        targets: ['hung'],
        stored: [],
        observations: observationsByTarget(rounds),
        policy,
        now,
      });
      return passes.find(({ next }) => next.target === 'hung')?.next.verdict;
    };
    expect([3, 20, 29, 30, 60].map(lost)).toEqual(['up', 'up', 'up', 'unknown', 'unknown']);
  });
});
