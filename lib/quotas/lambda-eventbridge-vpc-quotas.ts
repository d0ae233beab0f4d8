import { TOPIC_PACE } from '../../lambda/alert/channels/sender.ts';
import { isSubscribed } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { pageSettings } from '../../lambda/config/page/status-page.ts';
import { postureVantages } from '../../lambda/config/posture-domain.ts';
import { LARGEST_GROUP } from '../../lambda/judge/group-writes-by-urgency.ts';
import { sessionsOf } from '../../lambda/probe/capacity/round-budget.ts';
import { descriptorsFor } from '../../lambda/probe/capacity/session-slots.ts';
import { namesOf } from '../naming/names.ts';
import { alarmArns } from './policy-quotas.ts';
import {
  arnLength,
  BUCKET_NAME,
  bounceMailboxSecrets,
  type FleetSettings,
  listed,
  listSecrets,
  networkOf,
  portCount,
  publishesPage,
  readsBounceMailboxes,
  sendsToServices,
  serviceSecrets,
  signatureSecrets,
  sum,
  tripSecrets,
  watchesSes,
} from './quota-inputs.ts';
import { type Quota, quota } from './quota-table.ts';

/** Bytes of a handler's code without its config. A test checks that the bundles are smaller. */
const CODE = 1_000_000;

/** Quotas of Lambda, EventBridge, VPC, SNS, Secrets Manager and CloudWatch. */
export function runtimeQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy } = config;
  const inVpc = policy.vantages.filter((vantage) => networkOf(settings, vantage) !== 'none');
  return [
    quota('environment of a function', environment(config), home),
    quota('name of a function', longestName(config)),
    quota('code of a function with its config', CODE + Buffer.byteLength(JSON.stringify(config))),
    quota(
      'file descriptors of a probe',
      descriptorsFor(sum(config.targets.map(sessionsOf)) + (config.control ? 1 : 0)),
    ),
    quota('pattern of a rule', 250 + listed(alarmArns(config)), home),
    quota('entry on a bus', opinionRequest(config)),
    quota('e-mails a second to an address', 1_000 / TOPIC_PACE, home),
    quota('values of a filter policy', filterValues(config), home),
    quota('name of a queue', queueName(config), home),
    quota('name of a secret', Math.max(0, ...secretNames(config).map(({ length }) => length)), home),
    quota('function at CloudFront', readerFunction(config), home),
    // The graph of errors has those of each probe, of the judge, of the rollup, of posture, of notify and of the page.
    quota(
      'metrics of a graph',
      policy.vantages.length +
        2 +
        postureFunctions(config) +
        (sendsToServices(config) ? 1 : 0) +
        (publishesPage(config) ? 1 : 0),
      home,
    ),
    quota('outbound rules of a security group', inVpc.length === 0 ? 0 : portCount(config), inVpc[0]),
  ];
}

/** The judge has the most variables. */
function environment(config: Config): number {
  const { name, home, policy } = config;
  const page = publishesPage(config) ? 24 + BUCKET_NAME : 0;
  const names = namesOf({ name });
  const values = [names.table, names.bus, names.opinions, home, home, ...policy.vantages.slice(0, 1)];
  return 220 + sum(values.map(({ length }) => length)) + arnLength(home, 'sns', names.alerts) + page;
}

/** The largest event: a request for second opinions has the targets of one group, and the vantages. */
function opinionRequest({ targets, policy }: Config): number {
  const ids = targets.map(({ id }) => Buffer.byteLength(id)).sort((a, b) => b - a);
  return 300 + listed(ids.slice(0, LARGEST_GROUP)) + listed(policy.vantages.map(({ length }) => length));
}

/** A subscription filters by the id of its address. Others are no subscriptions. */
function filterValues({ notify }: Config): number {
  return notify.some(isSubscribed) ? 1 : 0;
}

function longestName(config: Config): number {
  const { deliver, secondPosture, bounceMailbox } = namesOf(config);
  if (readsBounceMailboxes(config)) return bounceMailbox.length;
  return postureFunctions(config) > 1 ? secondPosture.length : deliver.length;
}

function postureFunctions(config: Config): number {
  return config.posture === undefined ? 0 : postureVantages(config).length;
}

/** Secrets that are named. An ARN ends in other characters. */
function secretNames(config: Config): readonly string[] {
  const { targets } = config;
  const secrets = targets.flatMap(({ auth }) => (auth && 'secret' in auth.password ? [auth.password.secret] : []));
  return [
    ...secrets,
    ...listSecrets(config),
    ...tripSecrets(config),
    ...bounceMailboxSecrets(config),
    ...serviceSecrets(config),
    ...signatureSecrets(config),
  ].filter((secret) => !secret.startsWith('arn:'));
}

/** Without its ranges of addresses, and of each of these: eight groups of up to five digits. */
const READER_FUNCTION = { code: 2_400, range: 60 } as const;

/** Bytes. */
function readerFunction(config: Config): number {
  const { access, allow } = pageSettings(config, 'aws');
  return access === 'private' ? READER_FUNCTION.code + (allow ?? []).length * READER_FUNCTION.range : 0;
}

/** The longest. */
function queueName(config: Config): number {
  const { deliveries, bounceEvents, serviceDeliveries, pageEvents } = namesOf(config);
  const ofServices = sendsToServices(config) ? serviceDeliveries.length : 0;
  const ofPage = publishesPage(config) ? pageEvents.length : 0;
  return Math.max(deliveries.length, watchesSes(config) ? bounceEvents.length : 0, ofServices, ofPage);
}
