/** What a session with a mailbox reports: findings, timings and the transcript. */

import type { TlsFacts } from '../../smtp/sample/sample.ts';
import type { MailboxFinding } from '../failures/mailbox-failures.ts';
import type { MailboxPhase } from '../failures/mailbox-phase.ts';

export interface MailboxReport {
  /** In the order in which they were found. */
  readonly findings: readonly MailboxFinding[];
  /** Milliseconds on a monotonic clock for each phase that was reached. Phases that were repeated are added up. */
  readonly timings: Readonly<Partial<Record<MailboxPhase, number>>>;
  readonly address: string | null;
  readonly greeting: string | null;
  /** Capabilities after authentication, or the last ones that are known. */
  readonly capabilities: readonly string[];
  readonly tls: TlsFacts | null;
  /** Lines `S: …`, `C: …` and `* …`, redacted, 8 KB at most. */
  readonly transcript: readonly string[];
}

/** The rejection of every function of a `MailboxSession`, and of `openMailbox`. */
export class MailboxError extends Error {
  override readonly name = 'MailboxError';
  readonly failure: MailboxFinding;
  /** The session has ended. */
  readonly fatal: boolean;
  readonly report: MailboxReport;

  constructor(failure: MailboxFinding, fatal: boolean, report: MailboxReport) {
    super(`${failure.code} (${failure.phase}): ${failure.detail}`);
    this.failure = failure;
    this.fatal = fatal;
    this.report = report;
  }
}
