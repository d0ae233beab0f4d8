/** Samples that did not reach the server. */
import { buildSample } from '../smtp/sample/build-sample.ts';
import type { Finding, Phase, Sample } from '../smtp/sample/sample.ts';

/** A sample and the port it was taken at. */
export interface PortSample {
  readonly port: number;
  readonly sample: Sample;
}

/** Phases that fail when the way out is closed. A reply, whatever it says, shows that the way is open. */
const network: ReadonlySet<Phase | null> = new Set<Phase | null>(['dns', 'connect', 'greeting']);

/** Whether something of the server's came, whatever it said: the way there is open. */
export function isReached({ outcome, phase, reply }: Sample): boolean {
  return outcome === 'pass' || outcome === 'warn' || reply !== null || !network.has(phase);
}

/** The same sample with another finding: what follows from the old ones is left behind. */
export function instead(
  { outcome: _, phase: __, code: ___, reply: ____, detail: _____, ...seen }: Sample,
  found: Finding,
) {
  return buildSample({ ...seen, findings: [found] });
}
