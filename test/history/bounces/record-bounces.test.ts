import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BounceCounts, SLOT, sumRows } from '../../../lambda/bounces/counts.ts';
import type { BounceRecord, DeliveryOutcome, OutcomeKind } from '../../../lambda/bounces/outcome.ts';
import { countsOf, openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import { slotOfItem } from '../../../lambda/history/bounces/bounce-slot.ts';
import { itemLimit, itemSize, writeUnits } from '../../../lambda/history/table/item-size.ts';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-26T09:42:00Z');
const KINDS: readonly OutcomeKind[] = ['delivered', 'deferred', 'bounced', 'complained', 'rejected'];

function outcome(given: Partial<DeliveryOutcome> = {}): DeliveryOutcome {
  return {
    at: NOW,
    kind: 'delivered',
    from: 'example.com',
    provider: 'Google',
    code: '2.0.0',
    text: '',
    delay: 1,
    ...given,
  };
}

let serial = 0;
function nextId(): string {
  serial += 1;
  return String(serial).padStart(8, '0');
}

function recordOf(given: Partial<DeliveryOutcome> = {}, id = nextId()): BounceRecord {
  return { id, outcomes: [outcome(given)] };
}

function world(refuse: (item: Item) => boolean = () => false) {
  let now = NOW;
  const puts: Item[] = [];
  const memory = openInMemoryTable(() => now);
  const table: Table = {
    ...memory,
    put: async (item, condition) => {
      if (refuse(item)) return false;
      puts.push(item);
      return memory.put(item, condition);
    },
  };
  const told: string[] = [];
  const history = openBounceHistory(table, { now: () => now, reportUnreadable: ({ sk }) => told.push(sk) });
  return {
    history,
    table,
    puts,
    told,
    setNow: (at: number) => {
      now = at;
    },
  };
}

const sums = (counts: BounceCounts) => {
  const rows = sumRows(counts, 0, Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(KINDS.map((kind) => [kind, rows.reduce((sum, row) => sum + row[kind], 0)]));
};

describe('writes', () => {
  test('a thousand records of one slot are one write', async () => {
    const { history, puts } = world();
    const records = Array.from({ length: 1000 }, (_, nth) => recordOf({ provider: nth % 2 ? 'Google' : 'Microsoft' }));
    expect(await history.record('ses', records)).toEqual({ counted: 1000, repeated: 0, late: 0, writes: 1 });
    expect(puts.length).toBe(1);
    expect(puts.map(writeUnits)).toEqual([9]);
  });

  test.each([
    ['26 hours ago and older', NOW - 26 * HOUR - 1],
    ['more than an hour ahead', NOW + HOUR + 1],
  ])('a record of %s is not counted', async (_, at) => {
    const { history, puts } = world();
    expect(await history.record('ses', [recordOf({ at })])).toEqual({ counted: 0, repeated: 0, late: 1, writes: 0 });
    expect(puts).toEqual([]);
  });

  test('two writers at once lose nothing', async () => {
    const { history } = world();
    await Promise.all(
      Array.from({ length: 8 }, () => history.record('ses', [recordOf(), recordOf({ kind: 'bounced' })])),
    );
    expect(sums(await history.lastDay(NOW, 0))).toMatchObject({ delivered: 8, bounced: 8 });
  });

  test('a write that was refused again and again is an error, and nothing is counted', async () => {
    const { history } = world(() => true);
    await expect(history.record('ses', [recordOf()])).rejects.toThrow('changed by others');
    expect(sums(await history.lastDay(NOW, 0)).delivered).toBe(0);
  });

  test('an item that cannot be read is told, and replaced', async () => {
    const { history, table, told } = world();
    await table.put({ pk: 'bounces', sk: 'slot#2026-11-26T09:40#ses', rows: 'x' });
    expect(await history.record('ses', [recordOf()])).toMatchObject({ counted: 1 });
    expect(told).toEqual(['slot#2026-11-26T09:40#ses']);
    expect(sums(await history.lastDay(NOW, 0)).delivered).toBe(1);
  });
});

const outcomes = fc.record({
  at: fc.integer({ min: NOW - 23 * HOUR, max: NOW }),
  kind: fc.constantFrom(...KINDS),
  from: fc.constantFrom('example.com', 'example.org', '-'),
  provider: fc.constantFrom('Google', 'Microsoft', 'example.net'),
  code: fc.constantFrom('5.1.1', '5.7.515', '4.2.2'),
  text: fc.string({ maxLength: 20 }),
  delay: fc.nat(100),
});

const recordLists = fc.array(
  fc.record({ id: fc.stringMatching(/^[a-z]{8}$/), outcomes: fc.array(outcomes, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 40 },
);

/** All outcomes of a record are of one time. */
const atOnce = (records: readonly BounceRecord[]) =>
  records.map(({ id, outcomes: all }) => ({ id, outcomes: all.map((one) => ({ ...one, at: all[0]?.at ?? 0 })) }));

describe('laws', () => {
  test('sums are those of distinct records, in any batches, however often they arrive, and after the roll up of hours', async () => {
    await fc.assert(
      fc.asyncProperty(recordLists, fc.array(fc.nat(), { maxLength: 60 }), fc.nat(10), async (given, again, size) => {
        const { history } = world();
        const distinct = [...new Map(atOnce(given).map((record) => [record.id, record])).values()];
        const repeated = again.flatMap((nth) =>
          distinct.length === 0 ? [] : [distinct[nth % distinct.length] as BounceRecord],
        );
        const all = [...distinct, ...repeated];
        for (let from = 0; from < all.length; from += size + 1)
          await history.record('ses', all.slice(from, from + size + 1));
        const expected = Object.fromEntries(
          KINDS.map((kind) => [
            kind,
            distinct.flatMap(({ outcomes: o }) => o).filter((one) => one.kind === kind).length,
          ]),
        );
        expect(sums(await history.lastDay(NOW, 0))).toEqual(expected);
        await history.rollUpHours(NOW);
        expect(sums(await history.lastDay(NOW, NOW - (NOW % HOUR)))).toEqual(expected);
        const hours = countsOf(await history.hours(NOW - 24 * HOUR, NOW));
        const open = distinct.flatMap(({ outcomes: o }) => o).filter(({ at }) => at >= NOW - (NOW % HOUR)).length;
        const inHours = Object.values(sums(hours)).reduce((sum, count) => sum + count, 0);
        expect(inHours + open).toBe(distinct.flatMap(({ outcomes: o }) => o).length);
      }),
      { numRuns: 60 },
    );
  });

  test('the roll up of hours is idempotent, and takes up what came late', async () => {
    const { history, setNow } = world();
    const early = NOW - 3 * HOUR;
    await history.record('ses', [recordOf({ at: early }), recordOf({ at: early + SLOT })]);
    expect(await history.rollUpHours(NOW)).toBe(1);
    expect(await history.rollUpHours(NOW)).toBe(0);
    setNow(NOW + HOUR);
    await history.record('ses', [recordOf({ at: early, kind: 'bounced', code: '5.1.1' })]);
    expect(await history.rollUpHours(NOW + HOUR)).toBe(1);
    expect(sums(countsOf(await history.hours(early, NOW)))).toMatchObject({ delivered: 2, bounced: 1 });
  });

  test('an item always fits, and keeps its sums', async () => {
    const { history, puts } = world();
    const hostile = Array.from({ length: 6000 }, (_, nth) =>
      recordOf({
        kind: 'bounced',
        from: `${'x'.repeat(240)}${nth % 1700}.example`,
        provider: `${nth}.example.net`,
        code: `5.${nth % 990}.${nth % 7}`,
        text: '\u{1f4e7}'.repeat(150),
      }),
    );
    await history.record('ses', hostile);
    expect(puts.every((item) => itemSize(item) < itemLimit)).toBe(true);
    expect(sums(await history.lastDay(NOW, 0)).bounced).toBe(6000);
  });

  test('ids beyond the bound are forgotten, oldest first', async () => {
    const { history, puts } = world();
    const first = recordOf();
    await history.record('ses', [first, ...Array.from({ length: 12_000 }, () => recordOf())]);
    expect(await history.record('ses', [first])).toMatchObject({ counted: 1 });
    const last = puts.at(-1);
    expect(last && slotOfItem(last).ids.length).toBe(12_000);
  });
});
