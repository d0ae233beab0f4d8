import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStackResourcesCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checked } from '../../bin/doctor/finding.ts';
import type { AlertDocument } from '../../lambda/alert/document.ts';
import { dynamodbTable } from '../../lambda/history/dynamodb.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import { roundName } from '../../lambda/round.ts';
import { cli } from '../bin/cli.ts';
import { account, type Cloud, startCloud, whatIsMissing } from './cloud.ts';
import { type Fleet, password, startFleet } from './fleet.ts';
import { administrator, anybody, type Caller, inRole } from './identity.ts';

/**
 * The app as a user deploys it, with the CDK command line, to moto: then what was deployed runs, on Lambda's Node,
 * under its roles, against real SMTP servers. The tests follow one another.
 */
const missing = whatIsMissing();
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const minute = 60_000;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;

let cloud: Cloud;
let fleet: Fleet;
let admin: Caller;
let history: History;
let queue: string;
/** As the roles of our functions. */
let roles: Readonly<Record<'probe' | 'judge' | 'webhook', Caller>>;
/** The time of the first round, a minute ago then. */
let began: number;

const at = (region: string): Caller => ({ ...admin, region });

describe.skipIf(missing !== null)(`deployed to moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    [cloud, fleet] = await Promise.all([startCloud(), startFleet()]);
    admin = await administrator(anybody(cloud.endpoint));
    await new SecretsManagerClient(admin).send(new CreateSecretCommand({ Name: 'smtp/probe', SecretString: password }));
    await writeFile(join(cloud.folder, 'ca.pem'), fleet.servers.ca);
    await cloud.cdk('bootstrap', ...vantages.map((region) => `aws://${account}/${region}`));
    await deploy('first', fleet.yaml());
    history = openHistory(dynamodbTable(new DynamoDBClient(admin), 'mailwatch'));
    queue = await subscribe();
    roles = {
      probe: await inRole(admin, 'mailwatch-probe-eu-west-1-ProbeRole'),
      judge: await inRole(admin, 'mailwatch-home-JudgeRole'),
      webhook: await inRole(admin, 'mailwatch-home-Webhook2Role'),
    };
    await cloud.enforceAccess(true);
  });

  afterAll(async () => {
    await Promise.all([cloud?.close(), fleet?.close()]);
  });

  test.each(['us-east-1', 'eu-west-1', 'ap-southeast-1'])(
    'every resource of every template is there in %s',
    async (region) => {
      const client = new CloudFormationClient(at(region));
      for (const [stack, resources] of templates('first', region)) {
        const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: stack }));
        expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId).sort()).toEqual(resources);
      }
    },
  );

  test('functions run on arm64 and Node 24, from a zip within its budget', async () => {
    for (const region of vantages) {
      const { Functions = [] } = await new LambdaClient(at(region)).send(new ListFunctionsCommand({}));
      const probe = Functions.find(({ FunctionName }) => FunctionName === 'mailwatch-probe');
      expect(probe).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(probe?.CodeSize).toBeLessThan(125_000);
    }
  });

  test('people and programs are subscribed to what they asked for', async () => {
    const { Subscriptions = [] } = await new SNSClient(admin).send(new ListSubscriptionsCommand({}));
    const toAlerts = Subscriptions.filter(({ TopicArn }) => TopicArn === arn('sns', 'mailwatch-alerts'));
    expect(toAlerts.map(({ Protocol }) => Protocol).sort()).toEqual(['email', 'http', 'lambda', 'sms', 'sqs']);
  });

  test('a round: every region probes under its own role, with its secret, and the judge finds all well', async () => {
    await nearNextMinute();
    began = Date.now() - minute;
    await round(began);
    await until('rounds of every vantage', async () => (await samplesOf('submission')).length === 3);
    expect((await samplesOf('submission')).map(({ outcome, code }) => [outcome, code])).toEqual(
      vantages.map(() => ['pass', null]),
    );
    await judged();
    expect((await history.judgement('mx1'))?.verdict).toBe('up');
    expect(await failures()).toEqual([]);
  });

  test('doctor finds all of it in place, by asking each probe too', async () => {
    const { accessKeyId, secretAccessKey } = admin.credentials;
    const env = {
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout, stderr } = await cli(['doctor', '--config', 'mail.yaml', '--json'], { env, cwd: cloud.folder });
    if (stdout === '') throw new Error(stderr);
    const { checks }: { checks: readonly Checked[] } = JSON.parse(stdout);
    // The sandbox of SMS is the one thing here that moto does not know.
    expect(checks.filter(({ outcome }) => outcome !== 'pass').map(({ check }) => check)).toEqual(['sms sandbox']);
    const readable = checks.filter(({ check }) => check === 'secrets').map(({ region, says }) => [region, says]);
    expect(readable).toEqual(vantages.map((region) => [region, '1 readable']));
    expect(stdout).not.toContain(password);
  });

  test('an outage: one page to each, in the words of its protocol, after a second opinion by way of the buses', async () => {
    fleet.servers.trouble = { kind: 'all' };
    await round(began + minute);
    await until('the page by HTTP', async () => posts('/topic').length > 0);
    await until('the page by webhook', async () => posts('/webhook').length > 0);
    const [message] = await received();
    expect(message?.subject).toMatch(/^\[mailwatch\] DOWN mx1/);
    expect(message?.document).toMatchObject({ kind: 'down', subject: 'mx1', phase: 'greeting', is: 'down' });
    expect(message?.document.reply).toContain('Mail system full');
    expect(message?.attributes).toMatchObject({ topic: { Value: 'down' } });
    expect(JSON.parse(posts('/webhook')[0] ?? '{}')).toEqual(message?.document);
    expect((await history.judgement('mx1'))?.verdict).toBe('down');
    const asked = (await cloud.invocations()).filter((run) =>
      JSON.stringify(run.event).includes('Second Opinion Wanted'),
    );
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set(vantages));
  });

  test('nobody is paged twice for it', async () => {
    await judged();
    await judged();
    await sleep(1_000);
    expect(posts('/topic')).toHaveLength(1);
    expect(posts('/webhook')).toHaveLength(1);
    expect(await received()).toEqual([]);
  });

  test('the recovery is told, and the incident is kept with its evidence', async () => {
    fleet.servers.trouble = { kind: 'none' };
    await nearNextMinute();
    await round(Date.now() + minute);
    await until(
      'rounds after the outage',
      async () => (await samplesOf('mx1')).filter(({ outcome }) => outcome === 'pass').length >= 6,
    );
    await judged();
    await until('the recovery', async () => posts('/webhook').length === 2);
    expect((await received()).map(({ document }) => document.kind)).toEqual(['recovered']);
    const [incident, ...others] = await history.incidents('mx1');
    expect(others).toEqual([]);
    expect(incident?.closed).not.toBeNull();
    expect(incident?.witnesses.map(({ vantage }) => vantage).sort()).toEqual([...vantages].sort());
    expect(incident?.witnesses[0]?.transcript.join('\n')).toContain('554 5.3.1 Mail system full');
    expect(await failures()).toEqual([]);
  });

  test('no password is in a log, a template or the table', async () => {
    const logs = (await cloud.invocations()).map((run) => run.logs).join('\n');
    const written = readdirSync(join(cloud.folder, 'first'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFileSync(join(cloud.folder, 'first', file), 'utf8'))
      .join('\n');
    const rounds = JSON.stringify((await history.rounds('us-east-1', '2000')).map(({ samples }) => [...samples]));
    for (const text of [logs, written, rounds]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(`\0probe\0${password}`).toString('base64'));
    }
  });

  describe('what the roles must not do is denied', () => {
    const put = (pk: string) => new PutItemCommand({ TableName: 'mailwatch', Item: { pk: { S: pk }, sk: { S: 'x' } } });
    const query = new QueryCommand({
      TableName: 'mailwatch',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'verdicts' } },
    });
    const event = (DetailType: string, Source = 'smtp-quorum') =>
      new PutEventsCommand({ Entries: [{ EventBusName: 'mailwatch', Source, DetailType, Detail: '{}' }] });
    const publish = new PublishCommand({ TopicArn: arn('sns', 'mailwatch-alerts'), Message: 'no' });

    test.each<[keyof typeof roles, string, (caller: Caller) => Promise<unknown>]>([
      ['probe', 'write a verdict', (caller) => new DynamoDBClient(caller).send(put('verdicts'))],
      ['probe', "write another vantage's round", (caller) => new DynamoDBClient(caller).send(put('round#us-east-1'))],
      ['probe', 'read verdicts', (caller) => new DynamoDBClient(caller).send(query)],
      ['probe', 'say that a target is down', (caller) => new EventBridgeClient(caller).send(event('Target Down'))],
      [
        'probe',
        'speak for another',
        (caller) => new EventBridgeClient(caller).send(event('Round Recorded', 'someone')),
      ],
      ['probe', 'page', (caller) => new SNSClient(caller).send(publish)],
      [
        'probe',
        'read any other secret',
        (caller) => new SecretsManagerClient(caller).send(new GetSecretValueCommand({ SecretId: 'other' })),
      ],
      [
        'judge',
        'read a secret',
        (caller) => new SecretsManagerClient(caller).send(new GetSecretValueCommand({ SecretId: 'smtp/probe' })),
      ],
      ['webhook', 'read the table', (caller) => new DynamoDBClient(caller).send(query)],
      ['webhook', 'page', (caller) => new SNSClient(caller).send(publish)],
    ])('%s: %s', async (who, _, attempt) => {
      await expect(attempt(roles[who])).rejects.toThrow(/not authorized/);
    });

    test('and what the probe must do is not', async () => {
      const Key = { pk: { S: 'round#eu-west-1' }, sk: { S: roundName(began, minute) } };
      const { Item } = await new DynamoDBClient(roles.probe).send(new GetItemCommand({ TableName: 'mailwatch', Key }));
      expect(Item).toBeDefined();
      await new EventBridgeClient(roles.probe).send(event('Round Recorded'));
    });
  });

  test('a changed config is deployed over it: the functions have it, the table keeps its rows', async () => {
    await cloud.enforceAccess(false);
    await deploy(
      'second',
      fleet.yaml(
        `  - { id: added, host: 127.0.0.1, port: ${fleet.servers.ports.tls}, security: tls, insecure: true }\n`,
      ),
    );
    expect(await history.incidents('mx1')).toHaveLength(1);
    const before = (await samplesOf('added')).length;
    await round(Date.now() + 2 * minute);
    await until('samples of the added target', async () => (await samplesOf('added')).length === before + 3);
  });

  test('destroyed, only the table is left', async () => {
    await cloud.cdk('destroy', '--app', 'second', '--all', '--force');
    for (const region of vantages) {
      const { Functions } = await new LambdaClient(at(region)).send(new ListFunctionsCommand({}));
      expect(Functions).toEqual([]);
    }
    const { StackSummaries = [] } = await new CloudFormationClient(admin).send(new ListStacksCommand({}));
    const left = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    expect(left.map(({ StackName }) => StackName)).toEqual(['CDKToolkit']);
    const { Table } = await new DynamoDBClient(admin).send(new DescribeTableCommand({ TableName: 'mailwatch' }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
  });
});

