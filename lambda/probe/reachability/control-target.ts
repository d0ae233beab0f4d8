/** Probes the control target, and marks samples `unable` if it cannot be reached. */
import { ehloNameOf } from '../../config/ehlo-name.ts';
import type { ProbePorts } from '../../ports.ts';
import { finding } from '../../smtp/failures/failures.ts';
import { type ProbeOptions, probe } from '../../smtp/resolve-and-probe-endpoint.ts';
import type { Sample } from '../../smtp/sample/sample.ts';
import { isReached, type PortSample, replaceFindings } from './server-reached.ts';

/**
 * The sample of the control target, a mail server that is not one of the targets. Null if the config has none, or if its
 * port is blocked.
 */
export async function probeControl(
  ports: Pick<ProbePorts, 'config' | 'vantage' | 'blockedPort'>,
  options: ProbeOptions,
): Promise<Sample | null> {
  const { config, vantage, blockedPort } = ports;
  if (config.control === null || config.control.port === blockedPort) return null;
  const ehloName = ehloNameOf(config.ehloName, vantage);
  return probe({ ...config.control, ehloName, security: 'none' }, options);
}

/**
 * If the control target cannot be reached, samples that did not reach their server become `unable`: the network of the
 * vantage may be the cause. This applies to targets on the control's port (AWS blocks port 25 alone), and to all targets if
 * none was reached.
 */
export function applyControlResult(
  samples: readonly PortSample[],
  control: Sample | null,
  port: number,
): readonly Sample[] {
  if (control === null || isReached(control)) return samples.map(({ sample }) => sample);
  const nothingReached = samples.every(({ sample }) => !isReached(sample));
  return samples.map((own) => {
    const isUnreached = own.sample.outcome === 'fail' && !isReached(own.sample);
    return isUnreached && (own.port === port || nothingReached) ? unableSample(own.sample, control) : own.sample;
  });
}

function unableSample(sample: Sample, control: Sample): Sample {
  const both = `${sample.detail ?? sample.code}; the control target failed too: ${control.detail ?? control.code}`;
  return replaceFindings(sample, finding('control-unreachable', { detail: both }));
}
