import type { Config, Target } from '../../lambda/config/config.ts';
import { ehloNameOf } from '../../lambda/config/ehlo-name.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { type DemoServers, demoHost, startDemoServers } from './servers.ts';
import { demoStepAt } from './steps.ts';

/** Rounds of the demo are this long, in milliseconds. */
const every = 3_000;
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const ehloName = 'probe-{vantage}.example.com';

export interface Demo {
  readonly config: Config;
  /** Sets the scene of a round; message what changes, or null. */
  startRound(round: number): string | null;
  close(): Promise<void>;
}

/** Real servers, and a config that watches them from three vantages that are loops in this process. */
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
