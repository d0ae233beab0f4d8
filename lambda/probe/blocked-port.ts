import type { Target } from '../config/config.ts';
import { finding } from '../smtp/failures/failures.ts';
import type { ProbeOptions } from '../smtp/probe.ts';
import { instead, isReached, type PortSample } from './network-failure.ts';

/**
 * On a port that the network of the vantage drops, silence says nothing of the server: such a sample becomes `unable`
 * without a control target, too. An answer, or a failure before it (a name that does not exist), stays what it is.
 */
export function applyBlockedPort(seen: PortSample, blockedPort: number | undefined): PortSample {
  const { port, sample } = seen;
  const unanswered = sample.findings.find(({ code }) => code === 'connect-timeout');
  if (port !== blockedPort || sample.outcome !== 'fail' || isReached(sample) || !unanswered) return seen;
  return { port, sample: instead(sample, finding('port-blocked', { detail: unanswered.detail })) };
}

/**
 * Nobody answers at a port that the network drops, and a function is billed for waiting: it is only knocked at, long enough
 * for an answer from the other side of the world, should the port be open after all.
 */
export function optionsForPort({ port }: Target, blockedPort: number | undefined, options: ProbeOptions): ProbeOptions {
  return port === blockedPort ? { ...options, limits: { connect: 1_000 } } : options;
}
