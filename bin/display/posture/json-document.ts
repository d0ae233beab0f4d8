import type { NoValidator } from '../../../lambda/dns/records/dns-of-run.ts';
import { postureOutcome, worstFirst } from '../../../lambda/posture/check-posture.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';

/** The findings of one run of `posture`. */
export interface PostureAnswer {
  readonly domain: string;
  readonly findings: readonly PostureFinding[];
  /** Whether DNSSEC and DANE are judged; if not, the reason. */
  readonly dnssec: 'judged' | NoValidator;
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
  readonly dnssec: PostureAnswer['dnssec'];
  readonly queries: number;
  readonly milliseconds: number;
  readonly checks: readonly PostureDocumentCheck[];
}

interface PostureDocumentCheck extends PostureFinding {
  /** `dkim s1._domainkey.example.com`: what was checked, whatever was found. */
  readonly check: string;
}

export function postureDocument(
  { domain, findings, dnssec, queries, milliseconds }: PostureAnswer,
  at: string,
): PostureDocument {
  return {
    version: 1,
    at,
    domain,
    outcome: postureOutcome(findings),
    dnssec,
    queries,
    milliseconds: Math.round(milliseconds),
    checks: worstFirst(findings).map((one) => ({ check: `${one.area} ${one.subject}`, ...one })),
  };
}
