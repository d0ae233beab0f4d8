import { isoSeconds } from '../judgement/round-name.ts';
import type { RoundTripVerdict } from './round-trip-verdict.ts';

/** Acknowledges what is open: it is no longer repeated. Its end is still reported. */
export function acknowledgeTrip<Verdict extends RoundTripVerdict>(verdict: Verdict, by: string, now: number): Verdict {
  const { episode } = verdict;
  if (episode === null || episode.acknowledged !== undefined) return verdict;
  return { ...verdict, episode: { ...episode, acknowledged: { at: isoSeconds(now), by } } };
}
