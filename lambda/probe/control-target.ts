import { ehloNameOf } from '../config/ehlo-name.ts';
import type { PortsWithoutAlerts } from '../ports.ts';
import { finding } from '../smtp/failures/failures.ts';
import { type ProbeOptions, probe } from '../smtp/probe.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import { instead, isReached, type PortSample } from './network-failure.ts';

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
export function applyControlResult(
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

function unableOf(sample: Sample, control: Sample): Sample {
  const both = `${sample.detail ?? sample.code}; the control target, too: ${control.detail ?? control.code}`;
  return instead(sample, finding('control-unreachable', { detail: both }));
}
