import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiverId, subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import type { TestReport } from '../../lambda/deliver/answer-test-request.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { openRoundRecorder } from '../../lambda/history/record-round.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { cli } from '../bin/cli.ts';
import { type FakePagerDuty, startPagerDuty } from '../fakes/pagerduty.ts';
import { recordRouted } from '../history/routed-table.ts';
import { healthy, refused, roundOf } from '../history/samples.ts';
import { whatIsMissing } from './cloud.ts';
import { getItem, putItem, readSecret, say } from './denied.ts';
import { arn, type Deployment, minute, startDeployment, vantages } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { type Ledger, type Messages, openLedger } from './ledger.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';
import { exchange, type Release } from './releases.ts';
import { documentOf, type Subscriber, subscribe } from './subscriber.ts';

/**
 * The home stack deployed to moto, with steps of an escalation. Rounds are recorded here in place of the vantages; the judge,
 * the queues and the functions that tell people run as deployed, with IAM enforced. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Routing is not proved here: ${missing}.\n`);

const routingKey = 'R0123456789abcdef0123456789abcde';
const topic = arn('sns', 'mailwatch-alerts');
const idOf = (address: string) => subscriberId({ kind: 'email', address });

/** Queues that their owners subscribed, with the filters of docs/routing.md; the last two have those of a person each. */
const filters = {
  all: null,
  once: { again: [{ exists: false }] },
  critical: { again: [{ exists: false }], severity: ['critical'], target: ['mx1'] },
  edge: { tags: ['edge'], topic: ['down'] },
  ends: { kind: ['recovered'] },
  likeOps: { channels: [idOf('ops@example.com')] },
  likeBoss: { channels: [idOf('boss@example.com')] },
} as const;
type Queue = keyof typeof filters;

let on: Deployment;
let pagerduty: FakePagerDuty;
let table: Table;
let role: Caller;
let queues: ReadonlyMap<Queue, Subscriber>;
let ledger: Ledger;
/** The clock of the functions, epoch milliseconds. */
let clock: number;

