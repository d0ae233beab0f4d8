/** Probes the targets of a round, as many at a time as there are slots. */
import { performance } from 'node:perf_hooks';
import type { Target } from '../config/config.ts';
import type { ProbePorts } from '../ports.ts';
import type { ProbeOptions } from '../smtp/probe-options.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import { optionsForPort } from './blocked-port.ts';
import { sessionsOf, timeToBegin } from './capacity/round-budget.ts';
import { keepUnreached, roundOrder } from './capacity/round-order.ts';
import type { SessionSlots } from './capacity/session-slots.ts';
import { isClientHelloTurn } from './client-hello-turn.ts';
import type { Assignment } from './probe-event.ts';
import { probeOne } from './probe-with-password.ts';

export interface TargetSample {
  readonly target: Target;
  readonly sample: Sample;
}

/** The samples of the targets for which there was time. The others come first in the next round. */
export async function probeTargets(
  ports: ProbePorts,
  assignment: Assignment,
  options: ProbeOptions,
  slots: SessionSlots,
): Promise<readonly TargetSample[]> {
  const started = performance.now();
  const { targets } = assignment;
  const probed = await Promise.all(
    roundOrder(ports.vantage, targets).map(async (target): Promise<readonly TargetSample[]> => {
      const within = started + timeToBegin(ports.config, slots.count, target) - performance.now();
      const release = await slots.take(sessionsOf(target), within);
      if (release === null) return [];
      const sample = await probeOne(ports, target, optionsFor(ports, assignment, target, options));
      release();
      return [{ target, sample }];
    }),
  );
  const reached = probed.flat();
  keepUnreached(ports.vantage, targets, new Set(reached.map(({ target }) => target.id)));
  return reached;
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
