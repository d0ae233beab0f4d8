import { needsAnswers, secretsOfAnswers } from '../../lambda/config/answers/answer-secrets.ts';
import type { Config } from '../../lambda/config/config.ts';
import { pageSettings } from '../../lambda/config/page/status-page.ts';
import { namesOf } from '../naming/names.ts';
import { forwardsBetweenRegions, hasOperatorsTopic, partitionOf } from '../naming/partition.ts';
import {
  bounceMailboxSecrets,
  channelsOf,
  type FleetSettings,
  isDelayed,
  listSecrets,
  networkOf,
  portCount,
  publishesPage,
  readsBounceMailboxes,
  sendsToServices,
  serviceSecrets,
  signatureSecrets,
  sum,
  takesAnswers,
  tripSecrets,
  watchesPosture,
  watchesSes,
} from './quota-inputs.ts';
import { type Quota, quota } from './quota-table.ts';
import { secretChunks } from './split-secrets-over-policies.ts';

/** Resources of each part of a stack. A test synthesizes corner configs and counts. */
const RESOURCES = {
  home: 52,
  askForOpinions: 1,
  smsAlarm: 1,
  subscription: 1,
  probe: 13,
  opinionBus: 1,
  opinionRule: 2,
  delay: 5,
  carriedAlarms: 3,
  /** The topic with its policy; the rule with its role and its role's policy. */
  regionalTopic: 5,
  securityGroup: 1,
  ownVpc: 18,
  /** The function with its log group, role, policy and settings of events; the schedule with its role and policy; the alarm. */
  posture: 9,
  /** The function with its log group, role, policy, settings of events and event source; the queue and its policy; the rule; two alarms. */
  bounces: 11,
  /** As of posture. */
  trips: 9,
  /** The function with its log group, role, policy, settings of events and event source; the queue and its policy; the rule; the alarm. */
  notify: 10,
  bounceMailbox: 9,
  /** The function with its log group, role, policy and settings of events; two alarms. */
  answers: 7,
  /** Bucket, policy, access control, headers, distribution; function, its six, alarm; queue and policy, rule, event source; schedule with its two. */
  page: 18,
  /** The function at CloudFront, and its key-value store. */
  pageReaders: 1,
  pageKeys: 1,
  /** The URL, with permissions to call it. */
  answersUrl: 3,
} as const;

/** Bytes of each part in a template, and for each character of `name`. Upper bounds. */
const BYTES = {
  home: 47_900,
  homeName: 60,
  homeVantage: 1_300,
  homeVantageName: 8,
  subscription: 750,
  probe: 15_200,
  opinions: 5_000,
  delay: 3_200,
  probeName: 30,
  ownVpc: 12_500,
  port: 450,
  secret: 340,
  regionalTopic: 4_700,
  posture: 12_500,
  postureName: 20,
  trips: 12_500,
  tripsName: 20,
  notify: 11_500,
  notifyName: 26,
  bounces: 9_400,
  bouncesName: 24,
  /** Graphs of round trips in the dashboard, and those of each vantage. */
  tripGraphs: 900,
  tripGraphsVantage: 420,
  tripGraphsName: 2,
  bounceMailbox: 8_500,
  bounceMailboxName: 20,
  answers: 7_500,
  answersName: 20,
  page: 18_500,
  pageName: 30,
  pageReaders: 4_500,
  pageRange: 60,
} as const;

/** Quotas of CloudFormation. For probe stacks, the largest. */
export function stackQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy } = config;
  const names = policy.vantages.map((vantage) => namesOf(config).stack(`probe-${vantage}`).length);
  return [
    quota('resources of the home stack', homeResources(config, settings), home),
    quota('template of the home stack', homeBytes(config, settings), home),
    quota('outputs of a stack', 6 + (publishesPage(config) ? 4 : 0), home),
    quota('name of a stack', Math.max(namesOf(config).stack('home').length, ...names)),
    most(policy.vantages, 'resources of a probe stack', (vantage) => probeResources(config, settings, vantage)),
    most(policy.vantages, 'template of a probe stack', (vantage) => probeBytes(config, settings, vantage)),
  ];
}

