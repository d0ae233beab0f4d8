/** Whatever stands in the table: what can be read is read, the rest is skipped and told once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import { fromAttributes, toAttributes } from '../../lambda/history/table/attributes.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { UnreadableItem } from '../../lambda/history/table/unreadable.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { target, testPorts } from '../ports.ts';
import { healthy, refused, roundOf } from './samples.ts';
import { openInMemoryTable as openTwin } from './table/in-memory-table.ts';

const round = '2026-11-22T05:00:00Z';
const now = Date.parse(round) + 30_000;
const vantages = ['local'];

function open() {
  const told: UnreadableItem[] = [];
  const twin = openTwin(() => now);
  const history = openHistory(twin, { now: () => now, reportUnreadable: (item) => void told.push(item) });
  return { told, twin, history };
}

/** Names that objects have of their own. */
const ownNames = Object.getOwnPropertyNames(Object.prototype);
const ids = [
  ...ownNames.filter((name) => name !== '__proto__'),
  'length',
  'name',
  'prototype',
  'then',
  'toJSON',
  '0',
  '-1',
];

describe('hostile ids', () => {
  test.each(ids)('%s is stored and read as an id', async (id) => {
    const { told, history } = open();
    await history.recordRound(roundOf('local', round, { [id]: refused, mx1: healthy }));
    const [read] = await history.outcomes('local', round);
    expect([...(read?.samples.keys() ?? [])].sort()).toEqual([id, 'mx1'].sort());
    expect(read?.samples.get(id)).toMatchObject({ outcome: refused.outcome });
    const verdict = { target: id, verdict: 'down', since: round, incident: null, owed: [] } as const;
    expect(await history.writeJudgement(verdict, 0, null)).toBe(true);
    expect(await history.judgement(id)).toMatchObject(verdict);
    expect(told).toEqual([]);
  });

  test('are rolled up', async () => {
    const { told, twin } = open();
    const later = now + 26 * 3_600_000;
    const clock = { now: () => later, roundDays: 30 };
    const history = openHistory({ ...twin }, { ...clock, reportUnreadable: (item) => void told.push(item) });
    await openHistory(twin, { now: () => now, roundDays: 30 }).recordRound(
      roundOf('local', round, Object.fromEntries(ids.map((id) => [id, healthy]))),
    );
    expect((await history.rollUp({ vantages, by: 'test', deadline: Number.POSITIVE_INFINITY })).ended).toBe('done');
    for (const id of ids) {
      expect((await history.hours(id, round))[0]?.vantages.local?.counts).toEqual({ pass: 1 });
      expect(await history.samples(id, vantages, round)).toHaveLength(1);
    }
    expect(told).toEqual([]);
  });

  test('survive the way over the wire, as attributes of DynamoDB', () => {
    const name = fc.oneof(fc.constantFrom(...ids), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        expect(fromAttributes(JSON.parse(JSON.stringify(toAttributes(plain))))).toEqual(plain);
      }),
    );
  });
});

/** An item that is right, and what is put in the place of one of its parts. */
const rightItems: readonly Item[] = [
  {
    pk: 'round#local',
    sk: round,
    packing: 1,
    phases: 'dns',
    samples: { mx1: '- 1', mx2: ['fail', '-', 'dns', 'c', null, null, []] },
  },
  {
    pk: 'verdicts',
    sk: 'mx1',
    target: 'mx1',
    verdict: 'up',
    since: round,
    incident: null,
    owed: [],
    version: 1,
    lease: null,
  },
  {
    pk: 'target#mx1',
    sk: `incident#${round}`,
    ...{ id: 'x', target: 'mx1', opened: round, closed: null, verdict: 'down', witnesses: [], timeline: [] },
  },
  { pk: 'target#mx1', sk: 'hour#2026-11-22T05', packing: 1, vantages: { local: columnOfOne() } },
  {
    pk: 'target#mx1',
    sk: 'day#2026-11-22',
    packing: 1,
    vantages: { local: { counts: { pass: 1 }, total: null, phases: {} } },
  },
  { pk: 'rollup', sk: 'hours', through: '2026-11-22T04', rounds: {}, gaps: [], days: [], version: 3, lease: null },
  { pk: 'rollup', sk: 'targets#2026-11-22', targets: ['mx1'] },
];

