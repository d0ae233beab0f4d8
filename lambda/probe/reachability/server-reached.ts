/** Tells whether a sample reached the server, and replaces the finding of one that did not. */
import { buildSample } from '../../smtp/sample/build-sample.ts';
import type { Finding, Phase, Sample } from '../../smtp/sample/sample.ts';

/** A sample and the port of its target. */
export interface PortSample {
  readonly port: number;
  readonly sample: Sample;
}

/** Phases that fail if the vantage's network blocks the port. Any reply shows that the network is open. */
const networkPhases: ReadonlySet<Phase | null> = new Set<Phase | null>(['dns', 'connect', 'greeting']);

/** Whether the server answered in any way, which shows that the network is open. */
export function isReached({ outcome, phase, reply }: Sample): boolean {
  return outcome === 'pass' || outcome === 'warn' || reply !== null || !networkPhases.has(phase);
}

/** The same sample with another finding. Fields that follow from the findings are computed again. */
export function replaceFindings(
  { outcome: _, phase: __, code: ___, reply: ____, detail: _____, ...facts }: Sample,
  found: Finding,
) {
  return buildSample({ ...facts, findings: [found] });
}
