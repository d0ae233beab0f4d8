/** What the functions need of the world, for the benchmark: targets of a fleet, a clock that is set, nobody to tell. */

import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Config, Target } from '../../lambda/config/config.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import type { History } from '../../lambda/history/history.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../../test/history/table/in-memory-table.ts';

/** Where every target of the fleet is, and who vouches for its certificate. */
export interface Servers {
  readonly port: number;
  readonly ca: string;
}

export const nowhere: Servers = { port: 25, ca: '' };

export function policyFor(vantages: readonly string[]): Policy {
  return { ...policyDefaults(vantages.length), vantages, every: 60_000, stagger: false };
}

function targetAt(name: string, servers: Servers): Target {
  return {
    ...servers,
    id: name,
    serverName: name,
    host: '127.0.0.1',
    domain: null,
    security: 'starttls',
    family: 4,
    helo: 'auto',
    insecure: false,
    timeout: 30_000,
  };
}

/** Ports of each vantage, and of the judge. */
export function portsFor(
  history: History,
  policy: Policy,
  names: readonly string[],
  servers: Servers,
  clock: { readonly now: number },
): (vantage: string) => JudgePorts {
  const config: Config = {
    version: 1,
    name: 'bench',
    home: 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy,
    notify: [],
    targets: names.map((name) => targetAt(name, servers)),
  };
  const nothing = async () => {};
  const now = () => clock.now;
  return (vantage) => ({
    config,
    vantage,
    release: '0.1.0',
    egress: '192.0.2.255',
    history,
    publishEvents: nothing,
    log: () => {},
    channels: localChannels(config),
    deliveries: openDeliveries(openInMemoryTable(now), { now }),
    secret: async () => '',
    now,
  });
}
