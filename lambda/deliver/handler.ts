/** The Lambda entry of `deliver`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sender } from '../alert/channels/sender.ts';
import { webhookSender } from '../alert/channels/webhook.ts';
import { awsChannels, type DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { listSubscriptions } from '../alert/subscriptions/list-subscriptions.ts';
import type { Subscription } from '../alert/subscriptions/subscription.ts';
import { fromEnvironment } from '../aws/environment.ts';
import { homeTable } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { awsPorts, logUnreadable } from '../aws/ports.ts';
import { openTopic, topicClient } from '../aws/topic.ts';
import type { DeliverPorts } from '../ports.ts';
import { answerTestRequest, type TestReport } from './answer-test-request.ts';
import { checkSubscriptions } from './check-subscriptions.ts';
import { deliverChannel } from './deliver-channel.ts';
import { type DeliverEvent, namedChannels } from './deliver-event.ts';
import { openDeliveries } from './delivery-table.ts';

/** Milliseconds in which attempts begin. The function has the time of one attempt and its writes more. */
const SHIFT_LENGTH = 45_000;

/**
 * For the queue: delivers what is pending on the channel that a message names; the batch size is 1. What is left
 * stays in the table: the judge of the next minute wakes the channel again. For the schedule: checks the subscriptions of the
 * topic. For `smtp-quorum test-alert`: sends a test alert.
 */
export async function handler(event: DeliverEvent): Promise<TestReport | undefined> {
  const ports = await deliverPorts();
  if ('testAlert' in event) return await answerTestRequest(ports, event, listTopic);
  if ('scheduled' in event) await runCheck(ports);
  else for (const channel of namedChannels(event)) await deliver(ports, channel);
}

async function deliver(ports: DeliverPorts, channel: string): Promise<void> {
  const end = ports.now() + SHIFT_LENGTH;
  const { signal } = new AbortController();
  const next = await deliverChannel(ports, channel, { latestWait: end, latestSend: end, signal });
  logLine(ports.config.name, ports.now(), { level: 'info', message: 'delivered', channel, next }, {});
}

/** @throws Error if there is no receiver of alerts, so that the alarm `undelivered-events` goes off */
async function runCheck(ports: DeliverPorts): Promise<void> {
  const { hasReceiver, ...report } = await checkSubscriptions(ports, await listTopic());
  logLine(ports.config.name, ports.now(), { level: 'info', message: 'subscriptions checked', ...report }, {});
  if (!hasReceiver)
    throw new Error('nobody gets alerts: the topic has no confirmed subscription, and there is no webhook');
}

async function listTopic(): Promise<readonly Subscription[]> {
  return await listSubscriptions(topicClient(), fromEnvironment('topic'));
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
      case 'service':
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
    deliveries: openDeliveries(homeTable(), { reportUnreadable: logUnreadable }),
    random: Math.random,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  };
}
