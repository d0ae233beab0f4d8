import type { Config } from '../../lambda/config/config.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import { partitionOf } from '../naming/partition.ts';
import { type Egress, isOwnVpc } from '../network/egress.ts';

/** What is deployed besides the config: the settings of the app that change how much of a limit is used. */
export interface FleetSettings {
  readonly egress?: Readonly<Record<string, Egress>>;
  readonly operators?: readonly string[];
  readonly secretKeys?: readonly string[];
  readonly secretPrefix?: string;
  readonly formerBuses?: 'keep' | 'drop';
}

/** As long as the number of every account. */
const anyAccount = '123456789012';

/** Characters of an ARN, in whichever account. */
export function arnLength(region: string, service: string, resource: string): number {
  return `arn:${partitionOf(region)}:${service}:${region}:${anyAccount}:${resource}`.length;
}

/** Characters of strings in a JSON list: each has two quotation marks and a comma. */
export function listed(lengths: readonly number[]): number {
  return sum(lengths.map((length) => length + 3));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Those of `notify` by their kind. */
export function channelsOf({ notify }: Config): { people: number; webhooks: number; sms: boolean } {
  const webhooks = notify.filter(({ kind }) => kind === 'webhook').length;
  return { people: notify.length - webhooks, webhooks, sms: notify.some(({ kind }) => kind === 'sms') };
}

/** Whether a vantage begins its rounds within a minute, and so has them wait in a queue. */
export function isDelayed({ policy: { stagger, vantages, every } }: Config, vantage: string): boolean {
  if (!stagger || !isOnTheClock(every)) return false;
  return Math.floor((staggerDelay(vantages.indexOf(vantage), vantages.length, every) % 60_000) / 1_000) > 0;
}

/** As `roundSchedule`: other lengths are counted from the deployment, and nothing is staggered. */
function isOnTheClock(every: number): boolean {
  const minutes = every / 60_000;
  return minutes < 60 ? 60 % minutes === 0 : Number.isInteger(minutes / 60) && 24 % (minutes / 60) === 0;
}

/** Ports that a probe in a VPC is let out to. */
export function portsOf({ targets, control }: Config): number {
  return new Set([443, ...targets.map(({ port }) => port), ...(control ? [control.port] : [])]).size;
}

/** Whether a vantage is in a VPC, and whether in one that its stack makes. */
export function networkOf({ egress = {} }: FleetSettings, vantage: string): 'own' | 'existing' | 'none' {
  const way = egress[vantage] ?? 'default';
  if (isOwnVpc(way)) return 'own';
  return way === 'default' ? 'none' : 'existing';
}
