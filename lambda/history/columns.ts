/**
 * Columns of an hour as short texts that a person can still read. Rounds of a minute differ little from one another: a
 * column says the usual value once, and then what differs.
 */

/**
 * `12:,,1,-0.5,-`: the usual value, then each one's difference from it; nothing is no difference, `-` no value.
 * Values are milliseconds with at most one decimal.
 */
export function packNumbers(values: readonly (number | null)[]): string {
  const present = values.filter((value) => value !== null).sort((a, b) => a - b);
  const usual = present[Math.floor(present.length / 2)] ?? 0;
  const differences = values.map((value) => {
    if (value === null) return '-';
    const difference = tenths(value - usual);
    return difference === 0 ? '' : String(difference);
  });
  return `${usual}:${differences.join(',')}`;
}

export function unpackNumbers(column: string): readonly (number | null)[] {
  const [usual = '0', differences = ''] = column.split(':');
  return differences.split(',').map((written) => (written === '-' ? null : tenths(Number(usual) + Number(written))));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `pass*57 fail*2 pass`: words in their order, each followed by how often it comes. Words have no space and no `*`. */
export function packWords(words: readonly string[]): string {
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times += 1;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${word}*${times}`)).join(' ');
}

export function unpackWords(column: string): readonly string[] {
  if (column === '') return [];
  return column.split(' ').flatMap((run) => {
    const [word = '', times = '1'] = run.split('*');
    return Array<string>(Number(times)).fill(word);
  });
}

/** What few distinct values a column has, and for each row which: `-*57 0*2 -`. */
export interface Dictionary<T> {
  readonly values: readonly T[];
  readonly rows: string;
}

export function packDictionary<T>(rows: readonly (T | null)[]): Dictionary<T> {
  const places = new Map<string, number>();
  const values: T[] = [];
  const words = rows.map((row) => {
    if (row === null) return '-';
    const text = JSON.stringify(row);
    const place = places.get(text) ?? values.push(row) - 1;
    places.set(text, place);
    return String(place);
  });
  return { values, rows: packWords(words) };
}

export function unpackDictionary<T>({ values, rows }: Dictionary<T>): readonly (T | null)[] {
  return unpackWords(rows).map((place) => (place === '-' ? null : (values[Number(place)] ?? null)));
}

/** `0 60*59`: seconds from the beginning of the hour to the first round, then from each round to the next. */
export function packRounds(rounds: readonly string[], hour: string): string {
  const seconds = rounds.map((round) => (Date.parse(round) - Date.parse(`${hour}:00:00Z`)) / 1000);
  return packWords(seconds.map((second, index) => String(second - (seconds[index - 1] ?? 0))));
}

export function unpackRounds(column: string, hour: string): readonly string[] {
  let at = Date.parse(`${hour}:00:00Z`);
  return unpackWords(column).map((step) => {
    at += Number(step) * 1000;
    return `${new Date(at).toISOString().slice(0, 19)}Z`;
  });
}
