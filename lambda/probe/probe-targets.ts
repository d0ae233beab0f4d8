/** Probes the targets of a round, as many at a time as there are slots. */
import { performance } from 'node:perf_hooks';
import type { Target } from '../config/config.ts';
import type { ProbePorts } from '../ports.ts';
import type { ProbeOptions } from '../smtp/probe-run-options.ts';
import { sessionsOf, timeToBegin } from './capacity/round-budget.ts';
import { keepUnreached, roundOrder } from './capacity/round-order.ts';
import { type RunningProbes, startProbes } from './capacity/running-probes.ts';
import type { SessionSlots } from './capacity/session-slots.ts';
import { isClientHelloTurn } from './hourly-tls-client-hello.ts';
import type { Assignment } from './probe-event.ts';
import { probeOne } from './probe-with-password.ts';
import { optionsForPort } from './reachability/blocked-port.ts';

/** Starts the probes. The targets for which there was no time come first in the next round. */
export function startTargets(
  ports: ProbePorts,
  assignment: Assignment,
  options: ProbeOptions,
  slots: SessionSlots,
): RunningProbes {
  const started = performance.now();
  const { targets } = assignment;
  const reached = new Set<string>();
  const probes = startProbes(roundOrder(ports.vantage, targets), async (target) => {
    const within = started + timeToBegin(ports.config, slots.count, target) - performance.now();
    const release = await slots.take(sessionsOf(target), within);
    if (release === null) return null;
    reached.add(target.id);
    return probeOne(ports, target, optionsFor(ports, assignment, target, options)).finally(release);
  });
  void probes.wait().then(() => keepUnreached(ports.vantage, targets, reached));
  return probes;
}

function optionsFor(
  { blockedPort, mxAddresses, config }: ProbePorts,
  { round }: Assignment,
  target: Target,
  options: ProbeOptions,
): ProbeOptions {
  const clientHello = isClientHelloTurn(target.id, round, config.policy.every);
  const addresses = mxAddresses === undefined ? {} : { mxAddresses };
  return optionsForPort(target, blockedPort, { ...options, ...addresses, clientHello });
}
