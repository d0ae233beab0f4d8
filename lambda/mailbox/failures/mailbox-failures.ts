/** The table of failures of a mailbox: phase, outcome and fault of each code. `mailbox-failure-texts.ts` has the words. */

import { LIMITS } from '../../smtp/bounds/limits.ts';
import { truncate } from '../../smtp/bounds/truncate.ts';
import { TRANSPORT_FAILURES } from '../../smtp/failures/transport-failure-codes.ts';
import { MAILBOX_SESSION_FAILURES, type MailboxFailure } from './mailbox-failure-codes.ts';
import type { MailboxPhase } from './mailbox-phase.ts';

export const MAILBOX_FAILURES = {
  ...TRANSPORT_FAILURES,
  ...MAILBOX_SESSION_FAILURES,
} as const satisfies Readonly<Record<string, MailboxFailure>>;

/** The codes are stable: they are stored, alerted on, and documented in docs/mailboxes.md. */
export type MailboxFailureCode = keyof typeof MAILBOX_FAILURES;

/** As `Finding` of the SMTP probe, with the phases and codes of a mailbox. */
export interface MailboxFinding {
  readonly phase: MailboxPhase;
  readonly code: MailboxFailureCode;
  readonly outcome: MailboxFailure['outcome'];
  /** The facts of the finding, with figures. One line. */
  readonly detail: string;
  /** What the server said, if that is the cause. */
  readonly reply: string | null;
}

export function isMailboxFailureCode(code: string): code is MailboxFailureCode {
  return Object.hasOwn(MAILBOX_FAILURES, code);
}

/** Undefined for a code that this version does not know. */
export function mailboxFailureOf(code: string): MailboxFailure | undefined {
  return isMailboxFailureCode(code) ? MAILBOX_FAILURES[code] : undefined;
}

export interface MailboxEvidence {
  /** If the table says `any`. */
  readonly phase?: MailboxPhase;
  readonly detail: string;
  readonly reply?: string | null;
  readonly outcome?: MailboxFinding['outcome'];
}

/** A finding with the phase and outcome of the table. Detail and reply are truncated; the detail is one line. */
export function mailboxFinding(code: MailboxFailureCode, evidence: MailboxEvidence): MailboxFinding {
  const { phase, outcome }: MailboxFailure = MAILBOX_FAILURES[code];
  const { reply = null, detail } = evidence;
  return {
    phase: evidence.phase ?? (phase === 'any' ? 'connect' : (phase as MailboxPhase)),
    code,
    outcome: evidence.outcome ?? outcome,
    detail: truncate(detail.trim().replace(/\s*[\r\n]+\s*/g, ', '), LIMITS.keptCharacters),
    reply: reply === null ? null : truncate(reply, LIMITS.keptCharacters),
  };
}
