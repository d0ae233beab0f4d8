/** Samples out of what was seen, and several of them into one. */

import type { Finding, Outcome, Part, Sample } from './sample.ts';

const RANK: Readonly<Record<Outcome, number>> = { fail: 3, unable: 2, warn: 1, pass: 0 };

/** Everything of a sample that does not follow from its findings. */
export type SampleFacts = Omit<Sample, 'outcome' | 'phase' | 'code' | 'reply' | 'detail'>;

const NO_PARTS = {};

/** The worst finding speaks for the sample; of equals the first. */
export function buildSample(seen: SampleFacts): Sample {
  const findings = seen.findings.length < 2 ? seen.findings : seen.findings.toSorted(bySeverity);
  const worst = findings[0];
  // Field by field: copied in whole, it would be the dearest line of a plain probe.
  return {
    outcome: worst?.outcome ?? 'pass',
    phase: worst?.phase ?? null,
    code: worst?.code ?? null,
    reply: worst?.reply ?? null,
    detail: worst?.detail ?? null,
    findings,
    timings: seen.timings,
    total: seen.total,
    address: seen.address,
    otherAddresses: seen.otherAddresses,
    greeting: seen.greeting,
    software: seen.software,
    tls: seen.tls,
    extensions: seen.extensions,
    transcript: seen.transcript,
    ...(seen.parts === undefined ? NO_PARTS : { parts: seen.parts }),
  };
}

function bySeverity(a: Finding, b: Finding): number {
  return RANK[b.outcome] - RANK[a.outcome];
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

export function acceptsMail({ sample: { outcome } }: Part): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

/** The parts of which this vantage can tell anything; all of them where that is none. */
export function informativeParts<Some extends Part>(parts: readonly Some[]): readonly Some[] {
  const able = parts.filter(({ sample }) => sample.outcome !== 'unable');
  return able.length > 0 ? able : parts;
}

export function compareSeverity(a: Part, b: Part): number {
  return RANK[b.sample.outcome] - RANK[a.sample.outcome];
}

/** What was found of a part, with its name. */
export function namedFindings({ name, sample }: Part): readonly Finding[] {
  return sample.findings.map((found) => ({ ...found, detail: `${name}: ${found.detail}` }));
}

/** `speaker` lends its facts, timings and transcript; `findings` are what counts of all parts. */
export function mergeParts(parts: readonly Part[], speaker: Part, findings: readonly Finding[]): Sample {
  const total = Math.max(...parts.map(({ sample }) => sample.total));
  const { outcome: _outcome, phase: _phase, code: _code, reply: _reply, detail: _detail, ...seen } = speaker.sample;
  return buildSample({ ...seen, findings, total, parts });
}
