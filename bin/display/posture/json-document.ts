import { postureOutcome, worstFirst } from '../../../lambda/posture/check-posture.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';

/** The findings of one run of `posture`. */
export interface CheckedPosture {
  readonly domain: string;
  readonly findings: readonly PostureFinding[];
  /** DNS queries that were sent. */
  readonly queries: number;
  readonly milliseconds: number;
}

/** What `posture --json` prints. `smtp-quorum-posture.schema.json` describes it. */
export interface PostureDocument {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly domain: string;
  readonly outcome: Outcome;
  readonly queries: number;
  readonly milliseconds: number;
  readonly checks: readonly PostureFinding[];
}

export function postureDocument(
  { domain, findings, queries, milliseconds }: CheckedPosture,
  at: string,
): PostureDocument {
  return {
    version: 1,
    at,
    domain,
    outcome: postureOutcome(findings),
    queries,
    milliseconds: Math.round(milliseconds),
    checks: worstFirst(findings),
  };
}
