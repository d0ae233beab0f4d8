import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAttributes } from '../../lambda/history/table/attributes.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { Files } from '../../local/database/disk-with-memory-fallback.ts';
import { sweepOver } from '../../local/database/expiry.ts';
import type { Change } from '../../local/database/leveldb-disk.ts';
import { operationsOver } from '../../local/database/operations.ts';
import { openWriteBuffer } from '../../local/database/unwritten-changes.ts';

const now = Date.parse('2026-11-26T00:00:00Z');
const seconds = now / 1000;

const description = {
  TableName: 'table',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

/** Files that are in memory alone, and what was looked at. */
function world() {
  const memory = openWriteBuffer(() => false);
  const looked = { at: 0 };
  const files: Files = {
    async get(key) {
      const held = memory.get(key);
      return held === undefined || 'gone' in held ? undefined : held.value;
    },
    async *entries({ limit = -1, ...range }) {
      const there = memory
        .within(range)
        .filter((change): change is Extract<Change, { value: unknown }> => !('gone' in change));
      for (const { key, value } of limit < 0 ? there : there.slice(0, limit)) {
        looked.at += 1;
        yield [key, value, JSON.stringify(value).length];
      }
    },
    write: async (changes) => memory.add(changes),
    isHolding: () => false,
    close: async () => {},
  };
  memory.add([{ key: 'table~table', value: description }]);
  const ask = operationsOver(files);
  const request = async (operation: string, body: object) => {
    const { status, body: answer } = await ask(operation, JSON.stringify({ TableName: 'table', ...body }));
    if (status !== 200) throw new Error(answer);
    return JSON.parse(answer) as { readonly Items?: readonly { pk: { S: string }; sk: { S: string } }[] };
  };
  return {
    looked,
    sweep: sweepOver(files, 'table'),
    put: (item: Item) => request('PutItem', { Item: toAttributes(item) }),
    keys: async () => ((await request('Scan', {})).Items ?? []).map(({ pk, sk }) => `${pk.S} ${sk.S}`).sort(),
  };
}

async function worldWith(items: readonly Item[]) {
  const made = world();
  for (const item of items) await made.put(item);
  return made;
}

async function sweepAll({ sweep }: ReturnType<typeof world>, times = 20): Promise<number> {
  let deleted = 0;
  for (let n = 0; n < times; n += 1) deleted += await sweep(now);
  return deleted;
}

const kinds = ['round', 'hour', 'day', 'incident', 'targets', 'hours', 'verdict'] as const;

/** Of each kind one after another; what has a time of its own expires in the order of its keys. */
function itemOf(kind: (typeof kinds)[number], at: number, ttl: number): Item {
  const stamp = String(1000 + at);
  const items = {
    round: { pk: 'round#local', sk: stamp, ttl },
    hour: { pk: 'target#mx1', sk: `hour#${stamp}`, ttl },
    day: { pk: 'target#mx1', sk: `day#${stamp}` },
    incident: { pk: 'target#mx1', sk: `incident#${stamp}` },
    targets: { pk: 'rollup', sk: `targets#${stamp}`, ttl },
    hours: { pk: 'rollup', sk: 'hours' },
    verdict: { pk: 'verdicts', sk: stamp },
  } as const satisfies Record<string, Item>;
  return items[kind];
}

describe('expired items', () => {
  test('are deleted, and nothing else is, whatever there is', async () => {
    const row = fc.record({ kind: fc.constantFrom(...kinds), at: fc.integer({ min: 0, max: 99 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), fc.integer({ min: 0, max: 99 }), async (rows, border) => {
        const items = rows.map(({ kind, at }) => itemOf(kind, at, seconds + (at < border ? -1 : 1)));
        const made = await worldWith(items);
        await sweepAll(made, 5);
        const kept = items.filter(({ ttl }) => ttl === undefined || ttl > seconds).map(({ pk, sk }) => `${pk} ${sk}`);
        expect(await made.keys()).toEqual([...new Set(kept)].sort());
      }),
      { numRuns: 60 },
    );
  });

  test('are deleted a bounded number at a time', async () => {
    const rounds = Array.from({ length: 2500 }, (_, at) => itemOf('round', at, seconds - 1));
    const made = await worldWith(rounds);
    expect(await made.sweep(now)).toBe(1000);
    expect(await made.sweep(now)).toBe(1000);
    expect(await made.sweep(now)).toBe(500);
    expect(await made.keys()).toEqual([]);
  });

  test('are deleted a bounded number of bytes at a time', async () => {
    const large = Array.from({ length: 50 }, (_, at) => ({
      ...itemOf('round', at, seconds - 1),
      packed: 'x'.repeat(300_000),
    }));
    const made = await worldWith(large);
    expect(await made.sweep(now)).toBe(14);
    expect(await sweepAll(made, 3)).toBe(36);
    expect(await made.keys()).toEqual([]);
  });

  test('cost little to look for where there are none', async () => {
    const targets = Array.from({ length: 200 }, (_, n) => ({
      pk: `target#mx${n}`,
      sk: 'hour#2026-11-25T00',
      ttl: seconds + 1,
    }));
    const rounds = Array.from({ length: 500 }, (_, at) => itemOf('round', at, seconds + 1));
    const made = await worldWith([...targets, ...rounds]);
    await made.sweep(now);
    expect(made.looked.at).toBeLessThanOrEqual(64);
    await sweepAll(made, 3);
    expect(made.looked.at).toBeLessThanOrEqual(64 * 4);
    expect(await made.keys()).toHaveLength(700);
  });

  test('are found behind partitions that were looked at before', async () => {
    const targets = Array.from({ length: 300 }, (_, n) => ({
      pk: `target#mx${n}`,
      sk: 'hour#2026-11-25T00',
      ttl: seconds + n - 150,
    }));
    const made = await worldWith(targets);
    expect(await sweepAll(made)).toBe(151);
  });
});
