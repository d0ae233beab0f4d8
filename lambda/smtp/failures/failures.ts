/** Every way a mail server fails, once: what docs, alerts and tests read. */

import { LIMITS } from '../bounds/limits.ts';
import { shortened } from '../bounds/transcript.ts';
import type { Finding, Phase } from '../sample/sample.ts';
import { FAILURES_OF_EXPECTATION } from './expectation-failures.ts';
import type { Failure } from './failure.ts';
import { FAILURES_OF_SESSION } from './session-failures.ts';
import { FAILURES_OF_TRANSPORT } from './transport-failures.ts';

export type { Failure } from './failure.ts';

export const FAILURES = {
  ...FAILURES_OF_TRANSPORT,
  ...FAILURES_OF_SESSION,
  ...FAILURES_OF_EXPECTATION,
} as const satisfies Readonly<Record<string, Failure>>;

/** Stable: stored, alerted on, and documented in docs/failures.md. */
export type FailureCode = keyof typeof FAILURES;

/** The row of a code that was stored or sent by any version; undefined for one this version does not know. */
export function failureOf(code: string): Failure | undefined {
  return Object.hasOwn(FAILURES, code) ? FAILURES[code as FailureCode] : undefined;
}

export interface Seen {
  /** Where the table leaves it open, or for `ehlo2` instead of `ehlo`. */
  readonly phase?: Phase;
  readonly detail: string;
  readonly reply?: string | null;
  /** Where an expectation says how bad it is. */
  readonly outcome?: Finding['outcome'];
}

/** Detail and reply are bounded, whatever was said. */
export function finding(code: FailureCode, seen: Seen): Finding {
  const { phase, outcome }: Failure = FAILURES[code];
  const where = seen.phase ?? (phase === 'any' ? 'connect' : phase);
  const reply = seen.reply === undefined || seen.reply === null ? null : shortened(seen.reply, LIMITS.keptCharacters);
  return {
    phase: where,
    code,
    outcome: seen.outcome ?? outcome,
    detail: shortened(seen.detail, LIMITS.keptCharacters),
    reply,
  };
}
