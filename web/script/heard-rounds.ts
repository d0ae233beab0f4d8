/** The rounds that a page has heard of, and whether the newest is too long ago. */

interface HeardRounds {
  /** @param round ISO 8601 UTC; what is no time says nothing */
  heard(round: string): void;
  /** @param after seconds @param now epoch milliseconds */
  areOld(after: number, now: number): boolean;
}

/** Seconds that a round may be ahead: clocks differ. */
const AHEAD = 60;

export function openHeardRounds(): HeardRounds {
  const known = new Set<string>();
  return {
    heard: (round) => void (Number.isNaN(Date.parse(round)) || known.add(round)),
    areOld: (after, now) => {
      const times = [...known].map((round) => [round, now - Date.parse(round)] as const);
      // Of a monitor whose clock was ahead. It would hide for as long that the monitor is silent.
      const past = times.filter(([, age]) => age >= -AHEAD * 1000);
      const [newest] = past.sort(([, one], [, other]) => one - other);
      // The older ones never count again.
      for (const [round] of past) if (round !== newest?.[0]) known.delete(round);
      return newest === undefined || newest[1] > after * 1000;
    },
  };
}