/** The quota of the vantage that uses most of it. */
export function most(vantages: readonly string[], name: Quota['name'], useOf: (vantage: string) => number): Quota {
  const uses = vantages.map(useOf);
  const use = Math.max(0, ...uses);
  return quota(name, use, vantages[uses.indexOf(use)]);
}

function homeResources(config: Config, settings: FleetSettings): number {
  const { people, sms } = channelsOf(config);
  const subscribed = people + operatorsOf(config, settings);
  return sum([
    RESOURCES.home,
    config.policy.secondOpinion ? RESOURCES.askForOpinions : 0,
    subscribed * RESOURCES.subscription,
    sms ? RESOURCES.smsAlarm : 0,
    watchesPosture(config, config.home) ? RESOURCES.posture : 0,
    watchesSes(config) ? RESOURCES.bounces : 0,
    sendsToServices(config) ? RESOURCES.notify : 0,
    readsBounceMailboxes(config) ? RESOURCES.bounceMailbox : 0,
    takesAnswers(config) ? RESOURCES.answers : 0,
    needsAnswers(config) ? RESOURCES.answersUrl : 0,
    ...pageResources(config),
  ]);
}

function homeBytes(config: Config, settings: FleetSettings): number {
  const { people } = channelsOf(config);
  const [length, vantages] = [config.name.length, config.policy.vantages.length];
  return sum([
    BYTES.home + length * BYTES.homeName,
    vantages * (BYTES.homeVantage + length * BYTES.homeVantageName),
    (people + operatorsOf(config, settings)) * BYTES.subscription,
    postureBytes(config, settings, config.home),
    watchesSes(config) ? BYTES.bounces + length * BYTES.bouncesName : 0,
    serviceBytes(config, settings),
    bounceMailboxBytes(config, settings),
    answerBytes(config, settings),
    pageBytes(config),
    config.roundTrips === undefined
      ? 0
      : BYTES.tripGraphs + vantages * (BYTES.tripGraphsVantage + length * BYTES.tripGraphsName),
  ]);
}

function bounceMailboxBytes(config: Config, { secretKeys = [] }: FleetSettings): number {
  if (!readsBounceMailboxes(config)) return 0;
  return sum([
    BYTES.bounceMailbox + config.name.length * BYTES.bounceMailboxName,
    sum(bounceMailboxSecrets(config).map(({ length }) => BYTES.secret + length)),
    sum(secretKeys.map(({ length }) => length + 40)),
  ]);
}

function pageResources(config: Config): readonly number[] {
  if (!publishesPage(config)) return [];
  const { allow, password } = pageSettings(config, 'aws');
  const hasReaders = allow !== null || password !== null;
  return [RESOURCES.page, hasReaders ? RESOURCES.pageReaders : 0, password === null ? 0 : RESOURCES.pageKeys];
}

function pageBytes(config: Config): number {
  if (!publishesPage(config)) return 0;
  const { access, allow } = pageSettings(config, 'aws');
  const readers = access === 'private' ? BYTES.pageReaders + (allow ?? []).length * BYTES.pageRange : 0;
  return BYTES.page + config.name.length * BYTES.pageName + readers;
}

function answerBytes(config: Config, { secretKeys = [] }: FleetSettings): number {
  if (!takesAnswers(config)) return 0;
  return sum([
    BYTES.answers + config.name.length * BYTES.answersName,
    sum(secretsOfAnswers(config).map(({ length }) => BYTES.secret + length)),
    sum(secretKeys.map(({ length }) => length + 40)),
  ]);
}

/** The number of addresses for the monitor's own alarms. */
function operatorsOf({ notify }: Config, { operators }: FleetSettings): number {
  const addresses = notify.flatMap((channel) =>
    channel.kind === 'email' && channel.when.includes('blind') ? [channel.address] : [],
  );
  return new Set(operators ?? addresses).size;
}

