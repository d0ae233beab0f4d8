import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sumRows } from '../../lambda/bounces/counts.ts';
import { type BounceHistory, openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { type SesType, sesEvent } from '../bounces/ses/ses-events.ts';
import { whatIsMissing } from './cloud.ts';
import { getItem, putItem, say } from './denied.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';

/**
 * The home stack with `bounces` deployed to moto: events of Amazon SES on the default bus, through the rule, the queue, the
 * function and the judge to a person, with IAM enforced. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Bounces are not proved here: ${missing}.\n`);

let on: Deployment;
let role: Caller;
let history: BounceHistory;

describe.skipIf(missing !== null)(`bounces deployed to moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    const yaml = `${on.fleet.yaml().replace('when: [down, recovered]', 'when: [bounces]')}bounces: { sources: [{ ses: true }] }\n`;
    await Promise.all([on.bootstrap(), on.synth('bounces', yaml)]);
    await on.deploy('bounces', '*/Home', '--exclusively');
    await on.cloud.enforceAccess(false);
    role = await inRole(on.admin, 'mailwatch-home-BouncesRole');
    await on.cloud.enforceAccess(true);
    history = openBounceHistory(dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch'));
  });

  afterAll(async () => {
    await on?.close();
  });

  test('60 bounces at one provider are one alert, and each event counts once', async () => {
    await put('Email Bounced', 60);
    await on.until('the counts', async () => (await sums()).bounced === 60);
    await on.until('the alert', async () => alerts().length > 0);
    const [alert] = alerts();
    expect(alert).toMatchObject({
      kind: 'bounces',
      subject: 'example.com',
      bounces: { rates: [{ provider: expect.any(String), codes: [{ code: '5.7.515' }] }] },
    });
    expect(JSON.stringify(alert)).not.toMatch(/jane|roe|invoice/i);
    expect(await on.failures()).toEqual([]);
  });

  test('events that are put again count once, and nobody is told twice', async () => {
    const before = await runs();
    await put('Email Bounced', 5);
    await on.until('the function', async () => (await runs()) >= before + 5);
    expect((await sums()).bounced).toBe(60);
    expect(alerts()).toHaveLength(1);
  });

  test('other events of SES are counted or left alone, and events of others never reach the function', async () => {
    const before = await runs();
    await put('Email Delivered', 2);
    await put('Email Complaint Received', 1);
    await put('Email Sent' as SesType, 1);
    await put('Email Bounced', 1, 'someone');
    await on.until('the counts', async () => (await sums()).complained === 1 && (await sums()).delivered === 2);
    expect(await runs()).toBe(before + 3);
  });

  test.each<[string, (caller: Caller) => Promise<unknown>]>([
    ['read a verdict', getItem('verdicts')],
    ['read what was told', getItem('bounce-verdicts')],
    ['write what was told', putItem('bounce-verdicts')],
    ['write a round', putItem('round#us-east-1')],
    ['say that a target is down', say('Target Down')],
    ['say that a posture changed', say('Posture Recorded')],
  ])('the function must not %s', async (_, attempt) => {
    await expect(attempt(role)).rejects.toThrow(/not authorized/);
  });

  test('and may do what it must', async () => {
    await getItem('bounces')(role);
    await say('Bounces Recorded')(role);
  });

  test('every call that the functions made is allowed by the synthesized policies, as another simulator reads them', async () => {
    const calls = await evaluateCalls(await on.cloud.calls(), `${on.cloud.folder}/bounces.yaml`);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    expect(calls.map(({ session }) => session)).toEqual(
      expect.arrayContaining(['mailwatch-bounces', 'mailwatch-judge']),
    );
  });
});

/** Of messages that are numbered from 0, now. */
async function put(type: SesType | 'Email Sent', count: number, source = 'aws.ses'): Promise<void> {
  await on.cloud.enforceAccess(false);
  for (let nth = 0; nth < count; nth += 1) {
    const known = type === ('Email Sent' as SesType) ? 'Email Delivered' : type;
    const event = sesEvent(known as SesType, { message: `message-${nth}`, at: began }) as { readonly detail: object };
    const entry = { Source: source, DetailType: type, Detail: JSON.stringify(event.detail) };
    await new EventBridgeClient(on.admin).send(new PutEventsCommand({ Entries: [entry] }));
  }
  await on.cloud.enforceAccess(true);
}

const began = new Date(Date.now() - 60_000).toISOString();

async function sums() {
  const rows = sumRows(await history.lastDay(Date.now(), 0), 0, Date.now() + 3_600_000);
  const of = (kind: 'bounced' | 'complained' | 'delivered') => rows.reduce((sum, row) => sum + row[kind], 0);
  return { bounced: of('bounced'), complained: of('complained'), delivered: of('delivered') };
}

async function runs(): Promise<number> {
  return (await on.cloud.invocations()).filter((run) => run.function === 'mailwatch-bounces').length;
}

function alerts(): readonly { readonly kind: string }[] {
  const posts = (on.fleet.posted.get('/webhook') ?? []).map((text) => JSON.parse(text) as { readonly kind: string });
  return posts.filter(({ kind }) => kind.startsWith('bounces'));
}
