/** The Lambda entry of `deliver`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sender } from '../alert/channels/sender.ts';
import { webhookSender } from '../alert/channels/webhook.ts';
import { awsChannels, type DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { homeTable } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { awsPorts, logUnreadable } from '../aws/ports.ts';
import { openTopic } from '../aws/topic.ts';
import type { DeliverPorts } from '../ports.ts';
import { deliverChannel } from './deliver-channel.ts';
import { openDeliveries } from './delivery-table.ts';
import { namedChannels, type QueueEvent } from './queue-event.ts';

/** Milliseconds in which attempts begin. The function has the time of one attempt and its writes more. */
const SHIFT_LENGTH = 45_000;

/**
 * Delivers what is pending on the channels that the messages of the queue name: one, because the batch size is 1. Whatever
 * is left is waited for by the table: the judge of the next minute wakes the channel again.
 */
export async function handler(event: QueueEvent): Promise<void> {
  for (const channel of namedChannels(event)) {
    const ports = await deliverPorts();
    const end = ports.now() + SHIFT_LENGTH;
    const { signal } = new AbortController();
    const next = await deliverChannel(ports, channel, { latestWait: end, latestSend: end, signal });
    logLine(ports.config.name, ports.now(), { level: 'info', message: 'delivered', channel, next }, {});
  }
}

let ports: Promise<DeliverPorts> | undefined;

/** Made once per container, on the first event. */
function deliverPorts(): Promise<DeliverPorts> {
  ports ??= openPorts();
  return ports;
}

async function openPorts(): Promise<DeliverPorts> {
  const { config, history, publishEvents, now } = await awsPorts();
  const topic = openTopic(config);
  const senderOf = (channel: DeliveryChannel): Sender => {
    switch (channel.kind) {
      case 'topic':
        return topic;
      case 'webhook':
        return webhookSender(channel.url, config);
      case 'terminal':
      case 'email':
        throw new Error(`there is no channel of kind ${channel.kind} on AWS`);
      default:
        return channel satisfies never;
    }
  };
  return {
    config,
    history,
    publishEvents,
    now,
    senderOf,
    channels: awsChannels(config),
    deliveries: openDeliveries(homeTable(), { tellUnreadable: logUnreadable }),
    random: Math.random,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  };
}
