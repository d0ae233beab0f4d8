/** Makes counts fit into an item. Texts of examples are shortened first, then codes, then providers and senders are joined. Counts are kept. */
import { type CodeCount, type CountRow, mergeRows, OTHERS, rowKey } from '../../bounces/counts.ts';
import { valueSize } from '../table/item-size.ts';

type Rows = ReadonlyMap<string, CountRow>;
type Shorten = (row: CountRow) => CountRow;

/** Bytes. The ids of a slot take up to 96,000 beside them. */
const MOST_BYTES = 200 * 1024;
/** Of everything that comes out of an event or a log. */
const LONGEST = { name: 253, text: 300 } as const;

/** The first that fits is stored. */
const STEPS: readonly Shorten[] = [
  (row) => row,
  withTexts(100),
  withTexts(0),
  (row) => ({ ...row, codes: byClass(row.codes) }),
  (row) => ({ ...row, codes: {} }),
  (row) => ({ ...row, codes: {}, provider: OTHERS }),
  (row) => ({ ...row, codes: {}, provider: OTHERS, from: OTHERS }),
];

export function fitRows(rows: Rows): Rows {
  const all = [...rows.values()].map(bound);
  const fitting = STEPS.map((shorten) => () => joined(all.map(shorten)));
  const first = fitting.find((make) => valueSize([...make().values()]) <= MOST_BYTES) ?? fitting.at(-1);
  return first?.() ?? rows;
}

function bound(row: CountRow): CountRow {
  const { from, provider } = row;
  return withTexts(LONGEST.text)({
    ...row,
    from: from.slice(0, LONGEST.name),
    provider: provider.slice(0, LONGEST.name),
  });
}

function withTexts(length: number): Shorten {
  return (row) => ({
    ...row,
    codes: Object.fromEntries(
      Object.entries(row.codes).map(([code, count]) => [
        code.slice(0, 11),
        { ...count, text: count.text.slice(0, length) },
      ]),
    ),
  });
}

function byClass(codes: CountRow['codes']): CountRow['codes'] {
  const classes: Record<string, CodeCount> = {};
  for (const [code, { bounced, deferred, first }] of Object.entries(codes)) {
    const name = `${code[0] ?? '5'}.0.0`;
    const before = classes[name] ?? { bounced: 0, deferred: 0, first, text: '' };
    classes[name] = {
      bounced: before.bounced + bounced,
      deferred: before.deferred + deferred,
      first: Math.min(before.first, first),
      text: '',
    };
  }
  return classes;
}

function joined(rows: readonly CountRow[]): Rows {
  const sums = new Map<string, CountRow>();
  for (const row of rows) {
    const key = rowKey(row.from, row.provider);
    sums.set(key, mergeRows(sums.get(key), row));
  }
  return sums;
}
