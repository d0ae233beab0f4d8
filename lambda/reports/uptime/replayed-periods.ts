import { omittedLines } from '../../consensus/incident/evidence.ts';
import type { Incident } from '../../consensus/judgement/incident.ts';
import { type Policy, readWindow } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { openReplay } from '../replay/replay.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { VerdictPeriod } from '../source/up-down-unwatched.ts';
import { periodsBetween, type VerdictChange, verdictPeriods } from './verdict-periods.ts';

/**
 * The verdict periods of an incident. If the timeline omits lines because the verdict changed too often, replays the samples.
 * @param now end of the last period of an open incident, epoch milliseconds
 */
export async function replayedPeriods(
  source: Pick<ReportSource, 'history' | 'vantages'>,
  policy: Policy,
  incident: Incident,
  now: number,
): Promise<readonly VerdictPeriod[]> {
  const isWhole = incident.timeline.every((line) => omittedLines(line) === null);
  const changes = isWhole ? [] : await replayedChanges(source, policy, incident, now);
  // Without samples only the remaining timeline is known.
  const periods = changes.length > 0 ? periodsBetween(incident, now, changes) : verdictPeriods(incident, now);
  return [...beforeFirstJudgement(periods, incident, policy), ...periods, ...afterWithdrawal(incident, policy)];
}

/**
 * A target that has had no verdict since it entered the config has an incident that opened when the judge first read its rounds.
 * The verdict was `unknown` before, too, from the first of these rounds on.
 */
function beforeFirstJudgement(
  [first]: readonly VerdictPeriod[],
  { opened, timeline }: Incident,
  policy: Policy,
): readonly VerdictPeriod[] {
  const decided = timeline.find(({ what }) => what.startsWith('unknown: '));
  if (first?.verdict !== 'unknown' || decided === undefined || decided.at <= opened) return [];
  return [{ verdict: 'unknown', from: first.from - readWindow(policy), to: first.from }];
}

/** A target that was removed from the config has no verdict, also while its last samples count as recent. */
function afterWithdrawal({ timeline }: Incident, { freshness, every }: Policy): readonly VerdictPeriod[] {
  const withdrawn = timeline.find(({ what }) => what.startsWith('withdrawn: '));
  if (withdrawn === undefined) return [];
  const from = Date.parse(withdrawn.at);
  return [{ verdict: 'unknown', from, to: from + freshness * every }];
}

async function replayedChanges(
  { history, vantages }: Pick<ReportSource, 'history' | 'vantages'>,
  policy: Policy,
  { target, opened, closed }: Incident,
  now: number,
): Promise<readonly VerdictChange[]> {
  const from = isoSeconds(Date.parse(opened) - readWindow(policy));
  const samples = await history.samples(target, vantages, from, closed ?? isoSeconds(now));
  return changesIn(samples, target, policy).filter(({ at }) => at >= Date.parse(opened));
}

/** Changes of verdict, each in the second of the round that caused it, as a timeline has them. */
function changesIn(samples: readonly VantageSample[], target: string, policy: Policy): readonly VerdictChange[] {
  const changes: VerdictChange[] = [];
  let current: Verdict = 'up';
  const replay = openReplay([target], policy, (round, judgements) => {
    const verdict = judgements.find((one) => one.target === target)?.verdict ?? current;
    if (verdict !== current) changes.push({ at: Math.floor(Date.parse(round) / 1000) * 1000, verdict });
    current = verdict;
  });
  for (const { sample, ...named } of samples) replay.addRound({ ...named, samples: new Map([[target, sample]]) });
  replay.finish();
  return changes;
}
