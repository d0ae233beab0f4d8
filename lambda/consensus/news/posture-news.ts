/**
 * What an alert says of the posture of a domain, or of a round trip. It has its own words, because a function that sends it knows no
 * codes.
 */

export interface PostureNews {
  /** Worst first. Bounded; `more` counts the others. */
  readonly findings: readonly ToldFinding[];
  readonly more: number;
  /** Warnings of the domain at that time, which are reported only with failures. */
  readonly warnings: readonly PostureWarning[];
  /** Set if nothing is new: the findings are still there after a day. */
  readonly isReminder?: true;
}

/** The findings of an alert about posture or about a round trip. Alerts of round trips that version 0.1 stored have `posture` alone. */
export function findingsOfAlert({
  trip,
  posture,
}: {
  readonly trip?: PostureNews;
  readonly posture?: PostureNews;
}): PostureNews | undefined {
  return trip ?? posture;
}

export interface PostureWarning {
  readonly code: string;
  readonly subject: string;
  readonly detail: string;
}

export interface ToldFinding extends PostureWarning {
  readonly area: string;
  /** When a vantage first saw it, ISO 8601 UTC. */
  readonly since: string;
  /** The vantages that see it; at its end, those that do not. */
  readonly vantages: readonly string[];
  readonly meaning: string;
  readonly hint: string | null;
  readonly rfc: string;
  /** What was found, in lines. */
  readonly evidence: readonly string[];
  /** Records that correct it, as lines of a zone file. */
  readonly publish: readonly string[];
  /** A command that shows what was found. */
  readonly command: string | null;
}
