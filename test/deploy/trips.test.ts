import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { TripRecord } from '../../lambda/history/trips/trip-record.ts';
import { openTripStore, type TripStore } from '../../lambda/history/trips/trip-store.ts';
import { type ImapServer, LOGIN, serveImap } from '../trip-run/imap-server.ts';
import { type MailRoute, openMailRoute } from '../trip-run/mail-route.ts';
import { whatIsMissing } from './cloud.ts';
import { getItem, putItem, readSecret, say } from './denied.ts';
import { arn, type Deployment, minute, startDeployment } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { firstVpc, networkOf } from './network.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';
import { documentOf, type Received, type Subscriber, subscribe } from './subscriber.ts';

/**
 * Round trips of two vantages deployed to moto: the functions read their secrets, send through a server that wants a login, and
 * read the mailbox by IMAP, with IAM enforced. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Round trips are not proved here: ${missing}.\n`);

const regions = ['us-east-1', 'eu-west-1'] as const;
const every = 10 * minute;
/** To the first half of the ten minutes after these, when the time since the last message is up. */
const next = every + 15_000;
const submission = { user: 'canary', password: 'not in a template, log or table' };
const key = 'a key of more than sixteen characters';

let on: Deployment;
let imap: ImapServer;
let route: MailRoute;
let store: TripStore;
let role: Caller;
let subscriber: Subscriber;
/** The clock of the functions, epoch milliseconds. */
let clock: number;

