import type { Chapter } from '../judgement/incident-chapter.ts';

/**
 * Causes that a probe sees once an hour only, because the question leaves a line in the log of the server. The code of the
 * rounds in between is the value.
 */
const OCCASIONAL_CAUSES: Readonly<Record<string, string>> = {
  'tls-on-plain-port': 'silence',
  'not-smtp-http': 'silence',
};

/** Whether a failure is the one before, or that without its cause, which was not asked for. */
export function continuesFailure(
  before: Pick<Chapter, 'phase' | 'code'>,
  next: Pick<Chapter, 'phase' | 'code'>,
): boolean {
  if (before.phase !== next.phase) return false;
  return before.code === next.code || (before.code !== null && OCCASIONAL_CAUSES[before.code] === next.code);
}
