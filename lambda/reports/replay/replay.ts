import { judgeAll } from '../../consensus/judge-all.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement.ts';
import { type Policy, voteWindow } from '../../consensus/judgement/policy.ts';
import { observationsByTarget } from '../../history/observations.ts';
import type { Round } from '../../history/packing/recorded-sample.ts';

/** The judge itself, led through stored rounds: it keeps no more of them than it would read. */
export interface Replay {
  /** Rounds of every vantage, oldest first. */
  see(round: Round): void;
  /** What people would have been told. */
  end(): readonly Alert[];
}

/**
 * Judges once for each name of a round, when all samples of that name are in and just before the next; no alert is lost
 * or late.
 * @param judged told what the judge made of all rounds up to this one
 */
export function openReplay(
  targets: readonly string[],
  policy: Policy,
  judged: (round: string, judgements: readonly Judgement[]) => void = () => {},
): Replay {
  const told: Alert[] = [];
  let stored: readonly Judgement[] = [];
  let recent: Round[] = [];

  function judge(last: string, now: number): void {
    recent = recent.filter(({ round }) => Date.parse(round) >= now - voteWindow(policy));
    const passes = judgeAll({ targets, stored, sightings: observationsByTarget(recent), policy, now });
    for (const { next } of passes) for (const alert of next.owed) told.push(alert);
    stored = passes.map(({ next }) => (next.owed.length === 0 ? next : { ...next, owed: [] }));
    judged(last, stored);
  }

  return {
    see(round) {
      const last = recent.at(-1)?.round;
      if (last !== undefined && last !== round.round) judge(last, Date.parse(round.round) - 1);
      recent.push(round);
    },
    end() {
      const last = recent.at(-1)?.round;
      if (last !== undefined) judge(last, Date.parse(last) + policy.every);
      return told;
    },
  };
}
