/** The Lambda entry of `deliver`. */
import { configuredWebhookSender } from '../alert/channels/webhook.ts';
import { listSubscriptions } from '../alert/subscriptions/list-subscriptions.ts';
import type { Subscription } from '../alert/subscriptions/subscription.ts';
import { diagnoseSecrets, type SecretDiagnosis } from '../aws/diagnose-secrets.ts';
import { fromEnvironment } from '../aws/environment.ts';
import { logLine } from '../aws/log.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { openTopic, topicClient } from '../aws/topic.ts';
import type { Config } from '../config/config.ts';
import type { DeliverPorts } from '../ports.ts';
import { answerTestRequest, type TestReport } from './answer-test-request.ts';
import { checkSubscriptions } from './check-subscriptions.ts';
import type { DeliverEvent } from './deliver-event.ts';
import { carriedBy, deliverNamed, secretsOfCarrier } from './deliver-named-channels.ts';
import { openDeliverPorts, type SenderOf } from './open-deliver-ports.ts';

/**
 * For the queue: delivers what is pending on the channel that a message names; the batch size is 1. What is left
 * stays in the table: the judge of the next minute wakes the channel again. For the schedule: checks the subscriptions of the
 * topic. For `smtp-quorum test-alert`: sends a test alert. For `smtp-quorum doctor`: reads its secrets.
 */
export async function handler(event: DeliverEvent): Promise<TestReport | SecretDiagnosis | undefined> {
  ports ??= openDeliverPorts(sendersOf);
  const opened = await ports;
  if ('testAlert' in event) return await answerTestRequest(carriedBy(opened, 'deliver'), event, listTopic);
  if ('diagnose' in event) return await diagnoseSecrets(secretsOfCarrier(opened.config, 'deliver'), homeSecrets());
  if ('scheduled' in event) await runCheck(opened);
  else await deliverNamed(opened, event, 'deliver');
}

/** @throws Error if there is no receiver of alerts, so that the alarm `undelivered-events` goes off */
async function runCheck(opened: DeliverPorts): Promise<void> {
  const { hasReceiver, ...report } = await checkSubscriptions(opened, await listTopic());
  logLine(opened.config.name, opened.now(), { level: 'info', message: 'subscriptions checked', ...report }, {});
  if (!hasReceiver)
    throw new Error('nobody gets alerts: the topic has no confirmed subscription, and there is no webhook or service');
}

async function listTopic(): Promise<readonly Subscription[]> {
  return await listSubscriptions(topicClient(), fromEnvironment('topic'));
}

/** Made once per container, on the first event. */
let ports: Promise<DeliverPorts> | undefined;

function sendersOf(config: Config): SenderOf {
  const topic = openTopic(config);
  const secret = homeSecrets();
  return (channel) => {
    switch (channel.kind) {
      case 'topic':
        return topic;
      case 'webhook':
        return configuredWebhookSender(channel, { config, secret });
      case 'service':
      case 'terminal':
      case 'email':
        throw new Error(`this function does not send to channels of kind ${channel.kind}`);
      default:
        return channel satisfies never;
    }
  };
}