describe.skipIf(missing !== null)(`routing on moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    [on, pagerduty] = await Promise.all([startDeployment(), startPagerDuty({ keys: [routingKey] })]);
    const secret = { Name: 'pagerduty/key', SecretString: `${routingKey}\n` };
    await new SecretsManagerClient(on.admin).send(new CreateSecretCommand(secret));
    await new SNSClient(on.admin).send(new CreateTopicCommand({ Name: 'mail-chat' }));
    await Promise.all([on.bootstrap(), on.synth('routing', yaml())]);
    await on.deploy('routing', '*/Home', '--exclusively');
    await on.cloud.enforceAccess(false);
    queues = await subscribeQueues();
    role = await inRole(on.admin, 'mailwatch-home-NotifyRole');
    await on.cloud.enforceAccess(true);
    table = dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch');
    clock = Math.ceil(Date.now() / minute) * minute;
    ledger = openLedger(on, pagerduty, queues);
    await later(0, {});
  });

  afterAll(async () => {
    await Promise.all([on?.close(), pagerduty?.close()]);
  });

  describe('an outage', () => {
    test('is told to those who want it at once, by the filters of their subscriptions', async () => {
      await later(1, { mx1: 'down' });
      await told({
        onCall: ['down'],
        ...{ ops: ['DOWN mx1'], likeOps: ['down'] },
        ...{ all: ['down'], once: ['down'], critical: ['down'], edge: ['down'] },
      });
      const [message] = ledger.received('all');
      expect(message?.MessageAttributes).toMatchObject({
        severity: { Value: 'critical' },
        target: { Value: 'mx1' },
        tags: { Value: '["edge"]' },
        kind: { Value: 'down' },
        topic: { Value: 'down' },
        channels: { Value: JSON.stringify([idOf('ops@example.com')]) },
      });
      expect(message?.MessageAttributes).not.toHaveProperty('again');
    });

    test('five minutes later the second step is PagerDuty, by its queue and function', async () => {
      await later(6, { mx1: 'down' });
      await told({ pager: ['triggered 1'] });
    });

    test('after ten minutes the third step is one address, and those who heard of it get nothing', async () => {
      await later(6, { mx1: 'down' });
      await told({ boss: ['DOWN mx1'], likeBoss: ['down step'], all: ['down step'], edge: ['down step'] });
    });

    test('an acknowledgement is told to all who were told, and ends the steps', async () => {
      await run('acknowledge', 'mx1', '--by', 'ops@example.com', '--table', 'mailwatch', '--region', 'us-east-1');
      await later(2, { mx1: 'down' });
      await told({
        ...{ onCall: ['update'], ops: ['DOWN mx1'], boss: ['DOWN mx1'], pager: ['acknowledged 1'] },
        // It is for everybody who was told, and so for the other subscribers, too.
        ...{ likeOps: ['update'], likeBoss: ['update'] },
        ...{ all: ['update'], once: ['update'], critical: ['update'], edge: ['update'] },
      });
      await later(10, { mx1: 'down' });
      await told({});
    });

    test('its end goes to exactly those who were told', async () => {
      await later(5, {});
      await told({
        ...{ onCall: ['recovered'], ops: ['UP mx1'], boss: ['UP mx1'], pager: ['resolved 1'] },
        ...{ likeOps: ['recovered'], likeBoss: ['recovered'] },
        ...{ all: ['recovered'], once: ['recovered'], critical: ['recovered'], ends: ['recovered'] },
      });
    });
  });

  test('another outage, which nobody acknowledges, ends with a call; the end is said, too', async () => {
    await later(10, { mx2: 'down' });
    await told({ sms: ['DOWN mx2'], all: ['down'], once: ['down'] });
    for (const minutes of [6, 5, 5]) await later(minutes, { mx2: 'down' });
    await told({
      ...{ pager: ['triggered 1'], boss: ['DOWN mx2'], phone: ['down'] },
      ...{ likeBoss: ['down step'], all: ['down step'] },
    });
    await later(5, {});
    await told({
      ...{ sms: ['UP mx2'], pager: ['resolved 1'], boss: ['UP mx2'], phone: ['up again'] },
      ...{ likeBoss: ['recovered'], all: ['recovered'], once: ['recovered'], ends: ['recovered'] },
    });
    expect(await on.failures()).toEqual([]);
  });

  describe('services', () => {
    test('each function was started for its own channels', async () => {
      // An invocation is listed when it has ended, which may be after the call was made.
      await expect
        .poll(started, { timeout: 300_000, interval: 500 })
        .toEqual([
          'mailwatch-deliver topic',
          'mailwatch-deliver webhook',
          ...['amazon-q', 'pagerduty', 'phone'].map((kind) => `mailwatch-notify ${kind}`),
        ]);
      expect(JSON.stringify(await on.cloud.invocations())).not.toContain(routingKey);
      const published = (await on.cloud.calls()).filter(
        ({ action, resource }) => action === 'sns:Publish' && resource === arn('sns', 'mail-chat'),
      );
      expect(published).not.toEqual([]);
    });

    test('while a deployment changes the rules both may hear of a channel: nobody is told twice', async () => {
      const { channels } = await report('mailwatch-notify', ['none']);
      const channel = channels.find((id) => id.startsWith('pagerduty:')) ?? '';
      const event = { Records: [{ body: JSON.stringify({ detail: { channel } }) }] };
      await Promise.all([invoke('mailwatch-deliver', event), invoke('mailwatch-notify', event)]);
      await told({});
      expect(pagerduty.alerts).toMatchObject([{ triggers: 1 }, { triggers: 1, severity: 'critical' }]);
    });

    test('a test alert is sent to the services by their function, and to the others by theirs', async () => {
      const [delivered, notified] = [await report('mailwatch-deliver'), await report('mailwatch-notify')];
      const kinds = ({ results }: TestReport) =>
        results.map(({ channel, taken }) => [channel.replace(/:.*/, ''), taken]);
      expect(kinds(delivered).sort()).toEqual([
        ['topic', true],
        ['webhook', true],
      ]);
      expect(kinds(notified).sort()).toEqual([
        ['amazon-q', true],
        ['pagerduty', true],
        ['phone', true],
      ]);
      expect(pagerduty.alerts.at(-1)).toMatchObject({ severity: 'info' });
      await ledger.noteAll();
    });

    test.each<[string, (caller: Caller) => Promise<unknown>]>([
      ['read a round', getItem('round#us-east-1')],
      ['write a verdict', putItem('verdicts')],
      ['write a round', putItem('round#us-east-1')],
      ['say that a target is down', say('Target Down')],
      ['read the password of a target', readSecret('smtp/probe')],
      ['publish to the topic of alerts', publish('mailwatch-alerts')],
    ])('the function must not %s', async (_, attempt) => {
      await expect(attempt(role)).rejects.toThrow(/not authorized/);
    });

    test('and may do what it must', async () => {
      await getItem('channels')(role);
      await putItem('delivery#pagerduty:x')(role);
      await readSecret('pagerduty/key')(role);
      await publish('mail-chat')(role);
      await say('Delivery Due')(role);
    });
  });

  test('every call that the functions made is allowed by the synthesized policies, as another simulator reads them', async () => {
    const made = await on.cloud.calls();
    // The simulator does not know that this action may be allowed for one number; the policy was enforced above.
    const known = made.filter(({ action }) => action !== 'sms-voice:SendVoiceMessage');
    const calls = await evaluateCalls(known, `${on.cloud.folder}/routing.yaml`);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    const notify = made.filter(({ session }) => session === 'mailwatch-notify').map(({ action }) => action);
    expect(notify).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'sms-voice:SendVoiceMessage']));
    expect(await on.cloud.refusals()).toEqual([]);
  });

  /**
   * A deployment changes the filters, `deliver` and the judge one after the other. The release before has no steps: all who want
   * an alert by `when` are told at once. Here nobody has other rules.
   */
  describe('from the release before to this one, and back', () => {
    beforeAll(async () => {
      plain = withoutRules(`${on.cloud.folder}/routing.yaml`);
      await become('before', 'before', 'before');
    });

    test.each<[filters: Release, deliver: Release, judge: Release, event: 'down' | 'recovered', sms: boolean]>([
      ['before', 'before', 'before', 'down', true],
      ['present', 'before', 'before', 'recovered', false],
      ['present', 'present', 'before', 'down', true],
      ['present', 'present', 'present', 'recovered', false],
      ['before', 'before', 'present', 'down', true],
      ['before', 'before', 'before', 'recovered', false],
      ['before', 'present', 'before', 'down', true],
      ['before', 'present', 'present', 'recovered', false],
      ['before', 'present', 'present', 'down', true],
      ['present', 'before', 'present', 'recovered', false],
    ])('filters of %s, `deliver` of %s, the judge of %s: %s is told once to each', async (...row) => {
      const [filters, deliver, judge, event, sms] = row;
      await become(filters, deliver, judge);
      await later(70, event === 'down' ? { mx1: 'down' } : {});
      const words = event === 'down' ? 'DOWN mx1' : 'UP mx1';
      const both = { onCall: [event], ops: [words], all: [event], likeOps: [event] };
      await told({ ...both, ...(sms ? { sms: [words] } : {}) }, everybody);
    });

    test('afterwards nothing is open, and nobody hears more', async () => {
      await become('present', 'present', 'present');
      await later(15, {});
      await told({}, everybody);
      expect(await openNotifications(table).open()).toEqual([]);
      const logs = (await on.cloud.invocations()).map((one) => one.logs).join('\n');
      expect(logs).not.toMatch(/cannot be read|unreadable/);
    });

    test('the release before reads what this one stored: what is pending is told once, and by this one not again', async () => {
      await become('before', 'before', 'before');
      await ledger.noteAll();
      const before = [await ids(), onCallIds()];
      await recordRouted(table, clock, [...plain.notify, boss]);
      const [hook] = plain.notify.map(receiverId).filter((id) => id.startsWith('webhook:'));
      for (const channel of ['topic', hook ?? '']) await openDeliveries(table).mark(channel, ' ');
      await later(1, { mx2: 'down' });
      const count = async () => (await ids()).length - (before[0]?.length ?? 0);
      await on.until('four alerts', async () => (await count()) >= 4);
      await become('present', 'present', 'present');
      await later(1, { mx2: 'down' });
      await later(1, { mx2: 'down' });
      // The round trip is none of the config: this release withdraws it.
      const ofTargets = (all: readonly string[]) => all.filter((id) => /^(mx2|relay) /.test(id)).sort();
      const both = ['mx2 1-down', 'relay 1-down', 'relay 1-down+acknowledged-2'];
      expect(ofTargets((await ids()).slice(before[0]?.length))).toEqual([...both, 'relay 1-down+boss-1']);
      expect(ofTargets(onCallIds().slice(before[1]?.length))).toEqual(both);
    });
  });
});

function yaml(): string {
  return `
name: mailwatch
home: us-east-1
vantages: [${vantages.join(', ')}]
recover: 1
confirm: 1
secondOpinion: false
posture: false
ehloName: probe.example.com
notify:
  - { id: on-call, webhook: "${on.fleet.receiver}/on-call", targets: [mx1] }
  - { id: pager, pagerduty: { routingKey: { secret: pagerduty/key }, url: "${pagerduty.url}" }, after: 5m }
  - { id: ops, email: ops@example.com, tags: [edge] }
  - { id: boss, email: boss@example.com, severity: [critical], after: 10m }
  - { id: chat, amazonQ: { topicArn: "${arn('sns', 'mail-chat')}" }, targets: [mx2] }
  - { id: night, sms: "+15555550100", when: [down], targets: [mx2] }
  - { id: call, phone: { number: "+15555550102", from: "+15555550101" }, severity: [critical], after: 15m }
targets:
  - { id: mx1, host: mx1.example.com, tags: [edge] }
  - { id: mx2, host: mx2.example.com }
`;
}

async function subscribeQueues(): Promise<ReadonlyMap<Queue, Subscriber>> {
  const made = Object.entries(filters).map(async ([name, filter]) => {
    return [name as Queue, await subscribe(on.admin, topic, name, true, filter)] as const;
  });
  return new Map(await Promise.all(made));
}

type Targets = Readonly<Partial<Record<'mx1' | 'mx2', 'down'>>>;

/** So many minutes later each vantage records what it saw, and the judge runs to its end. */
async function later(minutes: number, targets: Targets): Promise<void> {
  clock += minutes * minute;
  await on.cloud.setAhead(clock + 5_000 - Date.now());
  const round = roundName(clock, minute);
  const samples = { mx1: sampleOf(targets.mx1), mx2: sampleOf(targets.mx2) };
  const recorder = openRoundRecorder(table);
  await Promise.all(vantages.map((vantage) => recorder.recordRound(roundOf(vantage, round, samples))));
  await invoke('mailwatch-judge', { scheduled: round });
}

function sampleOf(state: 'down' | undefined) {
  return state === 'down' ? refused : healthy;
}

function told(expected: Messages, of?: Parameters<Ledger['told']>[1]): Promise<void> {
  return ledger.told(expected, of);
}

let plain: Config;
/** Whom the release before does not know. */
const boss: Config['notify'][number] = {
  ...{ kind: 'email', address: 'boss@example.com', id: 'boss' },
  ...{ when: ['down', 'recovered'], after: 10 * minute },
};

/** Ids of the alerts that everybody got by the topic, without the times of their incidents. */
async function ids(): Promise<readonly string[]> {
  await ledger.noteAll();
  return ledger.received('all').map((message) => shortId(documentOf(message).id));
}

function onCallIds(): readonly string[] {
  return (on.fleet.posted.get('/on-call') ?? []).map((text) => shortId(JSON.parse(text).id));
}

function shortId(id: string): string {
  return id.replace(/@[^#]*#/, ' ');
}

/** The queues with filters on what only this release sets are left out. */
const everybody = ['onCall', 'ops', 'boss', 'sms', 'all', 'likeOps', 'likeBoss'];

/** The config without what only this release knows. */
function withoutRules(file: string): Config {
  const loaded = loadConfig(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const notify = loaded.config.notify.flatMap(({ id, when, ...channel }): Config['notify'] => {
    if (id === 'boss') return [];
    if (channel.kind === 'webhook') return [{ kind: 'webhook', url: channel.url, when }];
    if (channel.kind === 'email') return [{ kind: 'email', address: channel.address, when }];
    return channel.kind === 'sms' ? [{ kind: 'sms', number: channel.number, when }] : [];
  });
  return { ...loaded.config, notify };
}

async function become(filtersOf: Release, deliver: Release, judge: Release): Promise<void> {
  await exchange(on.admin, 'deliver', deliver, plain, on.cloud.folder);
  await exchange(on.admin, 'judge', judge, plain, on.cloud.folder);
  const sns = new SNSClient(on.admin);
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  for (const { SubscriptionArn, Endpoint } of Subscriptions) {
    const channel = plain.notify.find((one) => Endpoint === placeOf(one));
    if (channel?.kind !== 'email' && channel?.kind !== 'sms') continue;
    const filter = filtersOf === 'before' ? { topic: channel.when } : { channels: [subscriberId(channel)] };
    const change = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: JSON.stringify(filter) };
    await sns.send(new SetSubscriptionAttributesCommand(change));
  }
}

function placeOf(channel: Config['notify'][number]): string | undefined {
  return channel.kind === 'email' ? channel.address : channel.kind === 'sms' ? channel.number : undefined;
}

/** The functions that were started, each with the kind of its channel. Each pair once. */
async function started(): Promise<readonly string[]> {
  const pairs = (await on.cloud.invocations()).flatMap(({ function: name, event }) =>
    [...JSON.stringify(event).matchAll(/\\"channel\\":\s?\\"([a-z-]+)[:\\]/g)].map(([, kind]) => `${name} ${kind}`),
  );
  return [...new Set(pairs)].sort();
}

async function report(name: string, channel: readonly string[] | null = null): Promise<TestReport> {
  return (await invoke(name, { testAlert: { id: 'abc', channel } })) as TestReport;
}

async function invoke(name: string, event: object): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  const { Payload, FunctionError } = await new LambdaClient(on.admin).send(command);
  const answer = Buffer.from(Payload ?? []).toString('utf8');
  if (FunctionError !== undefined) throw new Error(answer);
  return JSON.parse(answer || 'null');
}

function publish(name: string) {
  return (caller: Caller): Promise<unknown> =>
    new SNSClient(caller).send(new PublishCommand({ TopicArn: arn('sns', name), Message: '{}' }));
}

/** Runs the command line as the administrator. */
async function run(...args: readonly string[]): Promise<void> {
  const { accessKeyId, secretAccessKey } = on.admin.credentials;
  const env = {
    AWS_ENDPOINT_URL: on.cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { code, stderr } = await cli(args, { env, cwd: on.cloud.folder });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}