function probeResources(config: Config, settings: FleetSettings, vantage: string): number {
  const network = { own: RESOURCES.ownVpc, existing: RESOURCES.securityGroup, none: 0 };
  return sum([
    RESOURCES.probe,
    opinionResources(config, settings, vantage),
    isDelayed(config, vantage) ? RESOURCES.delay : 0,
    forwardsBetweenRegions(partitionOf(vantage)) ? RESOURCES.carriedAlarms : 0,
    hasOperatorsTopic(config, vantage) ? RESOURCES.regionalTopic + operatorsOf(config, settings) : 0,
    network[networkOf(settings, vantage)],
    secretChunks(config, settings.secretPrefix).managed.length,
    vantage !== config.home && watchesPosture(config, vantage) ? RESOURCES.posture : 0,
    config.roundTrips === undefined ? 0 : RESOURCES.trips,
  ]);
}

/** The home stack has the function of the home region. */
function postureBytes(config: Config, { secretKeys = [] }: FleetSettings, vantage: string): number {
  if (!watchesPosture(config, vantage)) return 0;
  return sum([
    BYTES.posture + config.name.length * BYTES.postureName,
    sum(listSecrets(config).map(({ length }) => BYTES.secret + length)),
    sum(secretKeys.map(({ length }) => length + 40)),
  ]);
}

function tripBytes(config: Config, { secretKeys = [] }: FleetSettings): number {
  if (config.roundTrips === undefined) return 0;
  return sum([
    BYTES.trips + config.name.length * BYTES.tripsName,
    sum(tripSecrets(config).map(({ length }) => BYTES.secret + length)),
    sum(secretKeys.map(({ length }) => length + 40)),
  ]);
}

/** The function of services, and the secrets of webhooks. */
function serviceBytes(config: Config, { secretKeys = [] }: FleetSettings): number {
  const secrets = [...serviceSecrets(config), ...signatureSecrets(config)];
  const topics = config.notify.flatMap((channel) => (channel.kind === 'amazon-q' ? [channel.topicArn] : []));
  return sum([
    sendsToServices(config) ? BYTES.notify + config.name.length * BYTES.notifyName : 0,
    sum([...secrets, ...topics].map(({ length }) => BYTES.secret + length)),
    secrets.length === 0 ? 0 : 2 * sum(secretKeys.map(({ length }) => length + 40)),
    config.notify.filter(({ kind }) => kind === 'phone').length * BYTES.secret,
  ]);
}

/** A bus with its rule, and the same for the previous release, which used the home bus in the home region. */
function opinionResources({ policy, home }: Config, { formerBuses = 'keep' }: FleetSettings, vantage: string): number {
  if (!policy.secondOpinion) return 0;
  const own = RESOURCES.opinionBus + RESOURCES.opinionRule;
  if (formerBuses === 'drop') return own;
  return own + RESOURCES.opinionRule + (vantage === home ? 0 : RESOURCES.opinionBus);
}

function probeBytes(config: Config, settings: FleetSettings, vantage: string): number {
  const { inline, managed } = secretChunks(config, settings.secretPrefix);
  const network = networkOf(settings, vantage);
  return sum([
    BYTES.probe + config.name.length * BYTES.probeName,
    config.policy.secondOpinion ? BYTES.opinions : 0,
    isDelayed(config, vantage) ? BYTES.delay : 0,
    sum([...inline, ...managed.flat()].map((secret) => BYTES.secret + secret.length)) +
      managed.length * BYTES.subscription,
    network === 'none' ? 0 : portCount(config) * BYTES.port,
    network === 'own' ? BYTES.ownVpc : 0,
    hasOperatorsTopic(config, vantage) ? BYTES.regionalTopic + operatorsOf(config, settings) * BYTES.subscription : 0,
    sum((settings.secretKeys ?? []).map(({ length }) => length + 40)),
    vantage === config.home ? 0 : postureBytes(config, settings, vantage),
    tripBytes(config, settings),
  ]);
}
