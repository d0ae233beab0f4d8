/** The table of all failures: phase, outcome and fault of each code. `failure-texts.ts` has the words. */

import { LIMITS } from '../bounds/limits.ts';
import { truncate } from '../bounds/truncate.ts';
import type { Finding, Phase } from '../sample/sample.ts';
import { EXPECTATION_FAILURES } from './expectation-failure-codes.ts';
import type { Failure } from './failure-definition.ts';
import { SESSION_FAILURES } from './session-failure-codes.ts';
import { TRANSPORT_FAILURES } from './transport-failure-codes.ts';

export type { Failure } from './failure-definition.ts';

export const FAILURES = {
  ...TRANSPORT_FAILURES,
  ...SESSION_FAILURES,
  ...EXPECTATION_FAILURES,
} as const satisfies Readonly<Record<string, Failure>>;

/** The codes are stable: they are stored, alerted on, and documented in docs/failures.md. */
export type FailureCode = keyof typeof FAILURES;

/** The row of a code that any version stored or sent; undefined for a code that this version does not know. */
export function failureOf(code: string): Failure | undefined {
  return Object.hasOwn(FAILURES, code) ? FAILURES[code as FailureCode] : undefined;
}

export interface FindingEvidence {
  /** If the table says `any`, or for `ehlo2` instead of `ehlo`. */
  readonly phase?: Phase;
  readonly detail: string;
  readonly reply?: string | null;
  /** The severity that an expectation sets. */
  readonly outcome?: Finding['outcome'];
}

/** Errors of libraries and names of certificates may have line ends. */
function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.trim().replace(/\s*[\r\n]+\s*/g, ', ') : text;
}

/** A finding with the phase and outcome of the table. Detail and reply are truncated; the detail is one line. */
export function finding(code: FailureCode, evidence: FindingEvidence): Finding {
  const { phase, outcome }: Failure = FAILURES[code];
  const evidencePhase = evidence.phase ?? (phase === 'any' ? 'connect' : phase);
  const reply =
    evidence.reply === undefined || evidence.reply === null ? null : truncate(evidence.reply, LIMITS.keptCharacters);
  return {
    phase: evidencePhase,
    code,
    outcome: evidence.outcome ?? outcome,
    detail: truncate(oneLine(evidence.detail), LIMITS.keptCharacters),
    reply,
  };
}
