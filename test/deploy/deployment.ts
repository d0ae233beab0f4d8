import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { roundName } from '../../lambda/consensus/judgement/round-name.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { account, type Cloud, type Invocation, startCloud } from './cloud.ts';
import { type Fleet, listKey, password, startFleet } from './fleet.ts';
import { administrator, anybody, type Caller } from './identity.ts';

export const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;
export const minute = 60_000;
/** Of the home region. */
export const arn = (service: string, resource: string, region = 'us-east-1') =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** The app on its cloud with the fleet that it watches, and what the test asks of them. */
export interface Deployment {
  readonly cloud: Cloud;
  readonly fleet: Fleet;
  readonly admin: Caller;
  readonly history: History;
  at(region: string): Caller;
  /** Prepares each region for CDK. */
  bootstrap(): Promise<void>;
  /** Writes the templates for a config into a folder `out`, and the config beside it, `out.yaml`. */
  synth(out: string, yaml: string, ...args: readonly string[]): Promise<void>;
  /** `cdk deploy` of what was written there, all of it unless stacks are named. */
  deploy(out: string, ...args: readonly string[]): Promise<string>;
  /** Epoch milliseconds, by the clock of the functions. */
  now(): number;
  /**
   * Sets that clock to late in its minute: then the latest of the staggered vantages has begun this minute's round, and
   * a round named by the next minute comes after second opinions, which are named by the second, and yet not so early
   * that the judge mistrusts it.
   */
  lateInMinute(): Promise<void>;
  /** Fires every region's schedules for this time's minute. */
  round(time: number): Promise<void>;
  /** The round of the next minute, which no round has had yet, late in this one. */
  nextRound(): Promise<void>;
  /** Another run of the judge, to its end; the round that goes with it, the last, is recorded already. */
  judged(): Promise<void>;
  samplesOf(target: string): Promise<readonly RecordedSample[]>;
  failures(): Promise<readonly Invocation[]>;
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

/** With nothing deployed. */
export async function startDeployment(): Promise<Deployment> {
  const [cloud, fleet] = await Promise.all([startCloud(), startFleet()]);
  const admin = await administrator(anybody(cloud.endpoint));
  const secrets = new SecretsManagerClient(admin);
  await secrets.send(new CreateSecretCommand({ Name: 'smtp/probe', SecretString: password }));
  await secrets.send(new CreateSecretCommand({ Name: 'lists/spamhaus', SecretString: listKey }));
  await writeFile(join(cloud.folder, 'ca.pem'), fleet.servers.ca);
  const history = openHistory(dynamodbTable(new DynamoDBClient(admin), 'mailwatch'));
  const until = untilOf(cloud);
  let [ahead, last] = [0, 0];
  const now = () => Date.now() + ahead;
  const advance = async (milliseconds: number) => {
    ahead += milliseconds;
    await cloud.setAhead(ahead);
  };
  const lateInMinute = () => advance(Math.max(0, 42_000 - (now() % minute)));
  const round = async (time: number) => {
    last = time;
    for (const region of vantages) await cloud.tick(region, roundName(time, minute));
  };
  return {
    cloud,
    fleet,
    admin,
    history,
    at: (region) => ({ ...admin, region }),
    bootstrap: async () => {
      await cloud.cdk('bootstrap', ...vantages.map((region) => `aws://${account}/${region}`));
    },
    synth: (out, yaml, ...args) => synth(cloud, out, yaml, args),
    deploy: (out, ...args) => deploy(cloud, out, args),
    now,
    lateInMinute,
    round,
    nextRound: async () => {
      await lateInMinute();
      if (roundName(now() + minute, minute) <= roundName(last, minute)) await advance(minute);
      await round(now() + minute);
    },
    judged: () => judged(cloud, last, until),
    samplesOf: async (target) => {
      const rounds = await Promise.all(vantages.map((vantage) => history.rounds(vantage, '2000')));
      return rounds.flat().flatMap(({ samples }) => samples.get(target) ?? []);
    },
    failures: async () => (await cloud.invocations()).filter(({ error }) => error !== null),
    until,
    close: async () => {
      await Promise.all([cloud.close(), fleet.close()]);
    },
  };
}

async function synth(cloud: Cloud, out: string, yaml: string, args: readonly string[]): Promise<void> {
  await writeFile(join(cloud.folder, `${out}.yaml`), yaml);
  const app = `${process.execPath} ${resolve(import.meta.dirname, '../../bin/app.js')}`;
  const quiet = ['--quiet', '--version-reporting', 'false'];
  await cloud.cdk('synth', ...quiet, '--app', app, '-o', out, '-c', `config=${out}.yaml`, ...args);
}

/** The command line calls as nobody in particular: what its own roles may do is CDK's. */
async function deploy(cloud: Cloud, out: string, args: readonly string[]): Promise<string> {
  await cloud.enforceAccess(false);
  const which = args.some((arg) => arg.startsWith('*/')) ? args : ['--all', ...args];
  const said = await cloud.cdk('deploy', '--app', out, '--require-approval', 'never', '--concurrency', '3', ...which);
  await cloud.enforceAccess(true);
  return said;
}

type Until = Deployment['until'];

async function judged(cloud: Cloud, round: number, until: Until): Promise<void> {
  const runs = async () =>
    (await cloud.invocations()).filter((run) => run.function === 'mailwatch-judge' && 'scheduled' in run.event).length;
  const before = await runs();
  await cloud.tick('us-east-1', roundName(round, minute));
  await until('the judge', async () => (await runs()) > before);
}

function untilOf(cloud: Cloud): Until {
  return async (what, holds) => {
    for (let tries = 0; tries < 2_400; tries++) {
      if (await holds()) return;
      await sleep(200);
    }
    const runs = (await cloud.invocations()).map(
      ({ function: name, region, error, logs }) => `${name} ${region}: ${error} ${logs}`,
    );
    const refused = (await cloud.refusals()).map((refusal) => JSON.stringify(refusal));
    throw new Error(
      `waited for ${what} in vain; the functions ran:\n${runs.join('\n')}\nrefused:\n${refused.join('\n')}`,
    );
  };
}
