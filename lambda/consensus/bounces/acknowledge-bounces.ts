import { isoSeconds } from '../judgement/round-name.ts';
import type { BounceVerdict } from './bounce-verdict.ts';

/** Acknowledges what is open: it is no longer repeated. Its end is still reported. */
export function acknowledgeBounces<Verdict extends BounceVerdict>(verdict: Verdict, by: string, now: number): Verdict {
  const { episode } = verdict;
  if (episode === null || episode.acknowledged !== undefined) return verdict;
  return { ...verdict, episode: { ...episode, acknowledged: { at: isoSeconds(now), by } } };
}
