import { isoSeconds } from '../judgement/round-name.ts';
import type { PostureEpisode, PostureVerdict } from './posture-verdict.ts';

/**
 * Acknowledges what is open: it is no longer repeated each day. Its end is still reported. Another finding is reported, too.
 * @param only the id of one episode; all by default
 */
export function acknowledgePosture<Verdict extends PostureVerdict>(
  verdict: Verdict,
  by: string,
  now: number,
  only?: string,
): Verdict {
  const acknowledged = { at: isoSeconds(now), by };
  const episodes = Object.entries(verdict.episodes).map(([kind, episode]): [string, PostureEpisode] => {
    const isMeant = (only ?? episode.id) === episode.id && episode.acknowledged === undefined;
    return [kind, isMeant ? { ...episode, acknowledged } : episode];
  });
  return { ...verdict, episodes: Object.fromEntries(episodes) };
}
