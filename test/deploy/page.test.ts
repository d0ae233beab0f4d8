import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../lambda/config/load.ts';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { openRoundRecorder } from '../../lambda/history/record-round.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { readManifest } from '../../lambda/publish/manifest.ts';
import { WHOLE_AFTER } from '../../lambda/publish/publish.ts';
import { healthy, refused, roundOf } from '../history/samples.ts';
import { deployFleet } from '../lib/iam/fleet.ts';
import { whatIsMissing } from './cloud.ts';
import { type Deployment, minute, startDeployment, vantages } from './deployment.ts';
import { type Edge, openEdge } from './edge.ts';
import { type Caller, inRole } from './identity.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';

/**
 * The home stack with a private status page deployed to moto. Rounds are recorded here in place of the vantages; the judge, the
 * rule, the queue and the function that writes the page run as deployed, with IAM enforced. What CloudFront would answer is
 * calculated from what the template says of it. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`The status page is not proved here: ${missing}.\n`);

const PASSWORD = 'a long password of readers';
const TARGETS = Array.from({ length: 40 }, (_, nth) => `mx${nth + 1}`);

let on: Deployment;
let table: Table;
let bucket: string;
let s3: S3Client;
let edge: Edge;
let clock: number;

describe.skipIf(missing !== null)(`the status page on moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    await Promise.all([on.bootstrap(), on.synth('page', yaml())]);
    await on.deploy('page', '*/Home', '--exclusively');
    table = dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch');
    s3 = new S3Client({ ...on.admin, forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    bucket = Buckets.map(({ Name = '' }) => Name).find((name) => name.includes('pagebucket')) ?? '';
    edge = await openEdge(on.admin, bucket, [PASSWORD]);
    clock = afterWhole(Date.now());
  });

  afterAll(async () => {
    await on?.close();
  });

  test('before the first publication readers get what is not there, and others nothing', async () => {
    expect(await edge.visit('/')).toMatchObject({ status: 401 });
    expect(await edge.visit('/', { password: PASSWORD })).toMatchObject({ status: 404 });
    expect(edge.distribution.Aliases).toEqual(['status.example.com']);
  });

  test('the judge writes now.json in its pass', async () => {
    await later(1, {});
    const now = JSON.parse((await edge.visit('/now.json', { password: PASSWORD })).body);
    expect(now.newestRound).toBe(roundName(clock, minute));
    expect(now.verdicts).toEqual(Object.fromEntries(TARGETS.slice(0, -1).map((id) => [id, 'up'])));
    expect(now.vantages.map(({ blind }: { blind: boolean }) => blind)).toEqual([false, false, false]);
  });

  test('a run of the schedule writes the whole page', async () => {
    const report = await publishNow();
    expect(report).toMatchObject({ isWhole: true, removed: 0 });
    expect(report.written).toBe((await objects()).length - 1);
    const index = await edge.visit('/', { password: PASSWORD });
    expect(index).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    expect(index.body).toContain('All 39 mail servers are up');
    expect(await edge.visit('/targets/mx1.html', { password: PASSWORD })).toMatchObject({ status: 200 });
    expect((await edge.visit('/page.js', { password: PASSWORD })).type).toBe('text/javascript; charset=utf-8');
    const { CacheControl } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'site/index.html' }));
    expect(CacheControl).toBe('max-age=30, stale-if-error=86400');
  });

  test('what the config hides is in no object, and the manifest is no page', async () => {
    const keys = await objects();
    expect(keys.filter((key) => key.includes('mx40'))).toEqual([]);
    const bodies = await Promise.all(keys.map((key) => body(key)));
    expect(bodies.filter((text) => text.includes('mx40'))).toEqual([]);
    expect(await edge.visit('/manifest.json', { password: PASSWORD })).toMatchObject({
      status: 404,
      body: 'Not found.\n',
    });
  });

  test('another run without news writes what is always written', async () => {
    expect(await publishNow()).toMatchObject({ written: 3, isWhole: false });
  });

  test('a target goes down: its event writes the few objects that changed', async () => {
    const before = await tags();
    await later(1, { mx1: 'down' });
    await patiently('the page of the incident', async () =>
      (await objects()).some((key) => key.startsWith('site/incidents/mx1-')),
    );
    await settled();
    const changed = [...(await tags())].filter(([key, tag]) => before.get(key) !== tag).map(([key]) => key);
    expect(changed.filter((key) => key.startsWith('site/targets/'))).toEqual(['site/targets/mx1.html']);
    expect(changed).toEqual(expect.arrayContaining(['site/index.html', 'site/api/v2/status.json', 'site/now.json']));
    expect(changed.length).toBeLessThan(25);
    process.stderr.write(`A verdict that changed: ${changed.length} of ${before.size} objects were written.\n`);
    expect((await edge.visit('/', { password: PASSWORD })).body).toContain('1 of 39 mail servers is down');
  });

  test('an outage of 7 targets is few publications, which do not mix', async () => {
    const events = await runs();
    const down = Object.fromEntries(TARGETS.slice(0, 7).map((id) => [id, 'down' as const]));
    await later(1, down);
    await patiently('the page of the outage', async () =>
      (await edge.visit('/', { password: PASSWORD })).body.includes('7 of 39 mail servers are down'),
    );
    await settled();
    const reports = (await publications()).slice(events);
    const written = reports.filter(({ isCovered }) => !isCovered);
    expect(written.length).toBeGreaterThan(0);
    // One target was down before.
    expect(written.length).toBeLessThanOrEqual(6);
    process.stderr.write(`${reports.length} events of an outage: ${written.length} publications.\n`);
    const components = JSON.parse(await body('site/api/v2/components.json')).components as { status: string }[];
    expect(components.filter(({ status }) => status === 'major_outage')).toHaveLength(7);
    const pages = await Promise.all(TARGETS.slice(0, 7).map((id) => body(`site/targets/${id}.html`)));
    expect(pages.filter((text) => !text.includes('down since'))).toEqual([]);
  });

  test('the whole page is written in the next hour', async () => {
    await later(60, {});
    await settled();
    await publishNow();
    const all = await publications();
    expect(all.filter(({ isWhole }) => isWhole).length).toBeGreaterThanOrEqual(2);
    expect((await edge.visit('/', { password: PASSWORD })).body).toContain('All 39 mail servers are up');
  });

  test('readers with a wrong password, or none, or from elsewhere get one answer', async () => {
    const answers = await Promise.all([
      edge.visit('/'),
      edge.visit('/', { password: 'wrong' }),
      edge.visit('/now.json', { password: '' }),
      edge.visit('/', { password: PASSWORD, ip: '198.51.100.1' }),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  test.each<[string, string, (caller: Caller) => Promise<unknown>]>([
    ['PublishRole', 'write a verdict', (caller) => write(caller, 'verdicts')],
    ['PublishRole', 'write a round', (caller) => write(caller, 'round#us-east-1')],
    ['PublishRole', 'write beside the page', (caller) => put(caller, 'other.json')],
    ['PublishRole', 'read the page', (caller) => get(caller, 'site/index.html')],
    ['JudgeRole', 'write a page', (caller) => put(caller, 'site/index.html')],
    ['JudgeRole', 'read the manifest', (caller) => get(caller, 'manifest.json')],
    ['JudgeRole', 'remove what it wrote', (caller) => remove(caller, 'site/now.json')],
    ['DeliverRole', 'write now.json', (caller) => put(caller, 'site/now.json')],
  ])('%s must not %s', async (role, _, attempt) => {
    await on.cloud.enforceAccess(false);
    const caller = await inRole(on.admin, `mailwatch-home-${role}`);
    await on.cloud.enforceAccess(true);
    await expect(attempt(caller)).rejects.toThrow(/not authorized|Access ?Denied|Forbidden/i);
  });

  test('every call is allowed by the synthesized policies, as another simulator reads them, and none failed', async () => {
    const file = `${on.cloud.folder}/page.yaml`;
    const loaded = loadConfig(file);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    // CloudFormation makes up the name of the bucket.
    const synthesized = deployFleet({ config: loaded.config }).home.arn('PageBucket');
    const made = (await on.cloud.calls()).map((call) => ({
      ...call,
      resource: call.resource.replace(`arn:aws:s3:::${bucket}`, synthesized),
    }));
    const calls = await evaluateCalls(made, file);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    const done = new Set(calls.map(({ session, action }) => `${session} ${action}`));
    expect(done).toContain('mailwatch-judge s3:PutObject');
    expect(done).toContain('mailwatch-publish s3:PutObject');
    // moto answers all runs at once, where the queue starts two: a machine under load lets some of them wait too long.
    const failures = (await on.failures()).filter(({ error }) => !error?.includes('requestTimeout'));
    expect(failures).toEqual([]);
    expect(await on.cloud.refusals()).toEqual([]);
  });
});

function yaml(): string {
  const targets = TARGETS.map((id) => `  - { id: ${id}, host: ${id}.example.com }`).join('\n');
  return `
name: mailwatch
home: us-east-1
vantages: [${vantages.join(', ')}]
ehloName: probe.example.com
secondOpinion: false
confirm: 1
recover: 1
notify: []
statusPage:
  access: private
  title: Mail of Example
  domain: status.example.com
  certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012
  allow: [192.0.2.0/24]
  password: { secret: page/password }
  show: { mx40: none }
targets:
${targets}
`;
}

/** Some minutes after a whole publication is due: long before the next one. */
function afterWhole(now: number): number {
  const begin = WHOLE_AFTER + 5 * minute;
  return Math.ceil((now - begin) / (60 * minute)) * 60 * minute + begin;
}

/** A round of every vantage, and a pass of the judge. */
async function later(minutes: number, down: Readonly<Record<string, 'down'>>): Promise<void> {
  clock += minutes * minute;
  await on.cloud.setAhead(clock + 5_000 - Date.now());
  const round = roundName(clock, minute);
  const samples = Object.fromEntries(TARGETS.map((id) => [id, down[id] === 'down' ? refused : healthy]));
  const recorder = openRoundRecorder(table);
  await Promise.all(vantages.map((vantage) => recorder.recordRound(roundOf(vantage, round, samples))));
  // Not by its schedule: it would judge posture and bounces, too, while moto serves all publications.
  const [vantage] = vantages;
  const { told } = await invoke<{ told: number }>('mailwatch-judge', {
    'detail-type': 'Round Recorded',
    detail: { vantage, round },
  });
  if (told > 0) process.stderr.write(`The judge told of ${told} changes.\n`);
}

interface Report {
  readonly written: number;
  readonly removed: number;
  readonly isWhole: boolean;
  readonly isCovered: boolean;
}

function publishNow(): Promise<Report> {
  return invoke('mailwatch-publish', { scheduled: roundName(clock, minute) });
}

async function invoke<Result>(FunctionName: string, event: object): Promise<Result> {
  const command = new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
  const { Payload, FunctionError } = await new LambdaClient(on.admin).send(command);
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`${FunctionName}: ${text}`);
  return JSON.parse(text) as Result;
}

async function objects(): Promise<readonly string[]> {
  return [...(await tags()).keys()]
    .filter((key) => key.startsWith('site/') && key !== 'site/now.json')
    .concat('site/now.json');
}

async function tags(): Promise<ReadonlyMap<string, string>> {
  const { Contents = [], IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  if (IsTruncated) throw new Error('more objects than one request lists');
  return new Map(Contents.map(({ Key = '', ETag = '' }) => [Key, ETag]));
}

async function body(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

/** Reports of the runs that ended well. */
async function publications(): Promise<readonly Report[]> {
  const runsOfPage = (await on.cloud.invocations()).filter((run) => run.function === 'mailwatch-publish');
  return runsOfPage.flatMap(({ logs }) =>
    logs.split('\n').flatMap((line) => (line.includes('page published') ? [JSON.parse(line) as Report] : [])),
  );
}

/** Runs that ended. */
async function runs(): Promise<number> {
  return (await on.cloud.invocations()).filter((run) => run.function === 'mailwatch-publish').length;
}

/** On a machine under load each run takes seconds. */
async function patiently(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 4; tries++) {
    const isDone = await on.until(what, holds).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
  await on.until(what, holds);
}

/** For some seconds no run has ended, and none is under way. */
async function settled(): Promise<void> {
  for (let [still, last] = [0, -1]; still < 3; ) {
    await sleep(2_000);
    const now = await runs();
    const isStill = now === last && readManifest(await body('manifest.json')).claim === null;
    [still, last] = [isStill ? still + 1 : 0, now];
  }
}

function write(caller: Caller, pk: string): Promise<unknown> {
  const Item = { pk: { S: pk }, sk: { S: 'x' } };
  return new DynamoDBClient(caller).send(new PutItemCommand({ TableName: 'mailwatch', Item }));
}

function as(caller: Caller): S3Client {
  return new S3Client({ ...caller, forcePathStyle: true });
}

function put(caller: Caller, Key: string): Promise<unknown> {
  return as(caller).send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
}

function get(caller: Caller, Key: string): Promise<unknown> {
  return as(caller).send(new GetObjectCommand({ Bucket: bucket, Key }));
}

function remove(caller: Caller, Key: string): Promise<unknown> {
  return as(caller).send(new DeleteObjectCommand({ Bucket: bucket, Key }));
}
