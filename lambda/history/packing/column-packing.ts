/**
 * Packs the columns of an hour as short texts that a person can still read. The rounds of an hour differ little from one
 * another: a column states the median value once, then the differences.
 */

/** One character for each step above or below the median, starting at one step. */
const above = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const below = 'abcdefghijklmnopqrstuvwxyz';

/**
 * `12:..1.a-(140)`: the median, then one character for each value: `.` the median, `1` to `Z` that many steps more, `a` to
 * `z` that many steps less. A step is 1 ms, or 0.1 ms if the median is below 10. A value farther away is written in
 * brackets; `-` is no value. Values are milliseconds with at most one decimal.
 */
export function packNumbers(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? 0;
  return `${median}:${values.map((value) => (value === null ? '-' : characterOf(value, median))).join('')}`;
}

function characterOf(value: number, median: number): string {
  const steps = tenths((value - median) / stepOf(median));
  if (steps === 0) return '.';
  return (steps > 0 ? above[steps - 1] : below[-steps - 1]) ?? `(${value})`;
}

export function unpackNumbers(column: string): readonly (number | null)[] {
  const start = column.indexOf(':') + 1;
  const median = Number(column.slice(0, start - 1));
  const values: (number | null)[] = [];
  for (let place = start; place < column.length; place += 1) {
    if (column[place] === '(') {
      const end = column.indexOf(')', place);
      values.push(Number(column.slice(place + 1, end)));
      place = end;
    } else values.push(millisecondsOf(column[place] ?? '-', median));
  }
  return values;
}

/** The number of steps between each character and the median. */
const stepsOf: ReadonlyMap<string, number> = new Map([
  ['.', 0],
  ...[...above].map((character, at) => [character, at + 1] as const),
  ...[...below].map((character, at) => [character, -at - 1] as const),
]);

function millisecondsOf(character: string, median: number): number | null {
  const steps = stepsOf.get(character);
  return steps === undefined ? null : tenths(median + steps * stepOf(median));
}

function stepOf(median: number): number {
  return median < 10 ? 0.1 : 1;
}

/** Rounds to tenths. Removes floating-point noise, and minus zero, which JSON does not keep. */
function tenths(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

/** `pass*57 fail*2 pass`: words in order, each with its number of repetitions. Words contain no space and no `*`. */
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
  const words: string[] = [];
  for (const run of column.split(' ')) {
    const [word = '', times = '1'] = run.split('*');
    const count = Number(times);
    if (!(count >= 1 && words.length + count <= mostRows))
      throw new Error('a column has more rows than an hour has rounds');
    for (let row = 0; row < count; row += 1) words.push(word);
  }
  return words;
}

/** A round each second, and opinions between them. */
const mostRows = 10 * 3600;

/** The distinct values of a column, and the index of the value of each row: `-*57 0*2 -`. */
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

/**
 * `0 60*59`: seconds from the start of the hour to the first round, then from each round to the next. The name of a round
 * outside the schedule has nine decimals, and so has its step; numbers of this size are exact to more.
 */
export function packRounds(rounds: readonly string[], hour: string): string {
  const seconds = rounds.map((round) => secondsInto(hour, round));
  return packWords(seconds.map((second, index) => String(nanoseconds(second - (seconds[index - 1] ?? 0)))));
}

function secondsInto(hour: string, round: string): number {
  const whole = (Date.parse(`${round.slice(0, 19)}Z`) - Date.parse(`${hour}:00:00Z`)) / 1000;
  return nanoseconds(whole + Number(`0${round.slice(19, -1)}`));
}

function nanoseconds(seconds: number): number {
  return Number(seconds.toFixed(9));
}

export function unpackRounds(column: string, hour: string): readonly string[] {
  const start = Date.parse(`${hour}:00:00Z`);
  let seconds = 0;
  return unpackWords(column).map((step) => {
    seconds = nanoseconds(seconds + Number(step));
    const whole = Math.floor(seconds);
    const decimals = Number.isInteger(seconds) ? '' : (seconds - whole).toFixed(9).slice(1);
    return `${new Date(start + whole * 1000).toISOString().slice(0, 19)}${decimals}Z`;
  });
}
