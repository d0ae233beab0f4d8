import type { Policy } from '../../../consensus/judgement/policy.ts';
import type { VantageSample } from '../../../history/packing/recorded-round.ts';
import type { ReportSource } from '../../source/report-source.ts';
import type { VotesSnapshot } from '../snapshot.ts';
import { shownSamples, type TimedIncident, votesOf } from './votes-snapshot.ts';

/** The votes of the vantages of then: those of the config may be others now. */
export function votesThen(
  source: Pick<ReportSource, 'vantages'>,
  incident: TimedIncident,
  samples: readonly VantageSample[],
  policy: Policy,
  now: number,
): VotesSnapshot {
  const seen = new Set(shownSamples(incident, samples, policy, now).map(({ vantage }) => vantage));
  return votesOf(incident, samples, { ...policy, vantages: vantagesThen(source, policy, seen) }, now);
}

/** Those of the config, unless one that had a session then is no longer among them: then all that had one. */
function vantagesThen(
  { vantages }: Pick<ReportSource, 'vantages'>,
  policy: Policy,
  seen: ReadonlySet<string>,
): readonly string[] {
  if ([...seen].every((vantage) => policy.vantages.includes(vantage))) return policy.vantages;
  return [...new Set([...policy.vantages, ...vantages, ...seen])].filter((vantage) => seen.has(vantage));
}
