/** Combines the samples of several hosts or address families into one. */

import { buildSample, SEVERITY } from './build-sample.ts';
import type { Finding, Part, Sample } from './sample.ts';

export function acceptsMail({ sample: { outcome } }: Part): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

/** The parts that this vantage could judge; all parts if there are none. */
export function informativeParts<SomePart extends Part>(parts: readonly SomePart[]): readonly SomePart[] {
  const informative = parts.filter(({ sample }) => sample.outcome !== 'unable');
  return informative.length > 0 ? informative : parts;
}

export function compareSeverity(a: Part, b: Part): number {
  return SEVERITY[b.sample.outcome] - SEVERITY[a.sample.outcome];
}

/** The findings of a part, with its name in their details. */
export function namedFindings({ name, sample }: Part): readonly Finding[] {
  return sample.findings.map((found) => ({ ...found, detail: namedDetail(name, found.detail) }));
}

/** The detail with the name before it, once: details of DNS already have it. */
export function namedDetail(name: string, detail: string | null, code?: string | null): string {
  const rest = (detail ?? '').replace(`${name}: `, '');
  return code === undefined ? `${name}: ${rest}` : `${name}: ${code}: ${rest}`;
}

/** The sample has the facts, timings and transcript of `source`, and `findings` of all parts. */
export function mergeParts(parts: readonly Part[], source: Part, findings: readonly Finding[]): Sample {
  const total = Math.max(...parts.map(({ sample }) => sample.total));
  const { outcome: _outcome, phase: _phase, code: _code, reply: _reply, detail: _detail, ...facts } = source.sample;
  return buildSample({ ...facts, findings, total, parts });
}
