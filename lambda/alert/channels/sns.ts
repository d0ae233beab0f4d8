/** Publishes alerts to the SNS topic. */

import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { isSubscribed } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { withTimeLimit } from '../../wire/time-limit.ts';
import { type AlertTexts, alertTexts } from '../words/alert-texts.ts';
import type { AlertContext } from '../words/first-line.ts';
import { type Circumstances, PLAIN } from '../words/late-delivery-note.ts';
import { channelsAttribute, topicAttribute, topicsOf, wantsAlert } from './alert-filter.ts';
import { isSubscriberId, subscriberId } from './channel-ids.ts';
import { SEND_TIMEOUT, type Sender } from './sender.ts';

type TopicContext = AlertContext & Pick<Config, 'notify'>;

/** Publishes alerts to a topic. */
export function topicSender(client: SNSClient, topicArn: string, context: TopicContext): Sender {
  return async ({ alert, ...circumstances }, stop) => {
    try {
      const id = await withTimeLimit(SEND_TIMEOUT, stop, (signal) =>
        publishAlert(client, topicArn, alert, context, circumstances, signal),
      );
      return { taken: true, answer: `message ${id}` };
    } catch (error) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { taken: false, words: words.slice(0, 300), retryAfter: null };
    }
  };
}

/** Publishes one alert with a text for each protocol. Resolves with the id of the message when SNS has accepted it. */
export async function publishAlert(
  client: SNSClient,
  topicArn: string,
  alert: Alert,
  context: TopicContext,
  circumstances: Circumstances = PLAIN,
  abortSignal?: AbortSignal,
): Promise<string> {
  const words = alertTexts(alert, context, circumstances);
  const { MessageId = '' } = await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: words.subject,
      MessageStructure: 'json',
      Message: JSON.stringify(byProtocol(words)),
      MessageAttributes: attributesOf(alert, context),
    }),
    abortSignal === undefined ? {} : { abortSignal },
  );
  return MessageId;
}

/** The JSON document for subscribers that are programs; the first line for all other protocols. */
export function byProtocol({ default: line, email, sms, https }: AlertTexts): Readonly<Record<string, string>> {
  return { default: line, email, sms, https, http: https, sqs: https, lambda: https };
}

function attributesOf(alert: Alert, { notify }: TopicContext): Record<string, MessageAttributeValue> {
  const topics = topicsOf(alert);
  return {
    // A filter matches an array if it matches one element.
    [topicAttribute]: topics.length === 1 ? text(topics[0] ?? '') : texts(topics),
    kind: text(alert.kind),
    subject: text(alert.subject),
    verdict: text(alert.is),
    // The default of an account is Promotional, which is optimized for cost, not for delivery.
    'AWS.SNS.SMS.SMSType': text('Transactional'),
    [channelsAttribute]: texts(receiversOf(alert, notify)),
    ...attributesOfRouted(alert),
  };
}

/**
 * For the filters of subscribers that the config does not name. Such a subscriber is told of an alert once: what is sent again to
 * some of the config has the attribute `again`. SQS takes ten attributes at most.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
 */
function attributesOfRouted({
  kind,
  subject,
  severity,
  tags = [],
  to,
  again,
}: Alert): Record<string, MessageAttributeValue> {
  const attributes: Record<string, MessageAttributeValue> = {};
  if (severity !== undefined) attributes.severity = text(severity);
  if (kind !== 'blind' && kind !== 'undelivered' && kind !== 'test') attributes.target = text(subject);
  if (tags.length > 0) attributes.tags = texts(tags);
  if (again !== undefined && to?.includes('topic') !== true) attributes.again = text(again.why);
  return attributes;
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

function texts(values: readonly string[]): MessageAttributeValue {
  return { DataType: 'String.Array', StringValue: JSON.stringify(values) };
}

/** The subscriptions of the config that the alert is for. */
function receiversOf(alert: Alert, notify: Config['notify']): readonly string[] {
  if (alert.to !== undefined) return alert.to.filter(isSubscriberId);
  const wanting = notify.filter((channel) => wantsAlert(channel, alert));
  return wanting.flatMap((channel) => (isSubscribed(channel) ? [subscriberId(channel)] : []));
}
