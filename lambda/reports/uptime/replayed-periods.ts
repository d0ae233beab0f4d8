import { omittedLines } from '../../consensus/incident/evidence.ts';
import type { Incident } from '../../consensus/judgement/incident.ts';
import { type Policy, voteWindow } from '../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';
import type { VantageSample } from '../../history/packing/recorded-sample.ts';
import { openReplay } from '../replay/replay.ts';
import type { ReportSource } from '../source/report-source.ts';
import { periodsBetween, type VerdictChange, type VerdictPeriod, verdictPeriods } from './verdict-periods.ts';

/**
 * The periods of an incident. Where it turned so often that its timeline leaves some out, the judge is led through the samples
 * once more.
 * @param now where an incident that lasts is cut off, epoch milliseconds
 */
export async function replayedPeriods(
  { history, vantages }: Pick<ReportSource, 'history' | 'vantages'>,
  policy: Policy,
  incident: Incident,
  now: number,
): Promise<readonly VerdictPeriod[]> {
  const { target, opened, closed, timeline } = incident;
  if (timeline.every((line) => omittedLines(line) === null)) return verdictPeriods(incident, now);
  const from = isoSeconds(Date.parse(opened) - voteWindow(policy));
  const sightings = await history.samples(target, vantages, from, closed ?? isoSeconds(now));
  const changes = changesIn(sightings, target, policy).filter(({ at }) => at >= Date.parse(opened));
  // Without its samples, what is left of the timeline is all that is known.
  return changes.length > 0 ? periodsBetween(incident, now, changes) : verdictPeriods(incident, now);
}

/** Changes of verdict, each at the round that made it. */
function changesIn(sightings: readonly VantageSample[], target: string, policy: Policy): readonly VerdictChange[] {
  const changes: VerdictChange[] = [];
  let present: Verdict = 'up';
  const replay = openReplay([target], policy, (round, judgements) => {
    const verdict = judgements.find((one) => one.target === target)?.verdict ?? present;
    if (verdict !== present) changes.push({ at: Date.parse(round), verdict });
    present = verdict;
  });
  for (const { sample, ...named } of sightings) replay.see({ ...named, samples: new Map([[target, sample]]) });
  replay.end();
  return changes;
}
