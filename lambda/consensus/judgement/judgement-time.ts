import { beganAt, type Observation } from './observation.ts';
import type { Policy } from './policy.ts';

/**
 * The time to judge at, epoch milliseconds: `now`, unless the clock of the judge is behind. It is behind if a round has a later
 * name and began no earlier than its name: then two other clocks agree, that of the schedule and that of the vantage. If
 * the judge went by its own clock, it would ignore such rounds as future ones, decide on the past, and report a recovery
 * during an outage. The time is then the newest such name.
 *
 * A vantage with a clock that is ahead changes nothing, because the schedule names its rounds.
 * @param rounds recent rounds of any vantage, in any order; those that do not say when they began do not count
 */
export function judgementTime(
  now: number,
  rounds: readonly Pick<Observation, 'round' | 'began'>[],
  policy: Policy,
): number {
  return rounds.reduce((latest, round) => {
    const named = Date.parse(round.round);
    const isConfirmed =
      beganAt(round, policy) !== null && Date.parse(round.began ?? '') >= Math.floor(named / 1000) * 1000;
    return isConfirmed && named > latest ? named : latest;
  }, now);
}
