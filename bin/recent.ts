import type { History, Round } from '../lambda/history/history.ts';
import type { Sighting } from '../lambda/history/rollup.ts';
import type { Store } from './store.ts';

/** Rounds of all vantages, oldest first. */
export async function roundsOf({ history, vantages }: Store, since: string, until: string): Promise<readonly Round[]> {
  const rounds = await Promise.all(vantages.map((vantage) => history.rounds(vantage, since, until)));
  return rounds.flat().sort((a, b) => (a.round < b.round ? -1 : Number(a.round > b.round)));
}

/** What these rounds saw of one target. */
export function seenIn(rounds: readonly Round[], target: string): readonly Sighting[] {
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
