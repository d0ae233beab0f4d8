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

/** A cache of recent rounds. Each read fetches only rounds that are not cached yet, and those that may have changed since. */
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

/** Milliseconds after the name of a round in which probes that were under way add their samples to it. */
const MOST_LATE = 300_000;

export function openRecentRounds(): RecentRounds {
  const cache = new Map<string, { readonly from: string; readonly rounds: readonly Round[] }>();
  return {
    async read(history, vantage, since, keep, now) {
      const last = isoSeconds(now + MOST_AHEAD);
      const before = cache.get(vantage) ?? { from: since, rounds: [] };
      const older = since < before.from ? await history.rounds(vantage, since, before.from) : [];
      const first = firstToReadAgain(before.rounds, now) ?? before.from;
      // Of a vantage that is silent, or was taken out of the config, older rounds would be read and dropped each time.
      const newer = await history.rounds(vantage, [first, keep].sort().at(-1) ?? keep);
      const byName = new Map([...older, ...before.rounds, ...newer].map((round) => [round.round, round]));
      const rounds = [...byName.values()]
        .filter(({ round }) => round >= keep && round <= last)
        .sort((a, b) => (a.round < b.round ? -1 : 1));
      cache.set(vantage, { from: [since, before.from].sort()[0] ?? since, rounds });
      return rounds;
    },
  };
}

/**
 * A second opinion may be recorded before the round of the schedule that began earlier, or after the next one. Samples of probes that
 * were under way are added to their round. Null if there is no round.
 */
function firstToReadAgain(rounds: readonly Round[], now: number): string | null {
  const scheduled = rounds.filter(({ round }) => !round.includes('.'));
  const last = (scheduled.at(-2) ?? rounds[0])?.round ?? null;
  const open = rounds.find(({ round, underWay }) => underWay !== undefined && Date.parse(round) > now - MOST_LATE);
  return open === undefined || last === null || open.round > last ? last : open.round;
}
