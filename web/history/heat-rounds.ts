/** The rounds of a heat map: rows are vantages, columns are rounds. */
import type { Session } from './sessions.ts';

export interface HeatRounds {
  /** Epoch milliseconds, oldest first. */
  readonly rounds: readonly number[];
  readonly rows: readonly HeatRow[];
}

interface HeatRow {
  readonly vantage: string;
  /** One for each round; null if there was no session. */
  readonly cells: readonly (Session | null)[];
}

/** Columns that fit; of more, the newest. */
export const MOST_COLUMNS = 180;

/** @param until epoch milliseconds, included @param vantages those that have a row in any case */
export function heatRounds(sessions: readonly Session[], until: number, vantages: readonly string[]): HeatRounds {
  const all = [...new Set(sessions.filter(({ at }) => at <= until).map(({ at }) => at))];
  const rounds = all.toSorted((a, b) => a - b).slice(-MOST_COLUMNS);
  const column = new Map(rounds.map((at, nth) => [at, nth]));
  const names = [...new Set([...vantages, ...sessions.map(({ vantage }) => vantage)])];
  const rows = new Map(names.map((vantage) => [vantage, new Array<Session | null>(rounds.length).fill(null)]));
  for (const session of sessions) {
    const nth = column.get(session.at);
    if (nth !== undefined) rows.get(session.vantage)?.splice(nth, 1, session);
  }
  return { rounds, rows: [...rows].map(([vantage, cells]) => ({ vantage, cells })) };
}

export type HeatPlace = readonly [row: number, column: number];

const STEPS: Readonly<Record<string, HeatPlace>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  PageUp: [0, -10],
  PageDown: [0, 10],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** Where a key leads to; null if it is none of these. */
export function placeAfterKey(key: string, [row, column]: HeatPlace, { rounds, rows }: HeatRounds): HeatPlace | null {
  const step = STEPS[key];
  if (step === undefined) return null;
  const within = (place: number, length: number) => Math.min(Math.max(place, 0), Math.max(0, length - 1));
  return [within(row + step[0], rows.length), within(column + step[1], rounds.length)];
}
