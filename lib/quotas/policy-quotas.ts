import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from '../naming/names.ts';
import { most } from './cloudformation-quotas.ts';
import {
  arnLength,
  BUCKET_NAME,
  channelsOf,
  type FleetSettings,
  isDelayed,
  listed,
  networkOf,
  publishesPage,
  readsBounceMailboxes,
  sendsToServices,
  sum,
  takesAnswers,
  watchesPosture,
  watchesSes,
} from './quota-inputs.ts';
import { type Quota, quota } from './quota-table.ts';
import { secretChunks, secretsSize } from './split-secrets-over-policies.ts';

/** Characters of a managed policy without its ARNs. */
const AROUND = 130;

/** Quotas of IAM, SQS and SNS for policies. IAM does not count white space. */
export function policyQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy } = config;
  const { managed } = secretChunks(config, settings.secretPrefix);
  const managedSizes = managed.map((names) => AROUND + secretsSize(names, home));
  return [
    quota("inline policies of the judge's role", judgePolicy(config), home),
    most(policy.vantages, "inline policies of a probe's role", (vantage) => probePolicy(config, settings, vantage)),
    quota("managed policies of a probe's role", managed.length),
    quota('managed policy', Math.max(statusReader(config), ...managedSizes)),
    quota('trust policy of a role', 250),
    ...queueQuotas(config, settings),
    quota('size of a topic policy', topicPolicy(config), home),
    quota('filter policies of the topic of alerts', channelsOf(config).people, home),
  ];
}

/** Two buses in each region. The other statements have a fixed size. */
function judgePolicy(config: Config): number {
  const { name, home, policy } = config;
  const names = namesOf({ name });
  const buses = policy.vantages.flatMap((vantage) =>
    [names.opinions, names.bus].map((bus) => arnLength(vantage, 'events', `event-bus/${bus}`)),
  );
  const page = publishesPage(config) ? 160 + BUCKET_NAME : 0;
  return 1_440 + 8 * arnLength(home, 'sns', name) - 8 * 40 + (policy.secondOpinion ? 700 + listed(buses) : 0) + page;
}

function probePolicy(config: Config, settings: FleetSettings, vantage: string): number {
  const { inline } = secretChunks(config, settings.secretPrefix);
  const keys = settings.secretKeys ?? [];
  return sum([
    1_220 + 6 * arnLength(vantage, 'lambda', config.name) - 6 * 40,
    isDelayed(config, vantage) ? 350 : 0,
    networkOf(settings, vantage) === 'none' ? 0 : 250,
    inline.length === 0 ? 0 : 80 + secretsSize(inline, config.home),
    keys.length === 0 ? 0 : 140 + listed(keys.map(({ length }) => length)),
  ]);
}

function statusReader({ home, name }: Config): number {
  return 250 + arnLength(home, 'dynamodb', `table/${name}`);
}

/** The queue of undelivered events: TLS only, and each rule of its stack. */
function queueQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy, name } = config;
  const rulesOfHome =
    4 + (watchesSes(config) ? 1 : 0) + (sendsToServices(config) ? 1 : 0) + (publishesPage(config) ? 1 : 0);
  // Alarms that go home, and the end of those that do not.
  const rulesOfProbe = 2 + opinionRules(config, settings);
  const statements = 1 + Math.max(rulesOfHome, rulesOfProbe);
  const longest = Math.max(...policy.vantages.map((region) => arnLength(region, 'events', `rule/bus/${name}`)));
  return [
    quota('statements of a queue policy', statements),
    quota('conditions of a queue policy', statements),
    quota('size of a queue policy', 150 + statements * (260 + 2 * longest), home),
  ];
}

function opinionRules({ policy }: Config, { formerBuses = 'keep' }: FleetSettings): number {
  if (!policy.secondOpinion) return 0;
  return formerBuses === 'keep' ? 2 : 1;
}

/** The policy of the operators' topic lists every alarm of the home region. */
function topicPolicy(config: Config): number {
  return 600 + listed(alarmArns(config));
}

/** Lengths of the ARNs of the home region's alarms. */
export function alarmArns(config: Config): readonly number[] {
  const alarms = sum([
    7,
    channelsOf(config).sms ? 1 : 0,
    watchesPosture(config, config.home) ? 1 : 0,
    watchesSes(config) ? 2 : 0,
    sendsToServices(config) ? 1 : 0,
    readsBounceMailboxes(config) ? 1 : 0,
    takesAnswers(config) ? 2 : 0,
    publishesPage(config) ? 1 : 0,
  ]);
  return new Array<number>(alarms).fill(
    arnLength(config.home, 'cloudwatch', `alarm:${config.name}-notifications-failed`),
  );
}
