/** Problems of certificates, before a severity is applied. */

import type { SeverityOrIgnore } from '../endpoint/expectations.ts';
import { type FailureCode, finding } from '../failures/failures.ts';
import type { Finding } from '../sample/sample.ts';

/** A problem of a certificate, independent of expectations. */
export interface CertificateProblem {
  readonly code: FailureCode;
  readonly detail: string;
}

export function findingsOfProblems(
  severity: SeverityOrIgnore,
  findProblems: () => readonly CertificateProblem[],
): readonly Finding[] {
  if (severity === 'ignore') return [];
  return findProblems().map(({ code, detail }) => finding(code, { detail, outcome: severity }));
}
