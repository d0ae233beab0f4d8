/** Publishes alerts to the SNS topic. */
import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { type AlertTexts, alertTexts } from '../words/alert-texts.ts';
import type { AlertContext } from '../words/summary.ts';
import { alertTopicOf, topicAttribute } from './alert-filter.ts';

/** Publishes one alert with a text for each protocol. Resolves when SNS has accepted it. */
export async function publishAlert(
  client: SNSClient,
  topicArn: string,
  alert: Alert,
  context: AlertContext,
): Promise<void> {
  const words = alertTexts(alert, context);
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: words.subject,
      MessageStructure: 'json',
      Message: JSON.stringify(byProtocol(words)),
      MessageAttributes: attributesOf(alert),
    }),
  );
}

/** The JSON document for subscribers that are programs; the first line for all other protocols. */
export function byProtocol({ default: line, email, sms, https }: AlertTexts): Readonly<Record<string, string>> {
  return { default: line, email, sms, https, http: https, sqs: https, lambda: https };
}

function attributesOf(alert: Alert): Record<string, MessageAttributeValue> {
  const values = {
    [topicAttribute]: alertTopicOf(alert),
    kind: alert.kind,
    subject: alert.subject,
    verdict: alert.is,
    // The default of an account is Promotional, which is optimized for cost, not for delivery.
    'AWS.SNS.SMS.SMSType': 'Transactional',
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
