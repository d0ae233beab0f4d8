import { join } from 'node:path';
import { ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whatIsMissing } from './cloud.ts';
import { type Deployment, minute, startDeployment, vantages } from './deployment.ts';
import { deployPrevious } from './previous-release.ts';
import { resourcesOf } from './templates.ts';

/**
 * From this release back to the one before, and forward again, a stack at a time. The tests follow one another.
 */
const missing = whatIsMissing();

let on: Deployment;
let began: number;
let subscribed: readonly string[];
let kept: readonly string[];

describe.skipIf(missing !== null)(`upgraded on moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    await Promise.all([on.bootstrap(), on.synth('present', on.fleet.yaml())]);
    await on.deploy('present');
    await on.lateInMinute();
    began = on.now() - minute;
    await on.round(began);
    await on.until('rounds of every vantage', async () => (await on.samplesOf('mx1')).length === 3);
    await on.judged();
    [subscribed, kept] = [await subscriptions(), await lasting()];
  });

  afterAll(async () => on?.close());

  test('back to the release before, from the home on: the table, topics and subscriptions stay', async () => {
    await on.cloud.enforceAccess(false);
    await deployPrevious(on.admin, 'mailwatch-home', folder());
    for (const region of vantages) await deployPrevious(on.at(region), `mailwatch-probe-${region}`, folder());
    await on.cloud.enforceAccess(true);
    expect(await lasting()).toEqual(kept);
    expect(await subscriptions()).toEqual(subscribed);
    expect(await rulesOf('us-east-1')).toContain('Second opinions wanted of eu-west-1');
  });

  test('forward: once the home has this release, and no vantage, each vantage is asked once', async () => {
    await on.deploy('present', '--exclusively', '*/Home');
    on.fleet.servers.fault = { kind: 'all' };
    await on.nextRound();
    await on.until('the outage', async () => (await on.history.judgement('mx1'))?.verdict === 'down');
    await on.until('every opinion', async () => new Set((await wishes()).map(regionOf)).size === vantages.length);
    const asked = await wishes();
    expect(asked.length).toBe(new Set(asked).size);
    expect(await on.failures()).toEqual([]);
  });

  test('and once every stack has it, the recovery is judged on the history of before', async () => {
    await on.deploy('present');
    expect(await lasting()).toEqual(kept);
    expect(await subscriptions()).toEqual(subscribed);
    on.fleet.servers.fault = { kind: 'none' };
    await on.nextRound();
    await on.until('rounds after the outage', async () => (await passed()) >= 6);
    await on.judged();
    await on.until('the recovery', async () => (await on.history.judgement('mx1'))?.verdict === 'up');
    expect(await on.history.incidents('mx1')).toHaveLength(1);
    const asked = await wishes();
    expect(asked.length).toBe(new Set(asked).size);
  });

  test('the former buses dropped: nothing else changes, and each vantage is still asked', async () => {
    await on.synth('dropped', on.fleet.yaml(), '-c', 'formerBuses=drop');
    await on.deploy('dropped');
    expect(await lasting()).toEqual(kept);
    const before = (await wishes()).length;
    on.fleet.servers.fault = { kind: 'all' };
    await on.nextRound();
    await on.until('every opinion', async () => (await wishes()).length >= before + vantages.length);
    const asked = await wishes();
    expect(asked.length).toBe(new Set(asked).size);
  });
});

const folder = () => join(on.cloud.folder, 'present');

async function passed(): Promise<number> {
  return (await on.samplesOf('mx1')).filter(({ outcome }) => outcome === 'pass').length;
}

/** Starts of probes for a second opinion: region and round. */
async function wishes(): Promise<readonly string[]> {
  return (await on.cloud.invocations()).flatMap(({ region, event }) => {
    const { 'detail-type': type, detail } = event as { 'detail-type'?: string; detail?: { round: string } };
    return type === 'Second Opinion Wanted' ? [`${region} ${detail?.round}`] : [];
  });
}

function regionOf(wish: string): string {
  return wish.split(' ')[0] ?? '';
}

async function subscriptions(): Promise<readonly string[]> {
  const { Subscriptions = [] } = await new SNSClient(on.admin).send(new ListSubscriptionsCommand({}));
  return Subscriptions.map(({ SubscriptionArn, Endpoint }) => `${SubscriptionArn} ${Endpoint}`).sort();
}

/** Tables and topics with their ids. */
async function lasting(): Promise<readonly string[]> {
  const types = ['AWS::DynamoDB::GlobalTable', 'AWS::SNS::Topic'];
  const found = (await resourcesOf(folder(), on.admin)).filter(({ type }) => types.includes(type));
  return found.map(({ type, logicalId, physicalId }) => `${type} ${logicalId} ${physicalId}`).sort();
}

async function rulesOf(region: string): Promise<string> {
  const { EventBridgeClient, ListRulesCommand } = await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient(on.at(region));
  const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: 'mailwatch' }));
  return Rules.map(({ Name, Description }) => `${Name} ${Description}`).join('\n');
}