function columnOfOne() {
  return {
    counts: { pass: 1 },
    total: [1, 1, 1],
    ...{ rounds: '0', outcomes: 'pass', timings: { dns: '1:.' } },
    addresses: { values: ['192.0.2.1'], rows: '0' },
  };
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'zzz', 'pass*99999999999', '0*-1', -1, 1e300, [], {}, [null], { values: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One part of the item, however deep, is something else, or is missing. */
function spoiled(item: Item): fc.Arbitrary<Item> {
  const paths = pathsOf(item).filter(([first]) => first !== 'pk');
  return fc.tuple(fc.constantFrom(...paths), fc.option(anything, { nil: undefined })).map(([path, value]) => {
    const copy = structuredClone(item) as Record<string, unknown>;
    let place = copy;
    for (const part of path.slice(0, -1)) place = place[part] as Record<string, unknown>;
    place[path.at(-1) ?? ''] = value;
    const sk = typeof copy.sk === 'string' && copy.sk !== '' ? copy.sk : 'x';
    return JSON.parse(JSON.stringify({ ...copy, sk })) as Item;
  });
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[name], ...pathsOf(inner).map((rest) => [name, ...rest])]);
}

describe('hostile items', () => {
  test('keep nothing else from being read', async () => {
    const some = fc.array(fc.oneof(...rightItems.map(spoiled)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(some, async (items) => {
        const { twin, history } = open();
        const other = '2026-11-22T04:59:00Z';
        await history.recordRound(roundOf('local', other, { good: refused }));
        await history.writeJudgement(
          { target: 'good', verdict: 'up', since: other, incident: null, owed: [] },
          0,
          null,
        );
        for (const item of items) await twin.put(item);
        const outcomes = await history.outcomes('local', '2026-11-22T04:00:00Z');
        expect(outcomes.some(({ samples }) => samples.has('good'))).toBe(true);
        expect((await history.judgements()).some(({ target: id }) => id === 'good')).toBe(true);
        expect(typeof (await history.lastRound('local'))).toBe('string');
        await history.rounds('local', '');
        for (const id of ['mx1', 'good']) {
          await Promise.all([
            history.incidents(id),
            history.hours(id, ''),
            history.days(id, ''),
            history.judgement(id),
          ]);
          await history.samples(id, vantages, '2026-11-22T00:00:00Z');
        }
        await history.gaps();
        await history.unreadable(vantages, ['mx1'], '2026-11-22T00:00:00Z');
        const verdict = { target: 'mx1', verdict: 'down', since: round, incident: null, owed: [] } as const;
        const stored = await history.judgement('mx1');
        expect(await history.writeJudgement(verdict, stored?.version ?? 0, null)).toBe(true);
        const later = openHistory(twin, { now: () => now + 3 * 3_600_000 });
        expect((await later.rollUp({ vantages, by: 'test', deadline: Number.POSITIVE_INFINITY })).ended).toMatch(
          /done|busy/,
        );
        expect((await later.hours('good', '')).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400 },
    );
  });

  test('are told once, with their keys and what is wrong', async () => {
    const { told, twin, history } = open();
    await twin.put({ pk: 'round#local', sk: 'zzz' });
    await twin.put({ pk: 'verdicts', sk: 'a' });
    for (let n = 0; n < 3; n += 1) {
      await history.outcomes('local', '');
      await history.judgements();
    }
    expect(told).toEqual([
      { pk: 'round#local', sk: 'zzz', why: 'the name of the round has an unknown format' },
      { pk: 'verdicts', sk: 'a', why: 'target has an unknown format' },
    ]);
    expect(await history.lastRound('local')).toBeNull();
    expect(await history.unreadable(vantages, [], '')).toHaveLength(2);
  });

  test('do not keep the judge from paging, and the verdict of a target takes the place of one that cannot be read', async () => {
    const { ports, alerts: told } = testPorts([target('mx1', 25), target('constructor', 25)]);
    const twin = openTwin();
    const history = openHistory(twin);
    await twin.put({ pk: 'round#us-east-1', sk: 'zzz' });
    for (const sk of ['mx1', 'a']) await twin.put({ pk: 'verdicts', sk, version: 'junk' });
    await twin.put({ pk: 'verdicts', sk: 'constructor' });
    const failing: RecordedSample = { ...refused, outcome: 'fail' };
    for (const vantage of ports.config.policy.vantages) {
      for (const age of [60_000, 0]) {
        const name = isoSeconds(Math.floor((Date.now() - age) / 60_000) * 60_000);
        await history.recordRound(roundOf(vantage, name, { mx1: failing, constructor: failing }));
      }
    }
    const report = await judge({ ...ports, history });
    expect(report.failed).toEqual([]);
    expect(told.map(({ subject, kind }) => `${subject} ${kind}`).sort()).toEqual(['constructor down', 'mx1 down']);
    expect((await history.judgements()).map(({ target: id }) => id)).toEqual(
      expect.arrayContaining(['mx1', 'constructor']),
    );
    await judge({ ...ports, history });
    expect(told).toHaveLength(2);
  });
});
