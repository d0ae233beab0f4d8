import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { AlertDocument } from '../../lambda/alert/words/json-document.ts';
import { account } from './cloud.ts';
import type { Caller } from './identity.ts';

/** What SNS writes into a queue. */
export interface Received {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, unknown>>;
}

/** The alert in a message. */
export function documentOf(message: Received | undefined): AlertDocument {
  return JSON.parse(message?.Message ?? '{}');
}

/** Someone's own queue at a topic. */
export interface Subscriber {
  received(): Promise<readonly Received[]>;
  remove(): Promise<void>;
}

/**
 * @param lets whether the queue's policy lets the topic in, as AWS asks of it
 * @param filter of the subscription; without it, everything is received
 */
export async function subscribe(
  caller: Caller,
  topic: string,
  name: string,
  lets = true,
  filter: object | null = null,
): Promise<Subscriber> {
  const sqs = new SQSClient(caller);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const queue = `arn:aws:sqs:${caller.region}:${account}:${name}`;
  if (lets) {
    const Attributes = { Policy: JSON.stringify(policyOf(topic, queue)) };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }
  const Attributes = filter === null ? undefined : { FilterPolicy: JSON.stringify(filter) };
  const subscription = { TopicArn: topic, Protocol: 'sqs', Endpoint: queue, Attributes };
  await new SNSClient(caller).send(new SubscribeCommand(subscription));
  return {
    received: async () => {
      const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
      return ((await sqs.send(asked)).Messages ?? []).map(({ Body = '{}' }) => JSON.parse(Body));
    },
    remove: async () => {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

function policyOf(topic: string, queue: string) {
  const Condition = { ArnEquals: { 'aws:SourceArn': topic } };
  const Principal = { Service: 'sns.amazonaws.com' };
  return { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, Principal, Condition }] };
}

/** What lies in a stack's queue of what could not be delivered. */
export async function deadLetters(caller: Caller, stack: string): Promise<readonly object[]> {
  const sqs = new SQSClient(caller);
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: `${stack}-Undelivered` }));
  const asked = new ReceiveMessageCommand({ QueueUrl: QueueUrls?.[0], MaxNumberOfMessages: 10 });
  return ((await sqs.send(asked)).Messages ?? []).map(({ Body = '{}' }) => JSON.parse(Body));
}
