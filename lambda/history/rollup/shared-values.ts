/** What several vantages found alike, an hour item says once: facts are the larger part of it, and mostly the same. */
import type { Dictionary } from '../packing/column-packing.ts';

interface Column {
  readonly more?: Dictionary<unknown>;
}

type Columns<One> = readonly (readonly [vantage: string, column: One])[];

/** As they are written: where the values of `more` are those of an earlier vantage, `=` and the name of that. */
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

/** The columns as they were before they were written. */
export function restoreValues<One extends Column>(columns: Columns<One>): Columns<One> {
  const named = new Map(columns);
  return columns.map(([vantage, column]) => {
    const values: unknown = column.more?.values;
    if (typeof values !== 'string') return [vantage, column];
    const full = named.get(values.slice(1))?.more?.values ?? [];
    return [vantage, { ...column, more: { ...column.more, values: full } }];
  });
}
