import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import { needsAnswers } from '../../lambda/config/answers/answer-secrets.ts';
import { isService, isSubscribed, type SecretReference, sendingSecrets } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { pageSettings } from '../../lambda/config/page/status-page.ts';
import { postureVantages } from '../../lambda/config/posture-domain.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import { partitionOf } from '../naming/partition.ts';
import { type Egress, isOwnVpc } from '../network/egress-setting.ts';
import { portsOfVantage } from '../network/ports-of-vantage.ts';

/** The settings of the app that the use of quotas depends on. */
export interface FleetSettings {
  readonly egress?: Readonly<Record<string, Egress>>;
  readonly operators?: readonly string[];
  readonly secretKeys?: readonly string[];
  readonly secretPrefix?: string;
  readonly formerBuses?: 'keep' | 'drop';
}

/** Characters of the name of a bucket that CloudFormation names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME = 63;

/** Account ids have 12 digits. */
const anyAccount = '123456789012';

/** Length of an ARN in any account. */
export function arnLength(region: string, service: string, resource: string): number {
  return `arn:${partitionOf(region)}:${service}:${region}:${anyAccount}:${resource}`.length;
}

/** Length of strings in a JSON list: each has two quotation marks and a comma. */
export function listed(lengths: readonly number[]): number {
  return sum(lengths.map((length) => length + 3));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The channels in `notify` that are subscriptions of the topic. */
export function channelsOf({ notify }: Config): { people: number; sms: boolean } {
  // An address of several entries is one subscription.
  const people = new Set(notify.filter(isSubscribed).map(subscriberId)).size;
  return { people, sms: notify.some(({ kind }) => kind === 'sms') };
}

/** Whether a vantage starts its rounds within a minute, through a delay queue. */
export function isDelayed({ policy: { stagger, vantages, every } }: Config, vantage: string): boolean {
  if (!stagger || !isOnTheClock(every)) return false;
  return Math.floor((staggerDelay(vantages.indexOf(vantage), vantages.length, every) % 60_000) / 1_000) > 0;
}

/** As in `roundSchedule`: rounds of other lengths are not staggered. */
function isOnTheClock(every: number): boolean {
  const minutes = every / 60_000;
  return minutes < 60 ? 60 % minutes === 0 : Number.isInteger(minutes / 60) && 24 % (minutes / 60) === 0;
}

/** The number of ports in the security group of a vantage. */
export function portCount(config: Config): number {
  return portsOfVantage(config).length;
}

/** The VPC of a vantage: created by its stack, existing, or none. */
export function networkOf({ egress = {} }: FleetSettings, vantage: string): 'own' | 'existing' | 'none' {
  const way = egress[vantage] ?? 'default';
  if (isOwnVpc(way)) return 'own';
  return way === 'default' ? 'none' : 'existing';
}

/** Whether posture is watched from the region. */
export function watchesPosture(config: Config, region: string): boolean {
  return config.posture !== undefined && postureVantages(config).includes(region);
}

/** Whether there is a status page on AWS. */
export function publishesPage(config: Config): boolean {
  const { access } = pageSettings(config, 'aws');
  return access === 'public' || access === 'private';
}

/** Whether events of Amazon SES are counted. */
export function watchesSes({ bounces }: Config): boolean {
  return bounces?.ses === true;
}

/** Whether a function takes acknowledgements. */
export function takesAnswers(config: Config): boolean {
  return needsAnswers(config) || config.notify.some(({ kind }) => kind === 'amazon-q');
}

/** Whether a function sends to services. */
export function sendsToServices({ notify }: Config): boolean {
  return notify.some(isService);
}

/** Secrets that services are told with, by their names or ARNs. */
export function serviceSecrets({ notify }: Config): readonly string[] {
  return named(notify.filter(isService).flatMap(sendingSecrets));
}

/** Secrets with the keys of the signatures of webhooks. */
export function signatureSecrets({ notify }: Config): readonly string[] {
  return named(notify.flatMap((channel) => (channel.kind === 'webhook' ? sendingSecrets(channel) : [])));
}

function named(references: readonly SecretReference[]): readonly string[] {
  return [...new Set(references.flatMap((reference) => ('secret' in reference ? [reference.secret] : [])))];
}

/** Secrets with keys of DNS lists, by their names or ARNs. */
export function listSecrets({ listKeys = {} }: Config): readonly string[] {
  return named(Object.values(listKeys));
}

/** Whether bounce mailboxes are read. */
export function readsBounceMailboxes({ bounces }: Config): boolean {
  return (bounces?.mailboxes ?? []).length > 0;
}

/** Secrets of bounce mailboxes, by their names or ARNs. */
export function bounceMailboxSecrets({ bounces }: Config): readonly string[] {
  const references = (bounces?.mailboxes ?? []).map(({ password }) => password);
  return [...new Set(references.flatMap((reference) => ('secret' in reference ? [reference.secret] : [])))];
}

/** Secrets of round trips, by their names or ARNs: logins of servers and mailboxes, and keys of tokens. */
export function tripSecrets({ roundTrips = [] }: Config): readonly string[] {
  const references = roundTrips.flatMap(({ send, receive, key }): readonly SecretReference[] => [
    key,
    receive.auth.password,
    ...(send.server.auth === undefined ? [] : [send.server.auth.password]),
  ]);
  return named(references);
}
