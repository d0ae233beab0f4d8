/** All that runs of posture on one machine, with the embedded database: probe, posture, judge. The clock is the story's. */

import { localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Config, Target } from '../../../lambda/config/config.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { dnsOfRun, type RunDns } from '../../../lambda/dns/records/dns-of-run.ts';
import type { LookupBounds } from '../../../lambda/dns/records/query-budget.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openPostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import { judgePostures } from '../../../lambda/judge/judge-postures.ts';
import type { BusEvent, JudgePorts, Ports } from '../../../lambda/ports.ts';
import { policyFetch } from '../../../lambda/posture/policy-fetch.ts';
import { openPostureStore } from '../../../lambda/posture-watch/posture-store.ts';
import { summaryOfPosture } from '../../../lambda/posture-watch/run-report.ts';
import { watchPosture } from '../../../lambda/posture-watch/watch-posture.ts';
import { probeRound } from '../../../lambda/probe/probe-round.ts';
import { localTable, openDatabase } from '../../../local/database.ts';
import type { NameServer } from '../../dns/name-server.ts';
import { postureDomain } from '../world.ts';
import type { MailServers } from './mail-servers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface StoryMonitor {
  readonly config: Config;
  /** An hour: a round of the probe, a run of posture, and a pass of the judge, if the run put an event. Alerts that it told. */
  hour(): Promise<readonly Alert[]>;
  /** A quarter of an hour: lists alone. */
  quarter(): Promise<readonly Alert[]>;
  close(): Promise<void>;
}

export async function startStory(
  folder: string,
  names: NameServer,
  servers: MailServers,
  start: number,
): Promise<StoryMonitor> {
  let clock = start;
  const now = () => clock;
  const database = await openDatabase(folder, { say: () => {} });
  const table = dynamodbTable(database.client, localTable);
  const events: BusEvent[] = [];
  const alerts: Alert[] = [];
  const config = storyConfig(target('mx1.example.com', 25, servers));
  const complain = (what: unknown) => {
    throw new Error(`the story has a problem: ${JSON.stringify(what)}`);
  };
  const ports: Ports = {
    config,
    vantage: 'local',
    history: openHistory(table, { now }),
    publishEvents: async (published) => void events.push(...published),
    secret: async () => complain('a secret'),
    log: complain,
    now,
  };
  const deliveries = openDeliveries(table, { now });
  const judge: JudgePorts = {
    ...ports,
    channels: localChannels(config),
    deliveries: {
      ...deliveries,
      make: async (channel, alert) => {
        alerts.push(alert);
        await deliveries.make(channel, alert);
      },
    },
    postures: openPostureHistory(table, { now, reportUnreadable: complain }),
    isAlone: true,
  };
  const fetchPolicy = policyFetch({ port: servers.httpsPort, ca: servers.policyCa, within: 30_000 });
  const posture = {
    ...ports,
    history: openPostureStore(table, { now, reportUnreadable: complain }),
    openDns: (bounds: LookupBounds) => openDns(names, bounds),
    // Hosts have addresses of the documentation; all of them are on loopback.
    fetchPolicy: (host: string) => fetchPolicy(host, ['127.0.0.1']),
    fetchUrl: async () => complain('a URL'),
    fetchCertificate: async () => complain('a certificate'),
    timeLeft: () => 300_000,
  };
  const watch = async () => {
    events.length = alerts.length = 0;
    const summary = summaryOfPosture(await watchPosture(posture, { scheduled: isoSeconds(clock) }));
    if (summary.failed.length > 0) complain(summary.failed);
    if (events.some(({ type }) => type === 'Posture Recorded')) {
      const { failed } = await judgePostures(judge);
      if (failed.length > 0) complain(failed);
    }
    return [...alerts];
  };
  return {
    config,
    hour: async () => {
      clock = (Math.floor(clock / HOUR) + 1) * HOUR + MINUTE;
      // The host is on loopback, and has the name of the MX record.
      const probed = { ...config, targets: [target('127.0.0.1', servers.smtpPort, servers)] };
      await probeRound({ ...ports, config: probed }, { scheduled: isoSeconds(clock) });
      clock += MINUTE;
      return watch();
    },
    quarter: () => {
      clock += 15 * MINUTE;
      return watch();
    },
    close: () => database.close(),
  };
}

/** Also the servers of the zone are this one. */
function openDns({ plain }: NameServer, bounds: LookupBounds): RunDns {
  const timing = { patience: 3_000, retry: 3_000, limit: 10_000 };
  const port = plain.kind === 'plain' ? plain.port : 53;
  const dns = dnsOfRun([plain], { timing, bounds, port, systemServers: [] });
  return { ...dns, askServer: (_, type, name) => dns.askServer('127.0.0.1', type, name) };
}

function target(host: string, port: number, servers: MailServers): Target {
  return {
    id: 'mx1',
    host,
    domain: null,
    port,
    security: 'starttls',
    family: 4,
    helo: 'auto',
    serverName: 'mx1.example.com',
    ca: servers.certificate().ca,
    insecure: false,
    timeout: 30_000,
  };
}

function storyConfig(mx1: Target): Config {
  return {
    version: 1,
    name: 'smtp-quorum',
    home: 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy: { ...policyDefaults(1), vantages: ['local'], every: MINUTE },
    notify: [],
    targets: [mx1],
    posture: [postureDomain('example.com', { senders: ['192.0.2.25'] })],
  };
}
