/** Publishes to topics of the owner, which Amazon Q Developer in chat applications reads. */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { clientSettings } from '../client-timeouts.ts';

/** One client for each region. */
const clients = new Map<string, SNSClient>();

/** Returns the id of the message. */
export async function publishToChat(topicArn: string, message: string, abortSignal: AbortSignal): Promise<string> {
  const region = topicArn.split(':')[3] ?? '';
  const client = clients.get(region) ?? new SNSClient(clientSettings(region));
  clients.set(region, client);
  const { MessageId = '' } = await client.send(new PublishCommand({ TopicArn: topicArn, Message: message }), {
    abortSignal,
  });
  return MessageId;
}
