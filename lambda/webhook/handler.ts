/** The Lambda entry of the webhook function. */
import { postWebhook } from '../alert/channels/webhook.ts';
import type { AlertDocument } from '../alert/words/json-document.ts';
import { fromEnvironment } from '../aws/environment.ts';
import { bundledConfig } from '../aws/environment-ports.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
interface SnsEvent {
  readonly Records: readonly { readonly Sns: { readonly Message: string } }[];
}

/**
 * Posts the alert document to one webhook of the config. SNS cannot post to the receiver directly, because it requires an
 * answer to its subscription confirmation, which chat services do not send. Each webhook has its own function, so that a
 * receiver that is down delays no other. Lambda retries the call; then the dead-letter queue keeps the alert.
 */
export async function handler(event: SnsEvent): Promise<void> {
  for (const { Sns } of event.Records) await postWebhook(url(), Sns.Message, idOf(Sns.Message));
}

function url(): string {
  const channel = bundledConfig().notify[Number(fromEnvironment('webhook'))];
  if (channel?.kind !== 'webhook') throw new Error(`notify[${fromEnvironment('webhook')}] is not a webhook`);
  return channel.url;
}

function idOf(document: string): string {
  const { id }: AlertDocument = JSON.parse(document);
  return id;
}
