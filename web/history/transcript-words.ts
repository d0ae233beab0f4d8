/** Why a session has no transcript on the page. */
import type { Session } from './sessions.ts';

/** @param since the time from which on the page has transcripts, if the session was before it; else null */
export function whyNoTranscript(
  { outcome, timings }: Pick<Session, 'outcome' | 'timings'>,
  since: string | null,
): string {
  if (outcome === 'pass') return 'The history keeps no transcript of a session that passed.';
  if (timings.connect === undefined) return 'Without a connection there is no transcript.';
  return since === null
    ? 'This page has no transcript of this session.'
    : `This page has transcripts of sessions since ${since} alone.`;
}
