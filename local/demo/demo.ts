/** The demo: real SMTP servers on loopback, and a config that monitors them. */
import type { Config, Target } from '../../lambda/config/config.ts';
import { ehloNameOf } from '../../lambda/config/ehlo-name.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { type DemoServers, demoHost, startDemoServers } from './servers.ts';
import { demoStepAt } from './steps.ts';

/** Length of a round in milliseconds. */
const every = 3_000;
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const ehloName = 'probe-{vantage}.example.com';

export interface Demo {
  readonly config: Config;
  /** Sets the servers' fault for a round. Returns a message about the change, or null. */
  startRound(round: number): string | null;
  close(): Promise<void>;
}

/** Starts the servers and makes a config with three vantages, all of which run in this process. */
export async function startDemo(): Promise<Demo> {
  const servers = await startDemoServers();
  const ehloNames = vantages.map((vantage) => ehloNameOf(ehloName, vantage));
  return {
    config: configFor(servers),
    startRound: (round) => {
      const { message, fault } = demoStepAt(round, ehloNames);
      servers.fault = fault;
      return message;
    },
    close: servers.close,
  };
}

function configFor({ ports, ca }: DemoServers): Config {
  const target = (id: string, port: number, extra: Partial<Target>): Target => ({
    id,
    host: '127.0.0.1',
    domain: null,
    port,
    security: 'starttls',
    family: 4,
    helo: 'auto',
    serverName: demoHost,
    ca,
    insecure: false,
    timeout: 10_000,
    ...extra,
  });
  return {
    version: 1,
    name: 'demo',
    home: 'local',
    ehloName,
    control: null,
    policy: { ...policyDefaults(vantages.length), vantages, every, stagger: false },
    notify: [],
    targets: [
      target('plain', ports.plain, { security: 'none' }),
      target('starttls', ports.starttls, {}),
      target('tls', ports.tls, { security: 'tls' }),
      target('flaky', ports.flaky, { mailFrom: 'probe@example.com' }),
    ],
  };
}
