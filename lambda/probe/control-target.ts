import { ehloNameOf } from '../config/ehlo-name.ts';
import type { PortsWithoutAlerts } from '../ports.ts';
import { finding } from '../smtp/failures/failures.ts';
import { type ProbeOptions, probe } from '../smtp/probe.ts';
import { buildSample } from '../smtp/sample/combine-samples.ts';
import type { Finding, Phase, Sample } from '../smtp/sample/sample.ts';

/** A sample and the port it was taken at. */
export interface PortSample {
  readonly port: number;
  readonly sample: Sample;
}

/** Phases that fail when the way out is closed. A reply, whatever it says, shows that the way is open. */
const network: ReadonlySet<Phase | null> = new Set<Phase | null>(['dns', 'connect', 'greeting']);

/**
 * The sample of the control target, a mail server outside the targets; null where the config names none, and behind a
 * blocked port, where it would tell nothing.
 */
export async function probeControl(ports: PortsWithoutAlerts, options: ProbeOptions): Promise<Sample | null> {
  const { config, vantage, blockedPort } = ports;
  if (config.control === null || config.control.port === blockedPort) return null;
  const ehloName = ehloNameOf(config.ehloName, vantage);
  return probe({ ...config.control, ehloName, security: 'none' }, options);
}

/**
 * Where the control target cannot be reached, neither can tell what the vantage failed to reach: these samples become
 * `unable`. That is so for targets on the control's port (AWS blocks port 25 alone), and for all where none was reached.
 */
export function excuseUnreached(
  samples: readonly PortSample[],
  control: Sample | null,
  port: number,
): readonly Sample[] {
  if (control === null || isReached(control)) return samples.map(({ sample }) => sample);
  const nothingReached = samples.every(({ sample }) => !isReached(sample));
  return samples.map((seen) => {
    const excusable = seen.sample.outcome === 'fail' && !isReached(seen.sample);
    return excusable && (seen.port === port || nothingReached) ? unableOf(seen.sample, control) : seen.sample;
  });
}

/**
 * On a port that the network of the vantage drops, silence says nothing of the server: such a sample becomes `unable`
 * without a control target, too. An answer, or a failure before it (a name that does not exist), stays what it is.
 */
export function excuseBlockedPort(seen: PortSample, blockedPort: number | undefined): PortSample {
  const { port, sample } = seen;
  const unanswered = sample.findings.find(({ code }) => code === 'connect-timeout');
  if (port !== blockedPort || sample.outcome !== 'fail' || isReached(sample) || !unanswered) return seen;
  return { port, sample: instead(sample, finding('port-blocked', { detail: unanswered.detail })) };
}

/** Whether something of the server's came, whatever it said: the way there is open. */
export function isReached({ outcome, phase, reply }: Sample): boolean {
  return outcome === 'pass' || outcome === 'warn' || reply !== null || !network.has(phase);
}

function unableOf(sample: Sample, control: Sample): Sample {
  const both = `${sample.detail ?? sample.code}; the control target, too: ${control.detail ?? control.code}`;
  return instead(sample, finding('control-unreachable', { detail: both }));
}

/** The same sample with another finding: what follows from the old ones is left behind. */
function instead({ outcome: _, phase: __, code: ___, reply: ____, detail: _____, ...seen }: Sample, found: Finding) {
  return buildSample({ ...seen, findings: [found] });
}
