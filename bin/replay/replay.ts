import { judgeFleet } from '../../lambda/consensus/fleet.ts';
import type { Alert } from '../../lambda/consensus/incident.ts';
import type { Judgement } from '../../lambda/consensus/judgement.ts';
import { type Policy, windowOf } from '../../lambda/consensus/policy.ts';
import type { Round } from '../../lambda/history/history.ts';
import { sightingsOf } from '../../lambda/sightings.ts';

/**
 * What people would have been told under a policy: the judge itself, led through stored rounds. It judges once for each
 * name of a round, when all samples of that name are in and just before the next; no alert is lost or late.
 * @param rounds of every vantage of the policy, oldest first
 */
export function replayed(rounds: readonly Round[], targets: readonly string[], policy: Policy): readonly Alert[] {
  const told: Alert[] = [];
  let stored: readonly Judgement[] = [];
  for (const { now, recent } of moments(rounds, policy)) {
    const passes = judgeFleet({ targets, stored, sightings: sightingsOf(recent), policy, now });
    stored = passes.map(({ next }) => {
      told.push(...next.owed);
      return { ...next, owed: [] };
    });
  }
  return told;
}

interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Rounds that the judge would read then. */
  readonly recent: readonly Round[];
}

function* moments(rounds: readonly Round[], policy: Policy): Generator<Moment> {
  const names = [...new Set(rounds.map(({ round }) => round))];
  let [from, to] = [0, 0];
  for (const [at, name] of names.entries()) {
    const next = names[at + 1];
    const now = next === undefined ? Date.parse(name) + policy.every : Date.parse(next) - 1;
    while (to < rounds.length && (rounds[to]?.round ?? '') <= name) to += 1;
    while (from < to && Date.parse(rounds[from]?.round ?? '') < now - windowOf(policy)) from += 1;
    yield { now, recent: rounds.slice(from, to) };
  }
}
