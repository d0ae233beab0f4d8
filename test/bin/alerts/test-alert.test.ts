import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { subscriberId, webhookId } from '../../../lambda/alert/channels/channel-ids.ts';
import { topicSender } from '../../../lambda/alert/channels/sns.ts';
import { webhookSender } from '../../../lambda/alert/channels/webhook.ts';
import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Subscription } from '../../../lambda/alert/subscriptions/subscription.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { type AlertTopic, alertTopics } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import { answerTestRequest, type TestReport } from '../../../lambda/deliver/answer-test-request.ts';
import { context } from '../../alert/alerts.ts';
import { discordPath, startDiscord } from '../../fakes/discord.ts';
import { startTeams, teamsPath } from '../../fakes/teams.ts';
import { type Receiver, startReceiver } from '../../local/receivers.ts';
import { type RelayServer, startRelayServer } from '../../local/relay-server.ts';
import { inProcess } from '../cli.ts';
import { denied, errorNamed, mockAws } from '../doctor/aws-answers.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-test-alert-'));
const file = join(folder, 'mail.yaml');
let good: Receiver;
let bad: Receiver;
let relay: RelayServer;

beforeEach(async () => {
  good = await startReceiver();
  bad = await startReceiver(() => ({ status: 404 }));
  relay = await startRelayServer({});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all([good.close(), bad.close(), relay.close()]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const targets = 'targets:\n  - { id: mx1, host: mx1.example.com, port: 587 }\n';
const head = 'vantages: [local]\nehloName: probe.example.com\n';

function write(...lines: readonly string[]): void {
  writeFileSync(file, `${lines.join('\n')}\n${targets}`);
}

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await inProcess(['test-alert', '--config', file, ...args]);
  return { code, stdout, stderr };
}

async function report(...args: readonly string[]): Promise<TestReport & { readonly code: number | null }> {
  const { code, stdout } = await run('--json', ...args);
  return { ...JSON.parse(stdout), code };
}

const mailbox = () => `smtp: { host: 127.0.0.1, port: ${relay.relay.port}, security: none }`;

test('on one machine each channel gets one alert marked TEST: terminal, webhook, e-mail; and no folder is made', async () => {
  write(head, mailbox(), 'notify:', `  - webhook: ${good.url}/secret?token=1`, '  - email: ops@example.com');
  const { code, stdout, stderr } = await run();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('ALERT  TEST alert: sent by hand');
  expect(stdout).toMatch(/^terminal +yes/m);
  expect(stdout).toMatch(/^webhook:http:\/\/127\.0\.0\.1:\d+#[0-9a-f]{8} +yes +\d+ ms +HTTP 200$/m);
  expect(stdout).toMatch(/^email ops@example\.com +yes +\d+ ms +250 /m);
  expect(stdout).toContain('\n3 of 3 took it.\n');
  expect(stdout).not.toContain('secret');
  expect(good.taken.map(({ document }) => [document.kind, document.monitor])).toEqual([['test', 'smtp-quorum']]);
  expect(relay.received.map(({ to }) => to)).toEqual([['ops@example.com']]);
  expect(relay.received[0]?.message).toContain('Subject: [smtp-quorum] TEST alert:');
  expect(readdirSync(folder)).toEqual(['mail.yaml']);
});

test('an entry of notify is named by its id', async () => {
  write(head, 'notify:', `  - { id: day, webhook: "${good.url}/a" }`, `  - { id: night, webhook: "${good.url}/b" }`);
  const { code, results } = await report('night');
  expect(code).toBe(0);
  expect(results.map(({ channel }) => channel)).toEqual([webhookId(`${good.url}/b`)]);
  expect((await run('evening')).stderr).toContain('no channel has this name');
});

test('one that does not take it: exit 1, and the others have it', async () => {
  write(head, 'notify:', `  - webhook: ${bad.url}/secret`, `  - webhook: ${good.url}`);
  const { code, results } = await report();
  expect(code).toBe(1);
  expect(results.map(({ taken, answer }) => [taken, answer])).toEqual([
    [true, ''],
    [false, 'HTTP 404'],
    [true, 'HTTP 200'],
  ]);
  expect(bad.requests).toHaveLength(1);
});

test.each<[string, () => string, () => number]>([
  ['its id', () => webhookId(`${good.url}/a`), () => 1],
  ['its URL', () => `${good.url}/a`, () => 1],
  ['its origin', () => new URL(good.url).origin, () => 2],
  ['its kind', () => 'webhook', () => 2],
  ['an address', () => 'ops@example.com', () => 0],
])('a channel is named by %s', async (_, name, posts) => {
  write(head, mailbox(), 'notify:', ...['a', 'b'].map((path) => `  - webhook: ${good.url}/${path}`));
  writeFileSync(
    file,
    `${head}${mailbox()}\nnotify:
  - webhook: ${good.url}/a
  - webhook: ${good.url}/b
  - email: ops@example.com
${targets}`,
  );
  const { code, results } = await report(name());
  expect(code).toBe(0);
  expect(good.taken).toHaveLength(posts());
  expect(results).toHaveLength(Math.max(1, posts()));
});

test('what this machine cannot send is refused with the reason', async () => {
  const aws = 'home: us-east-1\nvantages: [us-east-1, eu-west-1]\nehloName: probe.example.com\n';
  write(aws, 'notify:', '  - email: ops@example.com', '  - sms: "+15555550100"');
  const { code, stdout } = await run('+15555550100');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^sms \+15555550100 +NO +0 ms +no SMS is sent from this machine: SNS sends it on AWS$/m);
  expect(stdout).toContain('smtp-quorum test-alert --table smtp-quorum --region us-east-1');
  const { results } = await report();
  expect(results.map(({ taken }) => taken)).toEqual([true, false, false]);
});

test.each([
  [['nobody'], /no channel has this name; the channels are terminal/],
  [['--region', 'us-east-1'], /--region and --profile need --table NAME/],
])('bad usage: %j', async (args, words) => {
  write(head, 'notify: []');
  const { code, stderr } = await run(...args);
  expect(code).toBe(3);
  expect(stderr).toMatch(words);
});

// On AWS.

const when: readonly AlertTopic[] = ['down'];
const subscribed: Subscription[] = [
  { protocol: 'email', endpoint: 'ops@example.com', status: 'confirmed' },
  { protocol: 'https', endpoint: 'https://chat.example.com/secret?token=1', status: 'pending' },
];

/** The deployed function answers, with a real receiver and an SNS that says yes. */
function deployed(
  notify: Config['notify'],
  found: readonly Subscription[] | Error = subscribed,
  services: TestReport | null = null,
) {
  const published: PublishCommand['input'][] = [];
  const client = {
    send: async ({ input }: PublishCommand) => {
      published.push(input);
      return { MessageId: 'm-1' };
    },
  } as unknown as SNSClient;
  const config = { ...context, notify } as unknown as Config;
  const ports = {
    config,
    channels: awsChannels(config),
    now: Date.now,
    senderOf: (channel: ReturnType<typeof awsChannels>[number]) =>
      channel.kind === 'webhook' ? webhookSender(channel.url, config) : topicSender(client, 'arn', config),
  };
  const invoked: { name: unknown; region: string }[] = [];
  mockAws({
    InvokeCommand: async ({ FunctionName, Payload }, region) => {
      invoked.push({ name: FunctionName, region });
      if (FunctionName === 'mailwatch-notify') {
        if (services === null) throw Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
        return { Payload: Buffer.from(JSON.stringify(services)) };
      }
      const list = async () => {
        if (found instanceof Error) throw found;
        return found;
      };
      const answer = await answerTestRequest(ports, JSON.parse(String(Payload)), list);
      return { Payload: Buffer.from(JSON.stringify(answer)) };
    },
  });
  return { published, invoked };
}

const onAws = ['--table', 'mailwatch', '--region', 'us-east-1'];
const ops = {
  kind: 'email',
  address: subscriberId({ kind: 'email', address: 'ops@example.com' }),
  when,
} as const;
const dev = { ...ops, address: subscriberId({ kind: 'email', address: 'dev@example.com' }) } as const;

test('on AWS the deployed function sends, past every filter, and each subscription is shown', async () => {
  write(head, 'notify: []');
  const { published, invoked } = deployed([{ kind: 'webhook', url: `${good.url}/hook`, when: ['down'] }, ops]);
  const { code, stdout } = await run(...onAws);
  expect(code).toBe(0);
  expect(invoked).toEqual([
    { name: 'mailwatch-deliver', region: 'us-east-1' },
    { name: 'mailwatch-notify', region: 'us-east-1' },
  ]);
  expect(published).toHaveLength(1);
  const { kind, topic, channels } = published[0]?.MessageAttributes ?? {};
  expect(kind?.StringValue).toBe('test');
  expect(JSON.parse(topic?.StringValue ?? '')).toEqual([...alertTopics]);
  expect(JSON.parse(channels?.StringValue ?? '')).toEqual([ops.address]);
  expect(good.taken.map(({ document }) => document.kind)).toEqual(['test']);
  expect(stdout).toMatch(/^topic +yes +\d+ ms +message m-1$/m);
  expect(stdout).toMatch(/^email ops@example\.com +confirmed +email:[0-9a-f]{8}$/m);
  expect(stdout).toMatch(/^https https:\/\/chat\.example\.com +pending +no$/m);
  expect(stdout).not.toContain('secret');
});

test.each<[string, Subscription[], RegExp]>([
  [
    'pending',
    [{ protocol: 'email', endpoint: 'dev@example.com', status: 'pending' }],
    /^email dev@example\.com +pending/m,
  ],
  ['missing', [], /^email dev@example\.com +missing/m],
])('a subscription of the config that is %s did not get it: exit 1', async (_, found, row) => {
  write(
    'home: us-east-1',
    'vantages: [us-east-1, eu-west-1]',
    'ehloName: probe.example.com',
    'notify:',
    '  - email: dev@example.com',
  );
  deployed([ops, dev], [...subscribed, ...found]);
  const { code, stdout } = await run(...onAws);
  expect(code).toBe(1);
  expect(stdout).toMatch(row);
  expect(stdout).toContain('smtp-quorum confirm-subscription');
});

test('services are tested by their own function', async () => {
  write(head, 'notify: []');
  const results = [{ channel: 'pagerduty:1a2b3c4d', taken: false, answer: 'HTTP 400', milliseconds: 12 }];
  deployed([], subscribed, { results, channels: ['pagerduty:1a2b3c4d'], subscriptions: [] });
  const { code, stdout } = await run(...onAws);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^pagerduty:1a2b3c4d +NO +12 ms +HTTP 400$/m);
  expect(stdout).toMatch(/^topic +yes/m);
});

test('an address on AWS is tested with the topic, a webhook without it', async () => {
  write(head, 'notify: []');
  const hook = { kind: 'webhook', url: `${good.url}/hook`, when } as const;
  expect(deployed([hook, ops]).published).toEqual([]);
  expect((await report(...onAws, 'ops@example.com')).results.map(({ channel }) => channel)).toEqual(['topic']);
  vi.restoreAllMocks();
  const { published } = deployed([hook, ops]);
  const alone = await report(...onAws, `${good.url}/hook`);
  expect([alone.results.length, alone.subscriptions, published]).toEqual([1, [], []]);
});

test('if SNS does not list the subscriptions, the test is sent all the same', async () => {
  write(head, 'notify: []');
  deployed([ops], new Error('Rate exceeded'));
  const { code, stdout } = await run(...onAws);
  expect(code).toBe(0);
  expect(stdout).toContain('SNS did not list the subscriptions');
});

test.each<[string, () => unknown, RegExp]>([
  [
    'not deployed',
    () => errorNamed('ResourceNotFoundException', 'no'),
    /function 'mailwatch-deliver' not found in us-east-1/,
  ],
  ['not allowed', () => denied('lambda:InvokeFunction'), /permission denied: lambda:InvokeFunction/],
  [
    'an older version',
    () => ({
      FunctionError: 'Unhandled',
      Payload: Buffer.from('{"errorMessage":"Cannot read properties of undefined"}'),
    }),
    /mailwatch-deliver failed: Cannot read .*; if it was deployed by an older version, deploy this one first/,
  ],
])('%s: in words, exit 3', async (_, answer, words) => {
  write(head, 'notify: []');
  mockAws({ InvokeCommand: answer });
  const { code, stderr } = await run(...onAws);
  expect(code).toBe(3);
  expect(stderr).toMatch(words);
});

test('chat services get a test, too, by their kind; what they refuse is said without a secret', async () => {
  const discord = await startDiscord();
  const teams = await startTeams();
  vi.stubEnv('DISCORD', discord.origin + discordPath);
  vi.stubEnv('TEAMS', `${teams.origin}${teamsPath}?sig=wrong-secret`);
  write(
    head,
    'notify:',
    '  - discord: { url: { env: DISCORD } }',
    '  - teams: { url: { env: TEAMS } }',
    '  - telegram: { chat: "-100123", token: { env: NOT_SET } }',
  );
  try {
    const { code, results } = await report();
    expect(code).toBe(1);
    expect(results).toMatchObject([
      { channel: 'terminal', taken: true },
      { channel: expect.stringMatching(/^discord:[0-9a-f]{8}$/), taken: true, answer: 'posted' },
      { taken: false, answer: 'HTTP 401: DirectApiAuthorizationRequired' },
      { channel: 'telegram:-100123', taken: false, answer: 'environment variable NOT_SET is not set' },
    ]);
    expect(String(discord.room.messages[0]?.content.content)).toContain('TEST alert: sent by hand');
    expect((await report('discord')).results).toHaveLength(1);
    expect(JSON.stringify(await run())).not.toMatch(/wrong-secret|secretsecret/);
  } finally {
    await Promise.all([discord.close(), teams.close()]);
    vi.unstubAllEnvs();
  }
});
