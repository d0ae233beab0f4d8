import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { cli } from '../bin/cli.ts';
import { whatIsMissing } from './cloud.ts';
import { type Deployment, minute, startDeployment, vantages } from './deployment.ts';
import { doctor } from './doctor.ts';
import { password } from './fleet.ts';
import { firstVpc, networkOf } from './network.ts';
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

  test.each([
    ['*/Home', 'DeliverSqsEventSource'],
    ['*/Probe-eu-west-1', 'OpinionWanted'],
  ])('a deployment of %s that fails at %s is rolled back: nothing is lost, and rounds go on', async (stack, id) => {
    await on.cloud.failOn(id);
    await expect(on.deploy('present', '--exclusively', stack)).rejects.toMatchObject({
      cause: { stderr: expect.stringContaining('could not be created: the test wants so') },
    });
    await on.cloud.failOn();
    await on.cloud.enforceAccess(true);
    expect(await lasting()).toEqual(kept);
    expect(await subscriptions()).toEqual(subscribed);
    const recorded = (await on.samplesOf('mx1')).length;
    await on.nextRound();
    await on.until('a round of every vantage', async () => (await on.samplesOf('mx1')).length >= recorded + 3);
    await on.judged();
    expect((await on.history.judgement('mx1'))?.verdict).toBe('up');
    expect(await on.failures()).toEqual([]);
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

  test('another egress and back: while a function leaves a VPC, its role may delete network interfaces', async () => {
    const region = 'eu-west-1';
    const network = () => networkOf(on.at(region), 'mailwatch-probe');
    const leave = ['ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:UnassignPrivateIpAddresses'];
    const roundFrom = async () => {
      const last = (await on.history.lastRound(region)) ?? '';
      await on.nextRound();
      await on.until('a round from there', async () => ((await on.history.lastRound(region)) ?? '') > last);
    };
    await on.cloud.enforceAccess(false);
    const before = await network();
    const egress = JSON.stringify({ [region]: await firstVpc(on.at(region)) });
    await on.synth('joined', on.fleet.yaml(), '-c', 'formerBuses=drop', '-c', `egress=${egress}`);
    expect(before).toEqual({ subnets: [], actions: leave });
    await on.deploy('joined');
    await roundFrom();
    await on.cloud.enforceAccess(false);
    const joined = await network();
    expect(joined.subnets).toHaveLength(1);
    expect(joined.actions).toEqual(expect.arrayContaining([...leave, 'ec2:CreateNetworkInterface']));
    await on.deploy('dropped');
    await roundFrom();
    await on.cloud.enforceAccess(false);
    expect(await network()).toEqual(before);
    await on.cloud.enforceAccess(true);
    expect(await lasting()).toEqual(kept);
    expect(await subscriptions()).toEqual(subscribed);
  });

  test('a vantage that leaves is named by doctor until its stack is deleted, and can come back', async () => {
    const region = 'ap-southeast-1';
    await on.synth('two', on.fleet.yaml().replace(`, ${region}]`, ']'), '-c', 'formerBuses=drop');
    await on.deploy('two');
    const otherRegions = async () => (await doctor(on, 'two')).checks.find(({ check }) => check === 'other regions');
    const StackName = `mailwatch-probe-${region}`;
    expect(await otherRegions()).toMatchObject({
      outcome: 'warn',
      fix: `aws cloudformation delete-stack --stack-name ${StackName} --region ${region}`,
    });
    await on.cloud.enforceAccess(false);
    await new CloudFormationClient(on.at(region)).send(new DeleteStackCommand({ StackName }));
    const last = await on.history.lastRound(region);
    await on.deploy('dropped');
    await on.nextRound();
    await on.until('a round of it', async () => ((await on.history.lastRound(region)) ?? '') > (last ?? ''));
    expect(await lasting()).toEqual(kept);
  });

  describe('a home that moves to a region that has a vantage, by the two steps of docs/deploy.md', () => {
    const region = 'eu-west-1';
    let history: History;

    test('first the new home alone, beside the former one, with the secrets and the history', async () => {
      const secret = new CreateSecretCommand({ Name: 'smtp/probe', SecretString: password });
      await new SecretsManagerClient(on.at(region)).send(secret);
      await on.synth('moved', on.fleet.yaml().replace('home: us-east-1', `home: ${region}`), '-c', 'formerBuses=drop');
      await on.deploy('moved', '--exclusively', '*/Home');
      // The clock of the functions is ahead of this machine's.
      const until = new Date(on.now() + minute).toISOString();
      await run('export', '--out', 'history.ndjson', '--until', until, '--table', 'mailwatch', '--region', 'us-east-1');
      await run('import', 'history.ndjson', '--table', 'mailwatch', '--region', region);
      history = openHistory(dynamodbTable(new DynamoDBClient(on.at(region)), 'mailwatch'));
      expect(await history.incidents('mx1')).toEqual(await on.history.incidents('mx1'));
    });

    test('then the vantages, which record their rounds there', async () => {
      await on.deploy('moved');
      on.fleet.servers.fault = { kind: 'none' };
      await on.nextRound();
      const recorded = async () => Promise.all(vantages.map((vantage) => history.lastRound(vantage)));
      const before = await Promise.all(vantages.map((vantage) => on.history.lastRound(vantage)));
      await on.until('rounds in the new home', async () =>
        (await recorded()).every((round, at) => (round ?? '') > (before[at] ?? '')),
      );
      await on.cloud.tick(region, roundName(on.now() + minute, minute));
      await on.until('the judge', async () => (await history.judgement('mx1'))?.verdict === 'up');
    });

    test('and the former home is deleted; its table stays', async () => {
      await on.cloud.enforceAccess(false);
      await new CloudFormationClient(on.admin).send(new DeleteStackCommand({ StackName: 'mailwatch-home' }));
      await on.cloud.enforceAccess(true);
      expect(await on.history.incidents('mx1')).not.toEqual([]);
      expect((await history.incidents('mx1')).length).toBeGreaterThanOrEqual(1);
    });
  });
});

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

/** Without functions: those of webhooks of the release before are no longer there. */
async function subscriptions(): Promise<readonly string[]> {
  const { Subscriptions = [] } = await new SNSClient(on.admin).send(new ListSubscriptionsCommand({}));
  const lasting = Subscriptions.filter(({ Protocol }) => Protocol !== 'lambda');
  return lasting.map(({ SubscriptionArn, Endpoint }) => `${SubscriptionArn} ${Endpoint}`).sort();
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
