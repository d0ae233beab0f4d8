/** Why a session never had a transcript. */
import type { Session } from './sessions.ts';

/** Null if it may have had one. */
export function whyNoTranscript({ outcome, timings }: Pick<Session, 'outcome' | 'timings'>): string | null {
  if (outcome === 'pass') return 'The history keeps no transcript of a session that passed.';
  if (timings.connect === undefined) return 'Without a connection there is no transcript.';
  return null;
}
