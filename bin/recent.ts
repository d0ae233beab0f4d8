import type { History, RecordedSample, Round } from '../lambda/history/history.ts';

/** A sample with its vantage and its round. */
export interface Seen {
  readonly vantage: string;
  readonly round: string;
  readonly sample: RecordedSample;
}

/** What every vantage saw of one target, oldest first; within a round in the order of `vantages`. */
export async function seenOf(
  history: History,
  target: string,
  vantages: readonly string[],
  since: string,
  until: string,
): Promise<readonly Seen[]> {
  const rounds = await Promise.all(vantages.map((vantage) => history.rounds(vantage, since, until)));
  return rounds
    .flatMap((ofVantage) => seenIn(ofVantage, target))
    .sort((a, b) => (a.round < b.round ? -1 : Number(a.round > b.round)));
}

export function seenIn(rounds: readonly Round[], target: string): readonly Seen[] {
  return rounds.flatMap(({ vantage, round, samples }) => {
    const sample = samples.get(target);
    return sample === undefined ? [] : [{ vantage, round, sample }];
  });
}

/** The rounds of the last while, kept up to date by reading only what is new. */
export interface RecentRounds {
  /** Rounds of `vantage` from `since` on, oldest first. */
  of(history: History, vantage: string, since: string): Promise<readonly Round[]>;
}

export function recentRounds(): RecentRounds {
  const kept = new Map<string, readonly Round[]>();
  return {
    async of(history, vantage, since) {
      const before = (kept.get(vantage) ?? []).filter(({ round }) => round >= since);
      const newest = before.at(-1)?.round;
      const more = await history.rounds(vantage, newest ?? since);
      const all = [...before, ...more.filter(({ round }) => newest === undefined || round > newest)];
      kept.set(vantage, all);
      return all;
    },
  };
}
