/** Writes values that several vantages share once in an hour item: facts are most of its size, and mostly equal. */
import type { Dictionary } from '../packing/column-packing.ts';

interface Column {
  readonly more?: Dictionary<unknown>;
}

type Columns<One> = readonly (readonly [vantage: string, column: One])[];

/** Replaces the values of `more` by `=` and the name of an earlier vantage if that has the same values. */
export function shareValues<One extends Column>(columns: Columns<One>): Columns<object> {
  const first = new Map<string, string>();
  return columns.map(([vantage, column]) => {
    const { more } = column;
    const text = JSON.stringify(more?.values ?? []);
    const same = first.get(text);
    if (same === undefined) first.set(text, vantage);
    const isShorter = more !== undefined && more.values.length > 0 && same !== undefined;
    return [vantage, isShorter ? { ...column, more: { ...more, values: `=${same}` } } : column];
  });
}

/** Reverses `shareValues`. */
export function restoreValues<One extends Column>(columns: Columns<One>): Columns<One> {
  const named = new Map(columns);
  return columns.map(([vantage, column]) => {
    const values: unknown = column.more?.values;
    if (typeof values !== 'string') return [vantage, column];
    const full = named.get(values.slice(1))?.more?.values ?? [];
    return [vantage, { ...column, more: { ...column.more, values: full } }];
  });
}
