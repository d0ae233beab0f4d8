import { judgeAll } from '../../consensus/judge-all.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement.ts';
import { type Policy, voteWindow } from '../../consensus/judgement/policy.ts';
import { observationsByTarget } from '../../history/observations.ts';
import type { Round } from '../../history/packing/recorded-sample.ts';

/** Runs the judge over stored rounds. It keeps only the rounds that the judge would read. */
export interface Replay {
  /** Rounds of every vantage, oldest first. */
  addRound(round: Round): void;
  /** Judges the last round, and returns all alerts. */
  finish(): readonly Alert[];
}

/**
 * Judges once per round name, after all rounds of that name and just before the next one. Every alert is delivered at once.
 * @param onJudged called with each round name and the judgements after it
 */
export function openReplay(
  targets: readonly string[],
  policy: Policy,
  onJudged: (round: string, judgements: readonly Judgement[]) => void = () => {},
): Replay {
  const alerts: Alert[] = [];
  let stored: readonly Judgement[] = [];
  let recent: Round[] = [];

  function judge(last: string, now: number): void {
    recent = recent.filter(({ round }) => Date.parse(round) >= now - voteWindow(policy));
    const passes = judgeAll({ targets, stored, observations: observationsByTarget(recent), policy, now });
    for (const { next } of passes) for (const alert of next.owed) alerts.push(alert);
    stored = passes.map(({ next }) => (next.owed.length === 0 ? next : { ...next, owed: [] }));
    onJudged(last, stored);
  }

  return {
    addRound(round) {
      const last = recent.at(-1)?.round;
      if (last !== undefined && last !== round.round) judge(last, Date.parse(round.round) - 1);
      recent.push(round);
    },
    finish() {
      const last = recent.at(-1)?.round;
      if (last !== undefined) judge(last, Date.parse(last) + policy.every);
      return alerts;
    },
  };
}
