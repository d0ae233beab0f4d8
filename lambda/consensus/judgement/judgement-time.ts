import { beganAt, type Observation } from './observation.ts';
import type { Policy } from './policy.ts';

/**
 * The time to judge at, epoch milliseconds: `now`, unless the clock of the judge is behind. It is behind if a strict majority
 * of the vantages has a round that began more than one round after `now`. Their samples would be ignored as future ones, and the
 * judge would decide on the past: it would report a recovery during an outage. The time is then that of the newest such
 * round that a majority has reached.
 *
 * A single vantage of several with a clock that is ahead changes nothing.
 * @param rounds recent rounds of any vantage, in any order; those that do not say when they began do not count
 */
export function judgementTime(
  now: number,
  rounds: readonly Pick<Observation, 'vantage' | 'round' | 'began'>[],
  { vantages, every }: Pick<Policy, 'vantages' | 'every'>,
): number {
  const newest = new Map<string, number>();
  for (const round of rounds) {
    const at = beganAt(round) ?? 0;
    if (at > (newest.get(round.vantage) ?? now + every)) newest.set(round.vantage, at);
  }
  const ahead = vantages.flatMap((vantage) => newest.get(vantage) ?? []).sort((a, b) => b - a);
  const majority = Math.floor(vantages.length / 2) + 1;
  return ahead[majority - 1] ?? now;
}
