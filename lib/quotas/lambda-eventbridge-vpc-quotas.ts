import type { Config, Target } from '../../lambda/config/config.ts';
import { namesOf } from '../naming/names.ts';
import { alarmArns } from './policy-quotas.ts';
import { type Quota, quota } from './quota.ts';
import { arnLength, type FleetSettings, listed, networkOf, portCount, sum } from './quota-inputs.ts';

/** Bytes of a handler's code without its config. A test checks that the bundles are smaller. */
const CODE = 1_000_000;

/** File descriptors for other purposes than sessions: of Node, the resolver, and connections to AWS. */
const RESERVED = 64;

/** Quotas of Lambda, EventBridge and VPC. */
export function runtimeQuotas(config: Config, settings: FleetSettings): readonly Quota[] {
  const { home, policy } = config;
  const inVpc = policy.vantages.filter((vantage) => networkOf(settings, vantage) !== 'none');
  return [
    quota('environment of a function', environment(config), home),
    quota('name of a function', namesOf(config).deliver.length),
    quota('code of a function with its config', CODE + Buffer.byteLength(JSON.stringify(config))),
    quota('file descriptors of a probe', RESERVED + sum(config.targets.map(sessionsOf)) + (config.control ? 1 : 0)),
    quota('pattern of a rule', 250 + listed(alarmArns(config)), home),
    quota('entry on a bus', 300 + listed(config.targets.map(({ id }) => Buffer.byteLength(id)))),
    quota('outbound rules of a security group', inVpc.length === 0 ? 0 : portCount(config), inVpc[0]),
  ];
}

/** The judge has the most variables. */
function environment({ name, home, policy }: Config): number {
  const names = namesOf({ name });
  const values = [names.table, names.bus, names.opinions, home, home, ...policy.vantages.slice(0, 1)];
  return 220 + sum(values.map(({ length }) => length)) + arnLength(home, 'sns', names.alerts);
}

/** Concurrent sessions: at least one for a domain, two for both address families. */
function sessionsOf({ family }: Target): number {
  return family === 'each' ? 2 : 1;
}
