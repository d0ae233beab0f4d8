import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { openPostureRecorder } from '../../lambda/history/posture/record-posture.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { deliveriesKey } from '../../lambda/history/table/keys.ts';
import { commandsOfHandlers } from '../lib/iam/handler-commands.ts';
import { setAlarm } from './alarm.ts';
import { account, whatIsMissing } from './cloud.ts';
import { attempts, roleNames, say } from './denied.ts';
import { arn, type Deployment, minute, startDeployment, vantages } from './deployment.ts';
import { doctor, testAlert } from './doctor.ts';
import { listKey, password } from './fleet.ts';
import { type Caller, inRole, withoutPolicies } from './identity.ts';
import { inventory, kinds } from './inventory.ts';
import { describeCall, type EvaluatedCall, evaluateCalls } from './recorded-calls.ts';
import { amissAmong, lookups } from './resources.ts';
import { deadLetters, documentOf, type Subscriber, subscribe } from './subscriber.ts';
import { resourcesOf, stacksOf } from './templates.ts';

/**
 * The app as a user deploys it, with the CDK command line, to moto: then what was deployed runs, on Lambda's Node,
 * under its roles, against real SMTP servers. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`The deployment is not proved here: ${missing}.\n`);

const alerts = arn('sns', 'mailwatch-alerts');

let on: Deployment;
/** What there was before anything was deployed. */
let before: readonly string[];
let roles: Record<keyof typeof roleNames, Caller>;
let people: Record<'customer' | 'deaf' | 'operator' | 'european', Subscriber>;
/** The time of the first round, a minute ago then. */
let began: number;