async function deploy(out: string, yaml: string): Promise<void> {
  await writeFile(join(cloud.folder, 'mail.yaml'), yaml);
  const app = `${process.execPath} ${resolve(import.meta.dirname, '../../bin/app.js')}`;
  await cloud.cdk(
    'synth',
    '--quiet',
    '--version-reporting',
    'false',
    '--app',
    app,
    '-o',
    out,
    '-c',
    'config=mail.yaml',
  );
  await cloud.cdk('deploy', '--app', out, '--all', '--require-approval', 'never', '--concurrency', '3');
}

/** Logical ids of the stacks of a region, from their templates. */
function templates(out: string, region: string): [stack: string, resources: string[]][] {
  const manifest = JSON.parse(readFileSync(join(cloud.folder, out, 'manifest.json'), 'utf8'));
  const stacks = Object.values<{
    type: string;
    environment: string;
    properties: { templateFile: string; stackName: string };
  }>(manifest.artifacts);
  return stacks
    .filter(({ type, environment }) => type === 'aws:cloudformation:stack' && environment.endsWith(`/${region}`))
    .map(({ properties }) => {
      const { Resources } = JSON.parse(readFileSync(join(cloud.folder, out, properties.templateFile), 'utf8'));
      return [properties.stackName, Object.keys(Resources).sort()];
    });
}

