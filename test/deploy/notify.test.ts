import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestReport } from '../../lambda/deliver/answer-test-request.ts';
import { sesEvent } from '../bounces/ses/ses-events.ts';
import { type FakePagerDuty, startPagerDuty } from '../fakes/pagerduty.ts';
import { whatIsMissing } from './cloud.ts';
import { say } from './denied.ts';
import { arn, type Deployment, startDeployment } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';

/**
 * The home stack with services deployed to moto: an alert through the rule, the queue and the function to PagerDuty, with a
 * key that Secrets Manager has, with IAM enforced. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Services are not proved here: ${missing}.\n`);

const routingKey = 'R0123456789abcdef0123456789abcde';
let on: Deployment;
let pagerduty: FakePagerDuty;
let role: Caller;

describe.skipIf(missing !== null)(
  `services deployed to moto${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      [on, pagerduty] = await Promise.all([startDeployment(), startPagerDuty({ keys: [routingKey] })]);
      await prepare();
      await Promise.all([on.bootstrap(), on.synth('notify', yaml())]);
      await on.deploy('notify', '*/Home', '--exclusively');
      await on.cloud.enforceAccess(false);
      role = await inRole(on.admin, 'mailwatch-home-NotifyRole');
      await on.cloud.enforceAccess(true);
    });

    afterAll(async () => {
      await Promise.all([on?.close(), pagerduty?.close()]);
    });

    test('an alert opens one alert of PagerDuty, with the key of Secrets Manager', async () => {
      await bounce(60);
      for (const count of [20, 40, 60]) await on.until(`${count} events`, async () => (await counted()) >= count);
      await on.until('PagerDuty', async () => pagerduty.alerts.length > 0);
      expect(pagerduty.alerts).toMatchObject([{ routingKey, state: 'triggered', triggers: 1, severity: 'error' }]);
      await on.until('the webhook', async () => posts().length > 0);
      await on.until('the topic', async () => (await published()) > 0);
      expect(await on.failures()).toEqual([]);
      expect(JSON.stringify(await on.cloud.invocations())).not.toContain(routingKey);
    });

    test('each function was started for its own channels', async () => {
      await on.until('four channels', async () => (await started()).length >= 4);
      expect(await started()).toEqual([
        'mailwatch-deliver topic',
        'mailwatch-deliver webhook',
        'mailwatch-notify amazon-q',
        'mailwatch-notify pagerduty',
      ]);
    });

    test('while a deployment changes the rules both may hear of a channel: nobody is told twice', async () => {
      const channel = (await channels()).find((id) => id.startsWith('pagerduty:')) ?? '';
      const event = { Records: [{ body: JSON.stringify({ detail: { channel } }) }] };
      await Promise.all([invoke('mailwatch-deliver', event), invoke('mailwatch-notify', event)]);
      expect(pagerduty.alerts).toMatchObject([{ triggers: 1 }]);
      expect(await on.failures()).toEqual([]);
    });

    test('a test alert is sent to the services by their function, and to the others by theirs', async () => {
      const [delivered, notified] = [await report('mailwatch-deliver'), await report('mailwatch-notify')];
      const kinds = ({ results }: TestReport) =>
        results.map(({ channel, taken }) => [channel.replace(/:.*/, ''), taken]);
      expect(kinds(delivered)).toEqual([
        ['topic', true],
        ['webhook', true],
      ]);
      expect(kinds(notified)).toEqual([
        ['pagerduty', true],
        ['amazon-q', true],
      ]);
      expect(pagerduty.alerts).toMatchObject([{}, { severity: 'info' }]);
    });

    test.each<[string, (caller: Caller) => Promise<unknown>]>([
      ['read a round', (caller) => get(caller, 'round#us-east-1')],
      ['write a verdict', (caller) => write(caller, 'verdicts')],
      ['write a round', (caller) => write(caller, 'round#us-east-1')],
      ['say that a target is down', say('Target Down')],
      ['read the password of a target', (caller) => secret(caller, 'smtp/probe')],
      ['publish to the topic of alerts', (caller) => publish(caller, 'mailwatch-alerts')],
    ])('the function must not %s', async (_, attempt) => {
      await expect(attempt(role)).rejects.toThrow(/not authorized/);
    });

    test('and may do what it must', async () => {
      await get(role, 'channels');
      await write(role, 'delivery#topic');
      await secret(role, 'pagerduty/key');
      await publish(role, 'mail-chat');
      await say('Delivery Due')(role);
    });

    test('every call that the functions made is allowed by the synthesized policies, as another simulator reads them', async () => {
      const calls = await evaluateCalls(await on.cloud.calls(), `${on.cloud.folder}/notify.yaml`);
      expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
      const made = calls.filter(({ session }) => session === 'mailwatch-notify').map(({ action }) => action);
      expect(made).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'sns:Publish']));
    });
  },
);