describe.skipIf(missing !== null)(`round trips on moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    imap = await serveImap();
    route = await openMailRoute(imap, submission);
    await Promise.all([on.bootstrap(), on.synth('trips', yaml()), createSecrets()]);
    await on.deploy('trips', '*/Home', ...regions.map((region) => `*/Probe-${region}`), '--exclusively');
    await on.cloud.enforceAccess(false);
    role = await inRole(on.admin, 'mailwatch-probe-eu-west-1-TripsRole');
    subscriber = await subscribe(on.admin, arn('sns', 'mailwatch-alerts'), 'customer');
    await on.cloud.enforceAccess(true);
    store = openTripStore(dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch'));
    await setClock(Math.ceil(Date.now() / every) * every + 1_000);
  });

  afterAll(async () => {
    await route?.close();
    await imap?.close();
    await on?.close();
  });

  test('the schedules of both regions: one sends, with its secrets, and its message is read, stored and removed', async () => {
    const runs = async () => (await runsOfTrips()).length;
    for (const region of regions) await on.cloud.tick(region, roundName(clock, minute));
    await on.until('both functions', async () => (await runs()) === 2);
    expect((await runsOfTrips()).map(({ region, error }) => [region, error]).sort()).toEqual([
      ['eu-west-1', null],
      ['us-east-1', null],
    ]);
    const [trip, ...others] = await recorded();
    expect(others).toEqual([]);
    expect(trip).toMatchObject({
      vantage: turnOf(clock),
      sending: { outcome: 'accepted' },
      arrivals: [{ folder: 'inbox', alterations: [] }],
      verdict: { outcome: 'pass' },
    });
    expect(route.accepted).toHaveLength(1);
    expect(imap.folders.INBOX).toEqual([]);
    expect(imap.heard).toContain(`LOGIN "${LOGIN.user}" "${LOGIN.password}"`);
  });

  test('when the next is due, the other vantage sends; a run that is invoked twice at once sends once', async () => {
    await setClock(clock + next);
    const other = turnOf(clock);
    expect(other).not.toBe((await recorded())[0]?.vantage);
    await Promise.all([...regions, other, other].map(run));
    expect(route.accepted).toHaveLength(2);
    expect((await recorded()).map(({ vantage, verdict }) => [vantage, verdict?.outcome])).toEqual([
      [turnOf(clock - next), 'pass'],
      [other, 'pass'],
    ]);
    await Promise.all([...regions, other].map(run));
    expect(route.accepted).toHaveLength(2);
  });

  test('a lost message is sent again at once by the other vantage, and two of them are one alert', async () => {
    route.behaviour = { folders: [] };
    await setClock(clock + next);
    const first = turnOf(clock);
    const second = regions.find((region) => region !== first) ?? '';
    await run(first);
    expect(posts()).toEqual([]);
    await setClock(clock + minute);
    await run(first);
    expect(route.accepted).toHaveLength(3);
    await run(second);
    expect(route.accepted).toHaveLength(4);
    const lost = (await recorded()).slice(2);
    expect(lost.map(({ vantage, isSecond, verdict }) => [vantage, isSecond, verdict?.findings[0]?.code])).toEqual([
      [first, false, 'not-arrived'],
      [second, true, 'not-arrived'],
    ]);
    await on.until('the alert by webhook', async () => posts().length > 0);
    const received: Received[] = [];
    await on.until('the alert at the topic', async () => received.push(...(await subscriber.received())) > 0);
    const [message] = received;
    expect(message?.MessageAttributes).toMatchObject({ kind: { Value: 'trip' } });
    expect(documentOf(message)).toMatchObject({ kind: 'trip', subject: 'out' });
    expect(posts()).toEqual([documentOf(message)]);
    expect(posts()[0]?.text).toContain('not-arrived');
  });

  test('messages that arrive again end it, and nobody is told twice', async () => {
    route.behaviour = {};
    for (const _ of regions) {
      await setClock(clock + next);
      await run(turnOf(clock));
    }
    await on.until('the end by webhook', async () => posts().length > 1);
    expect(posts().map(({ kind }) => kind)).toEqual(['trip', 'trip-over']);
    expect(await on.failures()).toEqual([]);
  });

  test('a vantage that gets a VPC sends from its subnets, as the probe does', async () => {
    const region = 'eu-west-1';
    await on.cloud.enforceAccess(false);
    const egress = JSON.stringify({ [region]: await firstVpc(on.at(region)) });
    await on.synth('joined', yaml(), '-c', `egress=${egress}`);
    await on.deploy('joined', `*/Probe-${region}`, '--exclusively');
    await on.cloud.enforceAccess(false);
    const [trips, probe] = await Promise.all(
      ['mailwatch-trips', 'mailwatch-probe'].map((name) => networkOf(on.at(region), name)),
    );
    await on.cloud.enforceAccess(true);
    expect(trips?.subnets).toHaveLength(1);
    expect(trips).toEqual(probe);
    const before = route.accepted.length;
    do await setClock(clock + next);
    while (turnOf(clock) !== region);
    await run(region);
    expect(route.accepted).toHaveLength(before + 1);
    expect((await recorded()).at(-1)).toMatchObject({ vantage: region, verdict: { outcome: 'pass' } });
  });

  test.each<[string, (caller: Caller) => Promise<unknown>]>([
    ['read a verdict', getItem('verdicts')],
    ['write a verdict', putItem('verdicts')],
    ['write a round', putItem('round#eu-west-1')],
    ['read the password of a target', readSecret('smtp/probe')],
    ['say that a target is down', say('Target Down')],
    ['say that a round is recorded', say('Round Recorded')],
  ])('the function must not %s', async (_, attempt) => {
    await expect(attempt(role)).rejects.toThrow(/not authorized/);
  });

  test('and may do what it must', async () => {
    await getItem('trip-mailboxes')(role);
    await readSecret('trips/key')(role);
    await say('Trip Recorded')(role);
  });

  test('no secret is in a log or in the table', async () => {
    const logs = (await on.cloud.invocations()).map((one) => one.logs).join('\n');
    const stored = JSON.stringify([await recorded(), await store.verdicts()]);
    for (const secret of [submission.password, LOGIN.password, key]) expect(logs + stored).not.toContain(secret);
    expect(stored).not.toContain('@');
  });

  test('every call that the functions made is allowed by the synthesized policies, as another simulator reads them', async () => {
    const calls = await evaluateCalls(await on.cloud.calls(), `${on.cloud.folder}/trips.yaml`);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    const ofTrips = calls.filter(({ session }) => session === 'mailwatch-trips').map(({ action }) => action);
    expect([...new Set(ofTrips)].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
    ]);
  });
});

function yaml(): string {
  const login = '{ user: canary, password: { secret: trips/submission } }';
  return `${on.fleet
    .yaml()
    .replace(/^vantages: .*$/m, `vantages: [${regions.join(', ')}]`)
    .replace('when: [down, recovered]', 'when: [trip]')}roundTrips:
  - id: out
    every: 10m
    send: { host: 127.0.0.1, port: ${route.port}, insecure: true, auth: ${login}, from: canary@example.com, to: seed@example.net }
    receive: { host: 127.0.0.1, port: ${imap.port}, security: none, auth: { user: ${LOGIN.user}, password: { secret: trips/seed } } }
    within: { warn: 2s, fail: 3s }
    expect: { folder: inbox, unchanged: true }
    key: { secret: trips/key }
`;
}

async function createSecrets(): Promise<void> {
  const secrets = new SecretsManagerClient(on.admin);
  const texts = { 'trips/submission': submission.password, 'trips/seed': LOGIN.password, 'trips/key': key };
  for (const [Name, SecretString] of Object.entries(texts))
    await secrets.send(new CreateSecretCommand({ Name, SecretString }));
}

async function setClock(time: number): Promise<void> {
  clock = time;
  await on.cloud.setAhead(time - Date.now());
}

/** To its end. */
async function run(region: string): Promise<void> {
  const { FunctionError, Payload } = await new LambdaClient(on.at(region)).send(
    new InvokeCommand({ FunctionName: 'mailwatch-trips', Payload: '{}' }),
  );
  if (FunctionError !== undefined) throw new Error(Buffer.from(Payload ?? []).toString());
}

/** Who is to send in the ten minutes of a time. */
function turnOf(time: number): string {
  const offset = [...'out'].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return regions[(Math.floor(time / every) + offset) % regions.length] ?? '';
}

async function recorded(): Promise<readonly TripRecord[]> {
  return store.trips('out', 0, clock + every);
}

async function runsOfTrips() {
  return (await on.cloud.invocations()).filter((one) => one.function === 'mailwatch-trips');
}

interface Post {
  readonly kind: string;
  readonly text: string;
}

/** Alerts of round trips, by webhook. */
function posts(): readonly Post[] {
  const all = (on.fleet.posted.get('/webhook') ?? []).map((text) => JSON.parse(text) as Post);
  return all.filter(({ kind }) => kind.startsWith('trip'));
}
