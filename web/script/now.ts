/** `now.json`, which the monitor writes after each round. */

export interface Now {
  readonly newestRound: string | null;
  /** Of all targets, as one text. */
  readonly verdicts: string;
}

/** Null if it is not what this script knows. */
export function parseNow(document: unknown): Now | null {
  if (typeof document !== 'object' || document === null) return null;
  const { newestRound = null, verdicts = {} } = document as { newestRound?: unknown; verdicts?: unknown };
  if (newestRound !== null && (typeof newestRound !== 'string' || Number.isNaN(Date.parse(newestRound)))) return null;
  return { newestRound, verdicts: JSON.stringify(verdicts) };
}
