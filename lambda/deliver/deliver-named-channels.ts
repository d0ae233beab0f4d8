/** Delivers on the channels that a message of the queue names. */

import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { logLine } from '../aws/log.ts';
import { isService, type SecretReference, sendingSecrets } from '../config/channel.ts';
import type { Config } from '../config/config.ts';
import type { DeliverPorts } from '../ports.ts';
import { deliverChannel } from './deliver-channel.ts';
import { namedChannels, type QueueEvent } from './deliver-event.ts';

/** Milliseconds in which attempts begin. The function has the time of one attempt and its writes more. */
const SHIFT_LENGTH = 45_000;

/** Which function sends to a channel: `notify` to services, `deliver` to all others. */
export type Carrier = 'deliver' | 'notify';

export function carrierOf({ kind }: Pick<DeliveryChannel, 'kind'>): Carrier {
  return kind === 'service' ? 'notify' : 'deliver';
}

/** The secrets that a function sends with. */
export function secretsOfCarrier({ notify }: Pick<Config, 'notify'>, carrier: Carrier): readonly SecretReference[] {
  return notify
    .filter((channel) => carrierOf({ kind: isService(channel) ? 'service' : 'webhook' }) === carrier)
    .flatMap(sendingSecrets);
}

/**
 * A channel that the other function carries is left to it: while a deployment changes the rules, both may hear of it. A
 * channel that is no longer in the config is nobody's, and each of them gives up what is pending on it.
 */
export async function deliverNamed(ports: DeliverPorts, event: QueueEvent, carrier: Carrier): Promise<void> {
  for (const id of namedChannels(event)) {
    const channel = ports.channels.find((one) => one.id === id);
    if (channel === undefined || carrierOf(channel) === carrier) await deliver(ports, id);
  }
}

async function deliver(ports: DeliverPorts, channel: string): Promise<void> {
  const end = ports.now() + SHIFT_LENGTH;
  const { signal } = new AbortController();
  const next = await deliverChannel(ports, channel, { latestWait: end, latestSend: end, signal });
  logLine(ports.config.name, ports.now(), { level: 'info', message: 'delivered', channel, next }, {});
}

/** The same ports with the channels of one function. */
export function carriedBy(ports: DeliverPorts, carrier: Carrier): DeliverPorts {
  return { ...ports, channels: ports.channels.filter((channel) => carrierOf(channel) === carrier) };
}
