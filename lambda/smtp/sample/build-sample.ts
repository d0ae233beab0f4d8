/** Builds the sample of one session. */

import type { Finding, Outcome, Sample } from './sample.ts';

export const SEVERITY: Readonly<Record<Outcome, number>> = { fail: 3, unable: 2, warn: 1, pass: 0 };

/** Everything of a sample that does not follow from its findings. */
export type SampleFacts = Omit<Sample, 'outcome' | 'phase' | 'code' | 'reply' | 'detail'>;

const NO_PARTS = {};

/** The worst finding speaks for the sample; of equals the first. */
export function buildSample(facts: SampleFacts): Sample {
  const findings = facts.findings.length < 2 ? facts.findings : facts.findings.toSorted(bySeverity);
  const worst = findings[0];
  // Field by field: copied in whole, it would be the dearest line of a plain probe.
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
    software: facts.software,
    tls: facts.tls,
    extensions: facts.extensions,
    transcript: facts.transcript,
    ...(facts.parts === undefined ? NO_PARTS : { parts: facts.parts }),
  };
}

function bySeverity(a: Finding, b: Finding): number {
  return SEVERITY[b.outcome] - SEVERITY[a.outcome];
}

/** A sample of a target to which no connection was made. */
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
