/** Meaning and hint of every failure code: docs, alerts and the command line read them. */
import { EXPECTATION_TEXTS } from './expectation-texts.ts';
import type { FailureText, FailureTexts } from './failure-definition.ts';
import type { FailureCode } from './failures.ts';
import { SESSION_TEXTS } from './session-texts.ts';
import { TRANSPORT_TEXTS } from './transport-texts.ts';

export const FAILURE_TEXTS: FailureTexts<FailureCode> = { ...TRANSPORT_TEXTS, ...SESSION_TEXTS, ...EXPECTATION_TEXTS };

/** The texts of a code that any version stored or sent; undefined for a code that this version does not know. */
export function failureTextOf(code: string): FailureText | undefined {
  return Object.hasOwn(FAILURE_TEXTS, code) ? FAILURE_TEXTS[code as FailureCode] : undefined;
}
