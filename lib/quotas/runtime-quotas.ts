import type { Config, Target } from '../../lambda/config/config.ts';
import { namesOf } from '../naming/names.ts';
import { arnLength, type FleetSettings, listed, networkOf, portsOf, sum } from './fleet.ts';
import { alarmArns } from './policy-quotas.ts';
import { type Quota, quota } from './quota.ts';

/** Bytes of a handler's code without its config; a test holds the bundles below it. */
const CODE = 1_000_000;

/** Descriptors of a probe that are no sessions: Node's own, resolvers, and connections to AWS. */
const RESERVED = 64;

/** What Lambda, EventBridge and a VPC take of each function, and of what it sends. */
export function runtimeQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy } = config;
  const inVpc = policy.vantages.filter((vantage) => networkOf(settings, vantage) !== 'none');
  return [
    quota('environment of a function', environment(config), home),
    quota('name of a function', namesOf(config).alerts.length + `-webhook-${config.notify.length}`.length),
    quota('code of a function with its config', CODE + Buffer.byteLength(JSON.stringify(config))),
    quota('file descriptors of a probe', RESERVED + sum(config.targets.map(sessionsOf)) + (config.control ? 1 : 0)),
    quota('pattern of a rule', 250 + listed(alarmArns(config)), home),
    quota('entry on a bus', 300 + listed(config.targets.map(({ id }) => Buffer.byteLength(id)))),
    quota('outbound rules of a security group', inVpc.length === 0 ? 0 : portsOf(config), inVpc[0]),
  ];
}

/** The judge has most: where it is, the table, the topic and two buses. */
function environment({ name, home, policy }: Config): number {
  const names = namesOf({ name });
  const values = [names.table, names.bus, names.opinions, home, home, ...policy.vantages.slice(0, 1)];
  return 220 + sum(values.map(({ length }) => length)) + arnLength(home, 'sns', names.alerts);
}

/** Sessions that are open at once: of a domain one at least, of both families two. */
function sessionsOf({ family }: Target): number {
  return family === 'each' ? 2 : 1;
}
