import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { History } from '../../history/history.ts';
import { originOf } from '../../history/packing/read-round-attributes.ts';
import type { Round, VantageSample } from '../../history/packing/recorded-round.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { endOfKeys, roundKey } from '../../history/table/keys.ts';
import type { ReportSource } from './report-source.ts';

const HOUR = 3_600_000;

/** Epoch milliseconds, both inclusive. */
export type { TimeSpan };

type Rounds = Pick<ReportSource, 'history' | 'vantages'>;

/** Rounds of all vantages, oldest first. */
export async function readRounds(
  { history, vantages }: Rounds,
  since: string,
  until: string,
): Promise<readonly Round[]> {
  const rounds = await Promise.all(vantages.map((vantage) => history.rounds(vantage, since, until)));
  return rounds.flat().sort((a, b) => (a.round < b.round ? -1 : Number(a.round > b.round)));
}

/** The same, read one hour at a time, so that memory use does not depend on the length of the history. */
export async function* eachRound(source: Rounds, { from, to }: TimeSpan): AsyncGenerator<Round> {
  for (let hour = from; hour <= to; hour += HOUR) {
    yield* await readRounds(source, isoSeconds(hour), isoSeconds(Math.min(to, hour + HOUR - 1000)));
  }
}

/** The time of the first and of the last round of any vantage from `since` to `until`; null if there is none. */
export async function roundSpan(
  { table, vantages }: Pick<ReportSource, 'table' | 'vantages'>,
  since: string,
  until: string,
): Promise<TimeSpan | null> {
  const range = { from: since, to: until + endOfKeys, limit: 1 };
  const ends = vantages.flatMap((vantage) =>
    [false, true].map((newestFirst) => table.query(roundKey.pk(vantage), { ...range, newestFirst })),
  );
  const times = (await Promise.all(ends)).flat().map(({ sk }) => Date.parse(sk.split('#')[0] ?? ''));
  return times.length === 0 ? null : { from: Math.min(...times), to: Math.max(...times) };
}

/** The samples of one target in these rounds. */
export function samplesOfTarget(rounds: readonly Round[], target: string): readonly VantageSample[] {
  return rounds.flatMap(({ vantage, round, samples, lag, ...rest }) => {
    const sample = samples.get(target);
    return sample === undefined ? [] : [{ vantage, round, sample, ...(lag == null ? {} : { lag }), ...originOf(rest) }];
  });
}

/** A cache of recent rounds. Each read fetches only rounds that are not cached yet. */
export interface RecentRounds {
  /**
   * Rounds of `vantage` from `since` on, oldest first. Includes older rounds if they were read before.
   * Without those ahead of `now`: after a clock that was wrong, they would be the last ones for as long as it was ahead.
   * @param keep drops rounds before this time from the cache
   * @param now epoch milliseconds
   */
  read(history: History, vantage: string, since: string, keep: string, now: number): Promise<readonly Round[]>;
}

/** Milliseconds that the clock of a vantage may be ahead. */
export const MOST_AHEAD = 60_000;

export function openRecentRounds(): RecentRounds {
  const cache = new Map<string, { readonly from: string; readonly rounds: readonly Round[] }>();
  return {
    async read(history, vantage, since, keep, now) {
      const last = isoSeconds(now + MOST_AHEAD);
      const before = cache.get(vantage) ?? { from: since, rounds: [] };
      const older = since < before.from ? await history.rounds(vantage, since, before.from) : [];
      const newest = before.rounds.at(-1)?.round ?? before.from;
      const newer = await history.rounds(vantage, newest);
      const known = new Set(before.rounds.map(({ round }) => round));
      const fresh = (rounds: readonly Round[]) => rounds.filter(({ round }) => !known.has(round) && round <= last);
      const all = [...fresh(older.filter(({ round }) => round < before.from)), ...before.rounds, ...fresh(newer)];
      const rounds = all.filter(({ round }) => round >= keep);
      cache.set(vantage, { from: [since, before.from].sort()[0] ?? since, rounds });
      return rounds;
    },
  };
}
