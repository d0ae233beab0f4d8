/** Handles a port that the vantage's network drops: port 25 of Lambda functions outside a VPC. */
import type { Target } from '../../config/config.ts';
import { finding } from '../../smtp/failures/failures.ts';
import type { ProbeOptions } from '../../smtp/resolve-and-probe-endpoint.ts';
import { isReached, type PortSample, replaceFindings } from './server-reached.ts';

/**
 * On a port that the network of the vantage drops, a connect timeout says nothing about the server: the sample becomes
 * `unable`, with or without a control target. A reply, or an earlier failure such as a name that does not exist, is kept.
 */
export function applyBlockedPort(seen: PortSample, blockedPort: number | undefined): PortSample {
  const { port, sample } = seen;
  const unanswered = sample.findings.find(({ code }) => code === 'connect-timeout');
  if (port !== blockedPort || sample.outcome !== 'fail' || isReached(sample) || !unanswered) return seen;
  return { port, sample: replaceFindings(sample, finding('port-blocked', { detail: unanswered.detail })) };
}

/**
 * A port that the network drops does not answer, and a function is billed while it waits. The connect timeout is therefore
 * short, but long enough for a reply from another continent in case the port is open.
 */
export function optionsForPort({ port }: Target, blockedPort: number | undefined, options: ProbeOptions): ProbeOptions {
  return port === blockedPort ? { ...options, limits: { connect: 1_000 } } : options;
}
