import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sumRows } from '../../lambda/bounces/counts.ts';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { type BounceHistory, openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { report } from '../bounce-mailbox/reports.ts';
import { type ImapServer, LOGIN, serveImap } from '../trip-run/imap-server.ts';
import { whatIsMissing } from './cloud.ts';
import { getItem, putItem, readSecret, say } from './denied.ts';
import { type Deployment, minute, startDeployment } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';

/**
 * The home stack with bounce mailboxes deployed to moto: the function reads its password and the reports by IMAP, with IAM
 * enforced, and the judge tells a person. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Bounce mailboxes are not proved here: ${missing}.\n`);

const letter = Buffer.from('From: ops@example.com\r\nSubject: Lunch\r\n\r\nWill you come?\r\n');

let on: Deployment;
let imap: ImapServer;
let role: Caller;
let history: BounceHistory;

describe.skipIf(missing !== null)(`bounce mailboxes on moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    imap = await serveImap();
    await Promise.all([on.bootstrap(), on.synth('mailbox', yaml())]);
    const secret = { Name: 'bounces/mailbox', SecretString: LOGIN.password };
    await new SecretsManagerClient(on.admin).send(new CreateSecretCommand(secret));
    await on.deploy('mailbox', '*/Home', '--exclusively');
    await on.cloud.enforceAccess(false);
    role = await inRole(on.admin, 'mailwatch-home-BounceMailboxRole');
    await on.cloud.enforceAccess(true);
    history = openBounceHistory(dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch'));
  });

  afterAll(async () => {
    await imap?.close();
    await on?.close();
  });

  test('the schedule: reports are counted and removed, a letter stays, and one alert is sent', async () => {
    for (let nth = 0; nth < 60; nth += 1) imap.put('INBOX', report(`jane.roe${nth}@example.net`), Date.now() - minute);
    imap.put('INBOX', letter, Date.now() - minute);
    await on.cloud.tick('us-east-1', roundName(Date.now(), minute));
    await on.until('the counts', async () => (await bounced()) === 60);
    await on.until('the alert', async () => alerts().length > 0);
    expect(alerts()).toMatchObject([
      { kind: 'bounces', subject: 'news.example.com', bounces: { rates: [{ codes: [{ code: '5.2.2' }] }] } },
    ]);
    await on.until('the end of the run', async () => (await runs()).length === 1);
    expect(imap.folders.INBOX?.map(({ raw }) => raw.toString())).toEqual([letter.toString()]);
    expect(await on.failures()).toEqual([]);
  });

  test('the next runs fetch nothing again, also two at once, and a report that is put again counts once', async () => {
    const fetches = () => imap.heard.filter((command) => command.startsWith('UID FETCH')).length;
    const before = fetches();
    await Promise.all([run(), run()]);
    expect(fetches()).toBe(before);
    imap.put('INBOX', report('jane.roe1@example.net'), Date.now() - minute);
    expect(await run()).toMatchObject({ counted: 0, repeated: 1, fetched: 1, removed: 1, failed: [] });
    expect(await bounced()).toBe(60);
    expect(alerts()).toHaveLength(1);
  });

  test('two runs at once count a new report once', async () => {
    imap.put('INBOX', report('john.roe@example.net'), Date.now() - minute);
    const counted = await Promise.all([run(), run()]);
    expect(counted.reduce((sum, one) => sum + one.counted, 0)).toBe(1);
    expect(await bounced()).toBe(61);
  });

  test('a mailbox that cannot be read fails the run in words, for the alarm, and the next run goes on', async () => {
    imap.isDown = true;
    await expect(run()).rejects.toThrow(/not read: 127\.0\.0\.1: /);
    imap.isDown = false;
    expect(await run()).toMatchObject({ counted: 0, failed: [] });
  });

  test('no address, subject or secret is in the table or in a log', async () => {
    const logs = (await on.cloud.invocations()).map((one) => one.logs).join('\n');
    const texts = logs + JSON.stringify([await itemsOf('bounces'), await itemsOf('bounce-mailboxes')]);
    expect(texts).toContain('bounce mailboxes read');
    expect(texts).not.toMatch(/roe|invoice|Lunch/i);
    expect(texts).not.toContain(LOGIN.password);
  });

  test.each<[string, (caller: Caller) => Promise<unknown>]>([
    ['read a verdict', getItem('verdicts')],
    ['write what was told', putItem('bounce-verdicts')],
    ['write a trip', putItem('trip#out')],
    ['write a round', putItem('round#us-east-1')],
    ['read the password of a target', readSecret('smtp/probe')],
    ['say that a target is down', say('Target Down')],
  ])('the function must not %s', async (_, attempt) => {
    await expect(attempt(role)).rejects.toThrow(/not authorized/);
  });

  test('every call that the functions made is allowed by the synthesized policies, as another simulator reads them', async () => {
    const calls = await evaluateCalls(await on.cloud.calls(), `${on.cloud.folder}/mailbox.yaml`);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    const own = calls.filter(({ session }) => session === 'mailwatch-bounce-mailbox').map(({ action }) => action);
    expect([...new Set(own)].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'events:PutEvents',
      'secretsmanager:GetSecretValue',
    ]);
  });
});

function yaml(): string {
  const mailbox = `{ host: 127.0.0.1, port: ${imap.port}, security: none, user: ${LOGIN.user}, password: { secret: bounces/mailbox }, delete: true }`;
  return `${on.fleet.yaml().replace('when: [down, recovered]', 'when: [bounces]')}bounces: { sources: [{ mailbox: ${mailbox} }] }\n`;
}

/** To its end. */
async function run(): Promise<{ readonly counted: number }> {
  const { FunctionError, Payload } = await new LambdaClient(on.admin).send(
    new InvokeCommand({ FunctionName: 'mailwatch-bounce-mailbox', Payload: '{}' }),
  );
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(answer);
  return JSON.parse(answer);
}

async function runs() {
  return (await on.cloud.invocations()).filter((one) => one.function === 'mailwatch-bounce-mailbox');
}

async function bounced(): Promise<number> {
  const rows = sumRows(await history.lastDay(Date.now(), 0), 0, Date.now() + 3_600_000);
  return rows.reduce((sum, row) => sum + row.bounced, 0);
}

async function itemsOf(pk: string): Promise<unknown> {
  const { Items } = await new DynamoDBClient(on.admin).send(
    new QueryCommand({
      TableName: 'mailwatch',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    }),
  );
  return Items;
}

function alerts(): readonly { readonly kind: string }[] {
  const posts = (on.fleet.posted.get('/webhook') ?? []).map((text) => JSON.parse(text) as { readonly kind: string });
  return posts.filter(({ kind }) => kind.startsWith('bounces'));
}
