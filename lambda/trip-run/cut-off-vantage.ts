/** Tells a server that does not answer from a vantage whose network does not let the port through. */

import { probeControl } from '../probe/reachability/control-target.ts';
import { isReached } from '../probe/reachability/server-reached.ts';
import type { SentTrip } from './send-trip.ts';
import type { TripPorts } from './trip-ports.ts';

/**
 * A message that did not reach its server was not refused if the control target cannot be reached through the same port either:
 * until AWS opens port 25 for an address, every server seems to be down.
 */
export async function unlessCutOff(ports: TripPorts, port: number, sent: SentTrip): Promise<SentTrip> {
  const { sending, sample } = sent;
  if (sending.outcome !== 'refused' || isReached(sample) || ports.config.control?.port !== port) return sent;
  const control = await probeControl(ports, { ...ports.probeOptions, limits: { connect: 5_000, deadline: 15_000 } });
  if (control === null || isReached(control)) return sent;
  const reply = `${sending.reply}; the control target failed too: ${control.detail ?? control.code ?? ''}`;
  return { sample, sending: { ...sending, outcome: 'unable', reply } };
}
