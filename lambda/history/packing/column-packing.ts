/**
 * Columns of an hour as short texts that a person can still read. Rounds of a minute differ little from one another: a
 * column says the usual value once, and then what differs.
 */

/** Above the usual value, from 1 on; below it, from 1 on. */
const above = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const below = 'abcdefghijklmnopqrstuvwxyz';

/**
 * `12:..1.a-(140)`: the usual value, then one character for each: `.` the usual, `1` to `Z` so many more, `a` to `z` so
 * many less, in milliseconds, or in tenths where the usual value is below 10; the value itself in brackets where it is
 * farther away; `-` no value. Values are milliseconds with at most one decimal.
 */
export function packNumbers(values: readonly (number | null)[]): string {
  const present = values.filter((value) => value !== null).sort((a, b) => a - b);
  const usual = present[Math.floor(present.length / 2)] ?? 0;
  return `${usual}:${values.map((value) => (value === null ? '-' : characterOf(value, usual))).join('')}`;
}

function characterOf(value: number, usual: number): string {
  const steps = tenths((value - usual) / stepOf(usual));
  if (steps === 0) return '.';
  return (steps > 0 ? above[steps - 1] : below[-steps - 1]) ?? `(${value})`;
}

export function unpackNumbers(column: string): readonly (number | null)[] {
  const start = column.indexOf(':') + 1;
  const usual = Number(column.slice(0, start - 1));
  const values: (number | null)[] = [];
  for (let place = start; place < column.length; place += 1) {
    if (column[place] === '(') {
      const end = column.indexOf(')', place);
      values.push(Number(column.slice(place + 1, end)));
      place = end;
    } else values.push(millisecondsOf(column[place] ?? '-', usual));
  }
  return values;
}

/** How many steps each character is away from the usual value. */
const stepsOf: ReadonlyMap<string, number> = new Map([
  ['.', 0],
  ...[...above].map((character, at) => [character, at + 1] as const),
  ...[...below].map((character, at) => [character, -at - 1] as const),
]);

function millisecondsOf(character: string, usual: number): number | null {
  const steps = stepsOf.get(character);
  return steps === undefined ? null : tenths(usual + steps * stepOf(usual));
}

function stepOf(usual: number): number {
  return usual < 10 ? 0.1 : 1;
}

/** Rid of what floating point adds; and of minus zero, which JSON and people do not know. */
function tenths(value: number): number {
  return Math.round(value * 10) / 10 + 0;
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
