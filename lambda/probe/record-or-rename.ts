/** Records a round so that no sample is lost to a round of the same name. */
import { distinctRoundName } from '../history/distinct-round-name.ts';
import type { Round } from '../history/packing/recorded-round.ts';
import type { RoundRecorder } from '../history/record-round.ts';

/**
 * `written`, or `already` if the name is taken and the recorded round says the same, or `renamed`: what differs from the
 * recorded round was written under a name of its own.
 */
export type RecordResult = 'written' | 'already' | 'renamed';

/**
 * A name is taken if an invocation is repeated, if the schedule fires twice, or if the judge of an older version requested
 * two second opinions in one second. The samples that are not in the recorded round, or have another outcome, are newer
 * observations, and are recorded under the time at which they began. A repeated invocation that saw the same adds nothing.
 * @param began epoch milliseconds
 * @param every length of a round in milliseconds
 */
export async function recordOrRename(
  history: RoundRecorder,
  round: Round,
  began: number,
  every: number,
): Promise<RecordResult> {
  if ((await history.recordRound(round)) === 'written') return 'written';
  const recorded = await history.recordedOutcomes(round.vantage, round.round);
  const samples = new Map([...round.samples].filter(([target, { outcome }]) => recorded.get(target) !== outcome));
  if (samples.size === 0) return 'already';
  await history.recordRound({ ...round, samples, round: distinctRoundName(began, every) });
  return 'renamed';
}