/** What the owner makes before: the secret, and the topic that Amazon Q reads. */
async function prepare(): Promise<void> {
  const SecretString = `${routingKey}\n`;
  await new SecretsManagerClient(on.admin).send(new CreateSecretCommand({ Name: 'pagerduty/key', SecretString }));
  await new SNSClient(on.admin).send(new CreateTopicCommand({ Name: 'mail-chat' }));
}

function yaml(): string {
  const services = `
  - pagerduty: { routingKey: { secret: pagerduty/key }, url: "${pagerduty.url}" }
  - amazonQ: { topicArn: "${arn('sns', 'mail-chat')}" }
# Nothing is there`;
  const text = on.fleet
    .yaml()
    .replace('\n# Nothing is there', services)
    .replace('when: [down, recovered]', 'when: [bounces]');
  return `${text}bounces: { sources: [{ ses: true }] }\n`;
}

async function bounce(count: number): Promise<void> {
  await on.cloud.enforceAccess(false);
  const at = new Date(Date.now() - 60_000).toISOString();
  for (let nth = 0; nth < count; nth += 1) {
    const event = sesEvent('Email Bounced', { message: `message-${nth}`, at }) as { readonly detail: object };
    const entry = { Source: 'aws.ses', DetailType: 'Email Bounced', Detail: JSON.stringify(event.detail) };
    await new EventBridgeClient(on.admin).send(new PutEventsCommand({ Entries: [entry] }));
  }
  await on.cloud.enforceAccess(true);
}

/** The functions that were started, each with the kind of its channel. Each pair once. */
async function started(): Promise<readonly string[]> {
  const pairs = (await on.cloud.invocations()).flatMap(({ function: name, event }) =>
    [...JSON.stringify(event).matchAll(/\\"channel\\":\s?\\"([a-z-]+)[:\\]/g)].map(([, kind]) => `${name} ${kind}`),
  );
  return [...new Set(pairs)].sort();
}

async function counted(): Promise<number> {
  return (await on.cloud.invocations()).filter((run) => run.function === 'mailwatch-bounces').length;
}

function posts(): readonly string[] {
  return (on.fleet.posted.get('/webhook') ?? []).filter((text) => JSON.parse(text).kind === 'bounces');
}

async function published(): Promise<number> {
  return (await on.cloud.calls()).filter(
    ({ action, resource }) => action === 'sns:Publish' && resource === arn('sns', 'mail-chat'),
  ).length;
}

async function channels(): Promise<readonly string[]> {
  return (await report('mailwatch-notify', ['none'])).channels;
}

async function report(name: string, channel: readonly string[] | null = null): Promise<TestReport> {
  return (await invoke(name, { testAlert: { id: 'abc', channel } })) as TestReport;
}

async function invoke(name: string, event: object): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  const { Payload, FunctionError } = await new LambdaClient(on.admin).send(command);
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
}

function get(caller: Caller, pk: string): Promise<unknown> {
  const Key = { pk: { S: pk }, sk: { S: 'x' } };
  return new DynamoDBClient(caller).send(new GetItemCommand({ TableName: 'mailwatch', Key }));
}

function write(caller: Caller, pk: string): Promise<unknown> {
  const Item = { pk: { S: pk }, sk: { S: 'x' } };
  return new DynamoDBClient(caller).send(new PutItemCommand({ TableName: 'mailwatch', Item }));
}

function secret(caller: Caller, SecretId: string): Promise<unknown> {
  return new SecretsManagerClient(caller).send(new GetSecretValueCommand({ SecretId }));
}

function publish(caller: Caller, topic: string): Promise<unknown> {
  return new SNSClient(caller).send(new PublishCommand({ TopicArn: arn('sns', topic), Message: '{}' }));
}