/** Someone's own SQS and HTTP subscribers, beside those of the config. */
async function subscribe(): Promise<string> {
  const sqs = new SQSClient(admin);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'subscriber' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const TopicArn = arn('sns', 'mailwatch-alerts');
  const sns = new SNSClient(admin);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${fleet.receiver}/topic` }));
  return QueueUrl;
}

/** Fires every region's schedules for this time's minute. */
async function round(time: number): Promise<void> {
  const scheduled = roundName(time, minute);
  for (const region of vantages) await cloud.tick(region, scheduled);
}

/** Another run of the judge, to its end; the round that goes with it is recorded already. */
async function judged(): Promise<void> {
  const runs = async () =>
    (await cloud.invocations()).filter((run) => run.function === 'mailwatch-judge' && 'scheduled' in run.event).length;
  const before = await runs();
  await cloud.tick('us-east-1', roundName(began, minute));
  await until('the judge', async () => (await runs()) > before);
}

/**
 * Until the next minute is near: then the latest of the staggered vantages has begun this minute's round, and a round
 * named by the next minute comes after second opinions, which are named by the second, and yet not so early that the
 * judge mistrusts it.
 */
async function nearNextMinute(): Promise<void> {
  await sleep(Math.max(0, 42_000 - (Date.now() % minute)));
}

async function samplesOf(target: string) {
  const rounds = await Promise.all(vantages.map((vantage) => history.rounds(vantage, '2000')));
  return rounds.flat().flatMap(({ samples }) => samples.get(target) ?? []);
}

async function failures() {
  return (await cloud.invocations()).filter(({ error }) => error !== null);
}

function posts(path: string): readonly string[] {
  return fleet.posted.get(path) ?? [];
}

interface Received {
  readonly subject: string;
  readonly document: AlertDocument;
  readonly attributes: Readonly<Record<string, unknown>>;
}

async function received(): Promise<readonly Received[]> {
  const command = new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
  const { Messages = [] } = await new SQSClient(admin).send(command);
  return Messages.map(({ Body = '{}' }) => {
    const { Subject, Message, MessageAttributes } = JSON.parse(Body);
    return { subject: Subject, document: JSON.parse(Message), attributes: MessageAttributes };
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await sleep(200);
  }
  const runs = (await cloud.invocations()).map(
    ({ function: name, region, error, logs }) => `${name} ${region}: ${error} ${logs}`,
  );
  throw new Error(`waited for ${what} in vain; the functions ran:\n${runs.join('\n')}`);
}
