import type { Session } from './sessions.ts';

export const OUTCOME_WORDS = { pass: 'passed', warn: 'warned', fail: 'failed', unable: 'could not probe' } as const;

/** Not by colour alone. */
export const OUTCOME_MARKS = { pass: '✓', warn: '!', fail: '✕', unable: '–' } as const;

/** `failed at greeting (greeting-refused)`. */
export function sessionOutcome({ outcome, seen }: Session): string {
  const where = seen?.phase == null ? '' : ` at ${seen.phase}`;
  return `${OUTCOME_WORDS[outcome]}${where}${seen?.code == null ? '' : ` (${seen.code})`}`;
}
