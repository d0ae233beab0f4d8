/** Why a session has no transcript on the page. */
import type { Session } from './sessions.ts';

export function whyNoTranscript({ outcome, timings }: Pick<Session, 'outcome' | 'timings'>): string {
  if (outcome === 'pass') return 'The history keeps no transcript of a session that passed.';
  if (timings.connect === undefined) return 'Without a connection there is no transcript.';
  return 'This page has transcripts of the last three hours alone.';
}
