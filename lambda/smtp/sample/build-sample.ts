/** Builds the sample of one session. */

import { DEFERRALS } from './deferral-codes.ts';
import type { Finding, Outcome, Sample } from './sample.ts';

/** Outcomes in order of severity. */
export const SEVERITY: Readonly<Record<Outcome, number>> = { fail: 3, unable: 2, warn: 1, pass: 0 };

/** The fields of a sample that do not follow from its findings. */
export type SampleFacts = Omit<Sample, 'outcome' | 'phase' | 'code' | 'reply' | 'detail'>;

const NO_PARTS = {};

/** Outcome, phase, code, reply and detail are those of the worst finding; of several equal ones, of a deferral or else of the first. */
export function buildSample(facts: SampleFacts): Sample {
  const findings = facts.findings.length < 2 ? facts.findings : facts.findings.toSorted(bySeverity);
  const worst = findings[0];
  // Fields are copied one by one: a spread would be the most expensive line of a plain probe.
  return {
    outcome: worst?.outcome ?? 'pass',
    phase: worst?.phase ?? null,
    code: worst?.code ?? null,
    reply: worst?.reply ?? null,
    detail: worst?.detail ?? null,
    findings,
    timings: facts.timings,
    total: facts.total,
    address: facts.address,
    otherAddresses: facts.otherAddresses,
    greeting: facts.greeting,
    hello: facts.hello ?? null,
    software: facts.software,
    tls: facts.tls,
    extensions: facts.extensions,
    transcript: facts.transcript,
    ...(facts.acceptance === undefined ? NO_PARTS : { acceptance: facts.acceptance }),
    ...(facts.parts === undefined ? NO_PARTS : { parts: facts.parts }),
  };
}

function bySeverity(a: Finding, b: Finding): number {
  return SEVERITY[b.outcome] - SEVERITY[a.outcome] || Number(DEFERRALS.has(b.code)) - Number(DEFERRALS.has(a.code));
}

/** The sample of a target without a connection. */
export function unreachedSample(findings: readonly Finding[], dns: number): Sample {
  return buildSample({
    findings,
    timings: { dns },
    total: dns,
    address: null,
    otherAddresses: [],
    greeting: null,
    software: null,
    tls: null,
    extensions: { beforeTls: null, afterTls: null },
    transcript: [],
  });
}
