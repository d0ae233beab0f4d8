import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { arn } from './deployment.ts';
import type { Caller } from './identity.ts';

/** By the beginning of their names. */
export const roleNames = {
  probe: 'mailwatch-probe-eu-west-1-ProbeRole',
  judge: 'mailwatch-home-JudgeRole',
  deliver: 'mailwatch-home-DeliverRole',
  posture: 'mailwatch-home-PostureRole',
} as const;

interface Attempt {
  readonly who: keyof typeof roleNames;
  readonly what: string;
  readonly attempt: (caller: Caller) => Promise<unknown>;
}

export const putItem = (pk: string) => (caller: Caller) =>
  new DynamoDBClient(caller).send(
    new PutItemCommand({ TableName: 'mailwatch', Item: { pk: { S: pk }, sk: { S: 'x' } } }),
  );

export const getItem = (pk: string) => (caller: Caller) =>
  new DynamoDBClient(caller).send(
    new GetItemCommand({ TableName: 'mailwatch', Key: { pk: { S: pk }, sk: { S: 'x' } } }),
  );

const readVerdicts = (caller: Caller) =>
  new DynamoDBClient(caller).send(
    new QueryCommand({
      TableName: 'mailwatch',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'verdicts' } },
    }),
  );

export const say =
  (DetailType: string, Source = 'smtp-quorum', detail: object = {}) =>
  (caller: Caller) =>
    new EventBridgeClient(caller).send(
      new PutEventsCommand({
        Entries: [{ EventBusName: 'mailwatch', Source, DetailType, Detail: JSON.stringify(detail) }],
      }),
    );

const page = (caller: Caller) =>
  new SNSClient(caller).send(new PublishCommand({ TopicArn: arn('sns', 'mailwatch-alerts'), Message: 'no' }));

const listSubscribers = (topic: string) => (caller: Caller) =>
  new SNSClient(caller).send(new ListSubscriptionsByTopicCommand({ TopicArn: arn('sns', topic) }));

export const readSecret = (SecretId: string) => (caller: Caller) =>
  new SecretsManagerClient(caller).send(new GetSecretValueCommand({ SecretId }));

/** What the roles must not do. */
export const attempts: readonly Attempt[] = [
  { who: 'probe', what: 'write a verdict', attempt: putItem('verdicts') },
  { who: 'probe', what: "write another vantage's round", attempt: putItem('round#us-east-1') },
  { who: 'probe', what: 'read verdicts', attempt: readVerdicts },
  { who: 'probe', what: 'say that a target is down', attempt: say('Target Down') },
  { who: 'probe', what: 'speak for another', attempt: say('Round Recorded', 'someone') },
  { who: 'probe', what: 'page', attempt: page },
  { who: 'probe', what: 'read any other secret', attempt: readSecret('other') },
  { who: 'judge', what: 'read a secret', attempt: readSecret('smtp/probe') },
  { who: 'judge', what: 'page', attempt: page },
  { who: 'deliver', what: 'read all verdicts', attempt: readVerdicts },
  { who: 'deliver', what: 'write a verdict', attempt: putItem('verdicts') },
  { who: 'deliver', what: 'write a round', attempt: putItem('round#us-east-1') },
  { who: 'deliver', what: 'list who runs the monitor', attempt: listSubscribers('mailwatch-operators') },
  { who: 'judge', what: 'list who gets alerts', attempt: listSubscribers('mailwatch-alerts') },
  { who: 'posture', what: 'write a verdict', attempt: putItem('verdicts') },
  { who: 'posture', what: 'write what the judge decided of posture', attempt: putItem('posture-verdicts') },
  { who: 'posture', what: 'write a round', attempt: putItem('round#us-east-1') },
  { who: 'posture', what: 'read verdicts', attempt: readVerdicts },
  { who: 'posture', what: 'say that a target is down', attempt: say('Target Down') },
  { who: 'posture', what: 'say that a round is recorded', attempt: say('Round Recorded') },
  { who: 'posture', what: 'page', attempt: page },
  { who: 'posture', what: 'read the password of a target', attempt: readSecret('smtp/probe') },
  { who: 'probe', what: 'read the key of a list', attempt: readSecret('lists/spamhaus') },
  { who: 'deliver', what: 'read a secret', attempt: readSecret('smtp/probe') },
];