describe.skipIf(missing !== null)(`deployed to moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const started = Date.now();

  beforeAll(async () => {
    on = await startDeployment();
    const { tls } = on.fleet.servers.ports;
    const more = `  - { id: added, host: 127.0.0.1, port: ${tls}, security: tls, insecure: true }\n`;
    await Promise.all([on.bootstrap(), on.synth('first', on.fleet.yaml()), on.synth('second', on.fleet.yaml(more))]);
    before = await inventory(vantages.map(on.at));
    await on.deploy('first');
    await on.cloud.enforceAccess(false);
    roles = {
      probe: await inRole(on.admin, roleNames.probe),
      judge: await inRole(on.admin, roleNames.judge),
      deliver: await inRole(on.admin, roleNames.deliver),
      posture: await inRole(on.admin, roleNames.posture),
    };
    people = {
      customer: await subscribe(on.admin, alerts, 'customer'),
      deaf: await subscribe(on.admin, alerts, 'deaf', false),
      operator: await subscribe(on.admin, arn('sns', 'mailwatch-operators'), 'operator'),
      european: await subscribe(on.at('eu-west-1'), arn('sns', 'mailwatch-vantage-operators', 'eu-west-1'), 'european'),
    };
    const Endpoint = `${on.fleet.receiver}/topic`;
    await new SNSClient(on.admin).send(new SubscribeCommand({ TopicArn: alerts, Protocol: 'http', Endpoint }));
  });

  afterAll(async () => {
    await on?.close();
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stderr.write(`Deployed, proved and destroyed in ${seconds} s; the budget is 120 s on two cores.\n`);
  });

  test.each(vantages)('every resource of every template is found at its own service in %s', async (region) => {
    const resources = await resourcesOf(folder('first'), on.at(region));
    expect(resources.length).toBeGreaterThan(15);
    expect(await amissAmong(resources, on.at(region))).toEqual([]);
  });

  test('and would be missed: nothing is found by a name that there is not', async () => {
    const resources = (await resourcesOf(folder('first'), on.admin)).concat(
      await resourcesOf(folder('first'), on.at('eu-west-1')),
    );
    const absent = resources.map((one) => ({ ...one, physicalId: 'arn:aws:sns:us-east-1:1:no', named: () => 'no' }));
    expect(await amissAmong(absent, on.admin)).toHaveLength(resources.length);
    expect(new Set(resources.map(({ type }) => type))).toEqual(new Set(Object.keys(lookups)));
    const deployed = (await inventory(vantages.map(on.at))).filter((line) => !before.includes(line));
    expect(new Set(deployed.map((line) => line.split(': ')[0]))).toEqual(new Set(kinds));
    await on.cloud.enforceAccess(true);
  });

  test('functions run on arm64 and Node 24, from a zip within its budget', async () => {
    for (const region of vantages) {
      const { Functions = [] } = await new LambdaClient(on.at(region)).send(new ListFunctionsCommand({}));
      const probe = Functions.find(({ FunctionName }) => FunctionName === 'mailwatch-probe');
      expect(probe).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(probe?.CodeSize).toBeLessThan(120_000);
    }
  });

  test('people and programs are subscribed to what they asked for', async () => {
    const { Subscriptions = [] } = await new SNSClient(on.admin).send(new ListSubscriptionsCommand({}));
    const toAlerts = Subscriptions.filter(({ TopicArn }) => TopicArn === alerts);
    expect(toAlerts.map(({ Protocol }) => Protocol).sort()).toEqual(['email', 'http', 'sms', 'sqs', 'sqs']);
  });

  test('a round: every region probes under its own role, with its secret, and the judge finds all well', async () => {
    await on.lateInMinute();
    began = on.now() - minute;
    await on.round(began);
    await on.until('rounds of every vantage', async () => (await on.samplesOf('submission')).length === 3);
    expect((await on.samplesOf('submission')).map(({ outcome, code }) => [outcome, code])).toEqual(
      vantages.map(() => ['pass', null]),
    );
    await on.judged();
    expect((await on.history.judgement('mx1'))?.verdict).toBe('up');
    expect(await on.failures()).toEqual([]);
  });

  test('posture: both regions look, under their own roles, with the key; what cannot be asked is told to nobody', async () => {
    const posture = openPostureRecorder(dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch'));
    for (const region of ['us-east-1', 'eu-west-1']) {
      await on.until(`the posture run of ${region}`, async () => (await posture.latestWatch(region)) !== null);
      const watch = await posture.latestWatch(region);
      expect(Object.keys(watch?.areas ?? {})).toContain('dnsbl');
      expect(Object.keys(watch?.asked ?? {})).toContain('<key>.zen.dq.spamhaus.net');
      const known = await posture.latestPosture('example.com', region);
      expect(new Set(known?.findings.map(({ outcome }) => outcome))).toEqual(new Set(['unable']));
    }
    const runs = (await on.cloud.invocations()).filter((run) => run.function.endsWith('posture'));
    expect(new Set(runs.map(({ region }) => region))).toEqual(new Set(['us-east-1', 'eu-west-1']));
    expect(runs.map(({ error }) => error)).toEqual(runs.map(() => null));
    expect(JSON.stringify(runs)).not.toContain(listKey);
    expect(posts('/webhook')).toEqual([]);
  });

  test('doctor finds all of it in place, by asking each probe too', async () => {
    const { checks, stdout } = await doctor(on, 'first');
    expect(checks.filter(({ outcome }) => outcome !== 'pass').filter(isKnownToMoto)).toEqual([]);
    const lists = checks.filter(({ check }) => check === 'lists').map(({ region, detail }) => [region, detail]);
    expect(lists).toEqual(
      ['us-east-1', 'eu-west-1'].map((region) => [region, expect.stringMatching(/^0 of \d+ answer/)]),
    );
    expect(stdout).not.toContain(listKey);
    const readable = checks.filter(({ check }) => check === 'secrets').map(({ region, detail }) => [region, detail]);
    expect(readable).toEqual(vantages.map((region) => [region, '1 readable']));
    expect(stdout).not.toContain(password);
  });

  test('an outage: one page to each, in the words of its protocol, after a second opinion by way of the buses', async () => {
    on.fleet.servers.fault = { kind: 'all' };
    await on.round(began + minute);
    await on.until('the page by HTTP', async () => posts('/topic').length > 0);
    await on.until('the page by webhook', async () => posts('/webhook').length > 0);
    const [message] = await people.customer.received();
    const document = documentOf(message);
    expect(message?.Subject).toMatch(/^\[mailwatch\] DOWN mx1/);
    expect(document).toMatchObject({ kind: 'down', subject: 'mx1', phase: 'greeting', is: 'down' });
    expect(document.reply).toContain('Mail system full');
    expect(message?.MessageAttributes).toMatchObject({ topic: { Value: 'down' } });
    expect(JSON.parse(posts('/webhook')[0] ?? '{}')).toEqual(document);
    expect((await on.history.judgement('mx1'))?.verdict).toBe('down');
    const asked = (await on.cloud.invocations()).filter((run) =>
      JSON.stringify(run.event).includes('Second Opinion Wanted'),
    );
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set(vantages));
    const wishes = asked.map(
      ({ region, event }) => `${region} ${JSON.stringify((event as { detail: object }).detail)}`,
    );
    expect(new Set(wishes).size).toBe(wishes.length);
  });

  test('nobody is paged twice for it', async () => {
    await on.judged();
    await on.judged();
    await sleep(1_000);
    expect(posts('/topic')).toHaveLength(1);
    expect(posts('/webhook')).toHaveLength(1);
    expect(await people.customer.received()).toEqual([]);
  });

  test('the recovery is told, and the incident is kept with its evidence', async () => {
    on.fleet.servers.fault = { kind: 'none' };
    await on.nextRound();
    await on.until(
      'rounds after the outage',
      async () => (await on.samplesOf('mx1')).filter(({ outcome }) => outcome === 'pass').length >= 6,
    );
    await on.judged();
    await on.until('the recovery', async () => posts('/webhook').length === 2 && posts('/topic').length === 2);
    expect((await people.customer.received()).map((message) => documentOf(message).kind)).toEqual(['recovered']);
    const [incident, ...others] = await on.history.incidents('mx1');
    expect(others).toEqual([]);
    expect(incident?.closed).not.toBeNull();
    expect(incident?.witnesses.map(({ vantage }) => vantage).sort()).toEqual([...vantages].sort());
    expect(incident?.witnesses[0]?.transcript.join('\n')).toContain('554 5.3.1 Mail system full');
    expect(await on.failures()).toEqual([]);
  });

  test('every service could do its part, but for the subscriber whose queue lets nobody in', async () => {
    const refused = (await on.cloud.refusals()).map(({ service, resource }) => [service, resource]);
    expect(refused).toEqual(['down', 'recovered'].map(() => ['sns.amazonaws.com', arn('sqs', 'deaf')]));
    expect(await people.deaf.received()).toEqual([]);
  });

  test.each([
    ['us-east-1', 'mailwatch-judge-silent', 'operator', /"NewStateValue": ?"ALARM"/],
    ['eu-west-1', 'mailwatch-probe-errors', 'operator', /mailwatch-probe-errors in eu-west-1 is ALARM since/],
    ['us-east-1', 'mailwatch-vantage-silent', 'operator', /mailwatch-vantage-silent in us-east-1 is ALARM since/],
    ['eu-west-1', 'mailwatch-vantage-silent', 'european', /"NewStateValue": ?"ALARM"/],
  ] as const)('an alarm in %s is heard once by those who run the monitor: %s', async (region, AlarmName, who, said) => {
    const others = who === 'operator' ? people.european : people.operator;
    await setAlarm(on.at(region), AlarmName, 'ALARM');
    await setAlarm(on.at(region), AlarmName, 'ALARM');
    const heard = (await people[who].received()).map(({ Message }) => Message);
    expect(heard).toEqual([expect.stringMatching(said)]);
    expect(heard[0]).toContain('so says the test');
    expect(heard[0]).toMatch(/docs\/runbook\.md#(judge-silent|vantage-silent|probe-errors)/);
    await setAlarm(on.at(region), AlarmName, 'OK');
    expect(await people[who].received()).toHaveLength(1);
    expect(await others.received()).toEqual([]);
  });

  test('test-alert: each channel of the deployment takes one marked TEST, and nothing is stored', async () => {
    const stored = await deliveriesOf('topic');
    await people.customer.received();
    const { code, results, subscriptions } = await testAlert(on);
    expect(results.map(({ channel, taken }) => [channel.replace(/#.*/, ''), taken])).toEqual([
      ['topic', true],
      [`webhook:${on.fleet.receiver}`, true],
    ]);
    expect(results.map(({ answer }) => answer)).toEqual([expect.stringMatching(/^message [0-9a-f-]{36}$/), 'HTTP 200']);
    expect(subscriptions?.map(({ protocol, status, named }) => [protocol, status, named !== null]).sort()).toEqual([
      ['email', 'confirmed', true],
      ['http', 'confirmed', false],
      ['sms', 'confirmed', true],
      ['sqs', 'confirmed', false],
      ['sqs', 'confirmed', false],
    ]);
    expect(code).toBe(0);
    const [message] = await people.customer.received();
    expect(message?.Subject).toMatch(/^\[mailwatch\] TEST alert: /);
    expect(message?.MessageAttributes).toMatchObject({ kind: { Value: 'test' } });
    expect(JSON.parse(posts('/webhook').at(-1) ?? '{}')).toEqual(documentOf(message));
    expect(await deliveriesOf('topic')).toEqual(stored);
  });

  test('a subscription that a link scanner ended is told over what is left, once, and once when it is back', async () => {
    const sns = new SNSClient(on.admin);
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    const mail = Subscriptions.find(({ TopicArn, Protocol }) => TopicArn === alerts && Protocol === 'email');
    const { Attributes } = await sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: mail?.SubscriptionArn }),
    );
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: mail?.SubscriptionArn }));
    const told = () =>
      posts('/webhook')
        .map((post) => JSON.parse(post))
        .filter(({ kind }) => kind === 'undelivered');
    await on.judged();
    await on.until('the report by webhook', async () => told().length > 0);
    expect((await testAlert(on, 'topic')).code).toBe(1);
    await on.judged();
    const { FilterPolicy = '' } = Attributes ?? {};
    await sns.send(
      new SubscribeCommand({
        TopicArn: alerts,
        Protocol: 'email',
        Endpoint: mail?.Endpoint,
        Attributes: { FilterPolicy },
      }),
    );
    await on.judged();
    await on.until('the end by webhook', async () => told().length > 1);
    expect(told().map(({ is, subject }) => [is, subject])).toEqual([
      ['unknown', expect.stringMatching(/^email:[0-9a-f]{8}$/)],
      ['up', expect.stringMatching(/^email:[0-9a-f]{8}$/)],
    ]);
    expect(told()[0].text).toMatch(/ is NOT DELIVERING since .*: it is not subscribed/);
    expect(await on.failures()).toEqual([]);
  });

  test('no password is in a log, a template or the table', async () => {
    const logs = (await on.cloud.invocations()).map((run) => run.logs).join('\n');
    const written = readdirSync(folder('first'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFileSync(join(folder('first'), file), 'utf8'))
      .join('\n');
    const rounds = JSON.stringify((await on.history.rounds('us-east-1', '2000')).map(({ samples }) => [...samples]));
    for (const text of [logs, written, rounds]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(`\0probe\0${password}`).toString('base64'));
    }
  });

  describe('what the roles must not do is denied', () => {
    test.each(attempts)('$who: $what', async ({ who, attempt }) => {
      await expect(attempt(roles[who])).rejects.toThrow(/not authorized/);
    });

    test('and what the probe must do is not', async () => {
      const Key = { pk: { S: 'round#eu-west-1' }, sk: { S: roundName(began, minute) } };
      const { Item } = await new DynamoDBClient(roles.probe).send(new GetItemCommand({ TableName: 'mailwatch', Key }));
      expect(Item).toBeDefined();
      await say('Round Recorded')(roles.probe);
    });

    test.each([
      ['start the probe', 'mailwatch-probe-eu-west-1-ScheduleRole', 'scheduler.amazonaws.com'],
      ['send an alarm home', 'mailwatch-probe-eu-west-1-AlarmsGoHomeRole', 'events.amazonaws.com'],
    ])('without its role nobody could %s', async (_, role, service) => {
      const known = (await on.cloud.refusals()).length;
      await withoutPolicies(on.admin, role, async () => {
        await on.cloud.tick('eu-west-1', roundName(began, minute));
        await setAlarm(on.at('eu-west-1'), 'mailwatch-probe-errors', 'ALARM');
        await setAlarm(on.at('eu-west-1'), 'mailwatch-probe-errors', 'OK');
      });
      const refused = (await on.cloud.refusals()).slice(known).map((refusal) => refusal.service);
      expect(new Set(refused)).toEqual(new Set([service]));
    });

    test('and the alarm that was not sent waits among the dead letters of its region', async () => {
      const letters = await deadLetters(on.at('eu-west-1'), 'mailwatch-probe-eu-west-1');
      const alarm = { 'detail-type': 'CloudWatch Alarm State Change', region: 'eu-west-1' };
      expect(letters).toMatchObject([alarm, alarm]);
    });
  });

  describe('a changed config', () => {
    const added = async () => (await on.samplesOf('added')).length;
    const probeInEurope = '*/Probe-eu-west-1';

    test('swapped into one vantage only: its probe has it, and the judge copes with both', async () => {
      expect(await on.deploy('second', '--hotswap', '--exclusively', probeInEurope)).toMatch(/hotswapped/);
      const recorded = (await on.samplesOf('mx1')).length;
      await on.nextRound();
      await on.until('rounds of both', async () => (await on.samplesOf('mx1')).length === recorded + 3);
      expect(await added()).toBe(1);
      await on.judged();
      const verdicts = (await on.history.judgements()).map(({ target, verdict }) => `${target} ${verdict}`);
      const subjects = ['mx1', 'plain', 'submission', ...vantages.map((vantage) => `vantage/${vantage}`)];
      expect(verdicts.sort()).toEqual(subjects.sort().map((subject) => `${subject} up`));
    });

    test('swapped into all: every probe has it, the judge judges it, and doctor tells it from a deployment', async () => {
      await on.deploy('second', '--hotswap');
      await on.nextRound();
      await on.until('samples of every vantage', async () => (await added()) === 4);
      await on.judged();
      expect((await on.history.judgement('added'))?.verdict).toBe('up');
      const { checks } = await doctor(on, 'second');
      const older = checks.filter(({ check, outcome }) => check.endsWith(' stack') && outcome === 'warn');
      const mends = older.map(({ fix }) => /^npx cdk deploy '(.*)'$/.exec(fix ?? '')?.[1]);
      const stacks = ['Home', ...vantages.map((region) => `Probe-${region}`)];
      expect(mends).toEqual(stacks.map((name) => `*/${name}`));
    });

    test('deployed: the stacks have it, the table keeps its rows', async () => {
      await on.deploy('second');
      expect(await on.history.incidents('mx1')).toHaveLength(1);
      expect(await on.samplesOf('mx1')).not.toEqual([]);
      const { checks } = await doctor(on, 'second');
      expect(checks.filter(({ outcome }) => outcome !== 'pass').filter(isKnownToMoto)).toEqual([]);
    });

    test('a template with a table of another key is refused, and the rows are there', async () => {
      const home = stacksOf(folder('second'), 'us-east-1').find(({ name }) => name === 'mailwatch-home');
      const template = readFileSync(home?.file ?? '', 'utf8');
      const TemplateBody = template.replaceAll('"AttributeName": "sk"', '"AttributeName": "sort"');
      expect(TemplateBody).not.toBe(template);
      const update = new UpdateStackCommand({ StackName: 'mailwatch-home', TemplateBody });
      await expect(new CloudFormationClient(on.admin).send(update)).rejects.toThrow(/requires replacing/);
      expect(await on.history.incidents('mx1')).toHaveLength(1);
    });
  });

  describe('every call that the functions made', () => {
    let calls: readonly EvaluatedCall[];

    test('is allowed by the synthesized policies, as another simulator of IAM reads them', async () => {
      calls = await evaluateCalls(await on.cloud.calls(), folder('second.yaml'));
      expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
      const functions = ['deliver', 'judge', 'posture', 'probe', 'rollup', 'second-posture'].map(
        (name) => `mailwatch-${name}`,
      );
      expect([...new Set(calls.map(({ session }) => session))].sort()).toEqual(functions);
    });

    test('is recorded with what the policies look at', () => {
      const inTable = calls.filter(({ action }) => action.startsWith('dynamodb:'));
      expect(inTable.filter(({ context }) => (context['dynamodb:LeadingKeys'] ?? []).length !== 1)).toEqual([]);
      const events = calls.filter(({ action }) => action === 'events:PutEvents');
      expect(events.filter(({ context }) => context['events:detail-type'] === undefined)).toEqual([]);
    });

    test('is one of every kind that is in the source', () => {
      // `routing.test.ts` has a telephone, and `page.test.ts` a bucket.
      const others = ['SendVoiceMessage', 'GetObject', 'PutObject', 'ListObjectsV2', 'DeleteObject'];
      const made = new Set([...calls.map(({ action }) => action.split(':')[1]), ...others]);
      expect(commandsOfHandlers().filter((command) => !made.has(command))).toEqual([]);
    });

    test('would be denied in another account', async () => {
      const elsewhere = (await on.cloud.calls()).map((call) => ({
        ...call,
        resource: call.resource.replace(account, '999999999999'),
      }));
      const evaluated = await evaluateCalls(elsewhere, folder('second.yaml'));
      expect(evaluated.filter(({ allowed }) => allowed).map(describeCall)).toEqual([]);
    });
  });

  test('destroyed, the table alone is left of everything', async () => {
    await on.cloud.enforceAccess(false);
    await Promise.all(Object.values(people).map((subscriber) => subscriber.remove()));
    await on.cloud.cdk('destroy', '--app', 'second', '--all', '--force');
    expect(await inventory(vantages.map(on.at))).toEqual([...before, 'table: us-east-1 mailwatch'].sort());
    const { Table } = await new DynamoDBClient(on.admin).send(new DescribeTableCommand({ TableName: 'mailwatch' }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
    expect(await on.history.incidents('mx1')).toHaveLength(1);
  });
});

/** moto has no sandbox of SMS, and no settings of a Lambda account; and no resolver is where the config says. */
const isKnownToMoto = ({ check }: { readonly check: string }) =>
  !['sms sandbox', 'lambda concurrency', 'lists'].includes(check);

const folder = (out: string) => join(on.cloud.folder, out);

/** Keys of the deliveries of a channel. */
async function deliveriesOf(channel: string): Promise<readonly string[]> {
  const table = dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch');
  return (await table.query(deliveriesKey.pk(channel))).map(({ sk }) => sk);
}

function posts(path: string): readonly string[] {
  return on.fleet.posted.get(path) ?? [];
}
