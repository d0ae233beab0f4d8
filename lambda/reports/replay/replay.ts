import { judgeAll } from '../../consensus/judge-all.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement-state.ts';
import { type Policy, readWindow } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { observationsByTarget } from '../../history/group-samples-by-target.ts';
import type { Round } from '../../history/packing/recorded-round.ts';

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
    recent = recent.filter(({ round }) => Date.parse(round) >= now - readWindow(policy));
    const passes = judgeAll({ targets, stored, observations: observationsByTarget(recent), policy, now });
    for (const { next } of passes) for (const alert of next.owed) alerts.push(alert);
    stored = passes.map(({ next }) => (next.owed.length === 0 ? next : { ...next, owed: [] }));
    onJudged(last, stored);
  }

  /**
   * Judges after a round. If the next one comes so late that no vantage has a recent round, judges until that is reported: the
   * time until the next round belongs to no verdict.
   */
  function judgeUntil(last: string, next: number): void {
    const { every, freshness, silence } = policy;
    const stale = Date.parse(last) + freshness * every;
    judge(last, Math.min(next - 1, stale));
    for (let rounds = 0, at = stale + 1000; rounds <= silence + 1 && at < next; rounds += 1, at += every)
      judge(isoSeconds(at), at);
  }

  return {
    addRound(round) {
      const last = recent.at(-1)?.round;
      if (last !== undefined && last !== round.round) judgeUntil(last, Date.parse(round.round));
      recent.push(round);
    },
    finish() {
      const last = recent.at(-1)?.round;
      if (last !== undefined) judge(last, Date.parse(last) + policy.every);
      return alerts;
    },
  };
}
