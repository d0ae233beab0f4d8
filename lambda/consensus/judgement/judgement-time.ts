import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';

/**
 * The time to judge at, epoch milliseconds: `now`, unless the clock of the judge is behind. It is behind if a strict majority
 * of the vantages has a round named more than one round after `now`. Their samples would be ignored as future ones, and the
 * judge would decide on the past: it would report a recovery during an outage. The time is then that of the newest such
 * round that a majority has reached.
 *
 * A single vantage of several with a clock that is ahead changes nothing.
 * @param rounds the names of recent rounds of any vantage, in any order
 */
export function judgementTime(
  now: number,
  rounds: readonly Pick<Observation, 'vantage' | 'round'>[],
  { vantages, every }: Pick<Policy, 'vantages' | 'every'>,
): number {
  const newest = new Map<string, number>();
  for (const { vantage, round } of rounds) {
    const at = Date.parse(round);
    if (at > (newest.get(vantage) ?? now + every)) newest.set(vantage, at);
  }
  const ahead = vantages.flatMap((vantage) => newest.get(vantage) ?? []).sort((a, b) => b - a);
  const majority = Math.floor(vantages.length / 2) + 1;
  return ahead[majority - 1] ?? now;
}
