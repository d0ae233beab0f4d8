import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
import { describeStores, type Store } from './stores.ts';

const clock = { now: Date.parse('2026-11-22T05:00:00Z') };

/** Each test uses its own partition of the same table. */
const partition = () => `test#${randomUUID()}`;

describeStores('the contract of a table', (startStore) => {
  let store: Store;
  let table: Table;
  beforeAll(async () => {
    store = await startStore();
    table = store.open(() => clock.now);
  });
  afterAll(() => store.close());

  const fill = async (pk: string, keys: readonly string[], more: object = {}) => {
    for (const sk of keys) await table.put({ pk, sk, ...more });
  };
  const keysOf = (items: readonly Item[]) => items.map(({ sk }) => sk);

  test('an item is read back with all its values', async () => {
    const item = {
      pk: partition(),
      sk: 'a',
      text: 'ünï→😀',
      empty: '',
      number: -12.5,
      zero: 0,
      yes: true,
      nothing: null,
      list: [1, 'two', null, [3]],
      map: { 'a.b#c': { deep: [] } },
    };
    expect(await table.put(item)).toBe(true);
    expect(await table.get(item.pk, 'a')).toEqual(item);
    expect(await table.query(item.pk)).toEqual([item]);
  });

  test('a missing item is null', async () => {
    const pk = partition();
    expect(await table.get(pk, 'a')).toBeNull();
    expect(await table.query(pk)).toEqual([]);
  });

  test('a put replaces the whole item', async () => {
    const pk = partition();
    await table.put({ pk, sk: 'a', one: 1 });
    await table.put({ pk, sk: 'a', two: 2 });
    expect(await table.get(pk, 'a')).toEqual({ pk, sk: 'a', two: 2 });
  });

  test('`absent` holds for the first write alone', async () => {
    const pk = partition();
    expect(await table.put({ pk, sk: 'a', by: 1 }, { absent: true })).toBe(true);
    expect(await table.put({ pk, sk: 'a', by: 2 }, { absent: true })).toBe(false);
    expect(await table.get(pk, 'a')).toMatchObject({ by: 1 });
    expect(await table.put({ pk, sk: 'b', by: 2 }, { absent: true })).toBe(true);
  });

  test('`version` holds for the stored version alone', async () => {
    const pk = partition();
    expect(await table.put({ pk, sk: 'a', version: 1 }, { version: 0 })).toBe(false);
    expect(await table.put({ pk, sk: 'a', version: 1 }, { absent: true })).toBe(true);
    expect(await table.put({ pk, sk: 'a', version: 2 }, { version: 1 })).toBe(true);
    expect(await table.put({ pk, sk: 'a', version: 9 }, { version: 1 })).toBe(false);
    expect(await table.get(pk, 'a')).toMatchObject({ version: 2 });
  });

  test.each<[unknown]>([['junk'], [null], [1.5], [true]])(
    '`version` holds for %j, which is no number of ours',
    async (version) => {
      const pk = partition();
      await table.put({ pk, sk: 'a', version });
      expect(await table.put({ pk, sk: 'a', version: 1 }, { version: 'other' })).toBe(false);
      expect(await table.put({ pk, sk: 'a', version: 1 }, { version: undefined })).toBe(false);
      expect(await table.put({ pk, sk: 'a', version: 1 }, { version })).toBe(true);
    },
  );

  test('`version: undefined` holds where there is none', async () => {
    const pk = partition();
    await table.put({ pk, sk: 'a' });
    expect(await table.put({ pk, sk: 'a', version: 1 }, { version: undefined })).toBe(true);
    expect(await table.put({ pk, sk: 'a', version: 2 }, { version: undefined })).toBe(false);
  });

  test('of many concurrent writes that expect the same version one succeeds', async () => {
    const pk = partition();
    await table.put({ pk, sk: 'a', version: 1 });
    const tries = Array.from({ length: 8 }, (_, by) => table.put({ pk, sk: 'a', version: 2, by }, { version: 1 }));
    const won = (await Promise.all(tries)).flatMap((did, by) => (did ? [by] : []));
    expect(won).toHaveLength(1);
    expect(await table.get(pk, 'a')).toMatchObject({ by: won[0] });
  });

  test('a query sorts by key, within both bounds, which are included', async () => {
    const pk = partition();
    await fill(pk, ['c', 'a', 'd', 'b']);
    expect(keysOf(await table.query(pk))).toEqual(['a', 'b', 'c', 'd']);
    expect(keysOf(await table.query(pk, { from: 'b', to: 'c' }))).toEqual(['b', 'c']);
    expect(keysOf(await table.query(pk, { from: 'c' }))).toEqual(['c', 'd']);
    expect(keysOf(await table.query(pk, { to: 'b', consistent: true }))).toEqual(['a', 'b']);
    expect(keysOf(await table.query(pk, { newestFirst: true, limit: 2 }))).toEqual(['d', 'c']);
  });

  test('a query for keys alone returns no other attributes and no expired items', async () => {
    const pk = partition();
    const second = Math.floor(clock.now / 1000);
    await table.put({ pk, sk: 'a', bulk: 'x' });
    await table.put({ pk, sk: 'b', ttl: second + 60, bulk: 'x' });
    await table.put({ pk, sk: 'c', ttl: second - 1, bulk: 'x' });
    expect(await table.query(pk, { keysOnly: true })).toEqual([
      { pk, sk: 'a' },
      { pk, sk: 'b', ttl: second + 60 },
    ]);
  });

  test('a query whose lower bound is above the upper one finds nothing', async () => {
    const pk = partition();
    await fill(pk, ['a', 'b']);
    expect(await table.query(pk, { from: 'b', to: 'a' })).toEqual([]);
  });

  test('a query returns items of its partition alone', async () => {
    const pk = partition();
    await fill(pk, ['a']);
    await fill(`${pk}x`, ['b']);
    expect(keysOf(await table.query(pk))).toEqual(['a']);
  });

  test('a query reads every page: more than a megabyte of items', async () => {
    const pk = partition();
    const keys = Array.from({ length: 8 }, (_, index) => `k${index}`);
    await fill(pk, keys, { bulk: 'x'.repeat(300_000) });
    expect(keysOf(await table.query(pk))).toEqual(keys);
    expect(keysOf(await table.query(pk, { newestFirst: true, limit: 5 }))).toEqual(keys.toReversed().slice(0, 5));
  });

  test('expired items that DynamoDB has not deleted are omitted, and do not count towards the limit', async () => {
    const pk = partition();
    const second = Math.floor(clock.now / 1000);
    await table.put({ pk, sk: 'a', ttl: second - 1 });
    await table.put({ pk, sk: 'b', ttl: second });
    await table.put({ pk, sk: 'c', ttl: second + 60 });
    await table.put({ pk, sk: 'd' });
    expect(await table.get(pk, 'a')).toBeNull();
    expect(await table.get(pk, 'b')).toBeNull();
    expect(await table.get(pk, 'c')).not.toBeNull();
    expect(keysOf(await table.query(pk))).toEqual(['c', 'd']);
    expect(keysOf(await table.query(pk, { limit: 1 }))).toEqual(['c']);
    expect(await table.put({ pk, sk: 'a' }, { absent: true })).toBe(false);
  });

  test('an item of 390 KB is accepted, one of 410 KB refused', async () => {
    const pk = partition();
    expect(await table.put({ pk, sk: 'a', bulk: 'x'.repeat(390 * 1024) })).toBe(true);
    await expect(table.put({ pk, sk: 'b', bulk: 'x'.repeat(410 * 1024) })).rejects.toThrow(/size/i);
    expect(await table.get(pk, 'b')).toBeNull();
  });

  test('attributes that are undefined are not written', async () => {
    const pk = partition();
    await table.put({ pk, sk: 'a', gone: undefined, map: { gone: undefined } });
    expect(await table.get(pk, 'a')).toEqual({ pk, sk: 'a', map: {} });
  });
});
