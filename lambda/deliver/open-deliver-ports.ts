/** The ports of a function that delivers, from its environment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sender } from '../alert/channels/sender.ts';
import { awsChannels, type DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { homeTable } from '../aws/environment-ports.ts';
import { awsPorts, logUnreadable } from '../aws/ports.ts';
import type { Config } from '../config/config.ts';
import type { DeliverPorts } from '../ports.ts';
import { openDeliveries } from './delivery-table.ts';

export type SenderOf = (channel: DeliveryChannel) => Sender;

export async function openDeliverPorts(senders: (config: Config) => SenderOf): Promise<DeliverPorts> {
  const { config, history, publishEvents, now } = await awsPorts();
  return {
    config,
    history,
    publishEvents,
    now,
    senderOf: senders(config),
    channels: awsChannels(config),
    deliveries: openDeliveries(homeTable(), { reportUnreadable: logUnreadable }),
    random: Math.random,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  };
}
