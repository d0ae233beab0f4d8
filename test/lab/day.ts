/** A day of the local monitor in seconds: its own probes, judge, deliveries and history; only the clock is moved by hand. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../bin/arguments/config-file.ts';
import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { judge } from '../../lambda/judge/judge.ts';
import type { BusEvent, JudgePorts, LogEntry } from '../../lambda/ports.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { rollUp } from '../../lambda/rollup/roll-up.ts';
import { localTable, openDatabase } from '../../local/database.ts';
import { readSecret } from '../../local/secrets.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import { mailServer, type Script, serve } from '../smtp/scripted-server.ts';
import { DAY, MONITOR_OFF, SERVERS, serverAt } from './script.ts';

const MINUTE = 60_000;
/** Minutes of a round. */
export const EVERY = 5;

export interface ReadAlert extends Pick<Alert, 'kind' | 'subject'> {
  /** Minute of the day. */
  readonly minute: number;
  /** As its e-mail. */
  readonly subjectLine: string;
  readonly text: string;
}

export interface Day {
  /** Epoch milliseconds of midnight, UTC. */
  readonly midnight: number;
  readonly folder: string;
  readonly configFile: string;
  readonly alerts: readonly ReadAlert[];
  readonly log: readonly LogEntry[];
  remove(): Promise<void>;
}

/** Yesterday, so that commands read it as the past. */
const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;

export async function liveADay(): Promise<Day> {
  const base = await mkdtemp(join(tmpdir(), 'smtp-quorum-lab-'));
  const folder = join(base, '.smtp-quorum');
  const scripts = new Map<string, Script>();
  const servers = await Promise.all(SERVERS.map(({ id }) => serve((client) => (scripts.get(id) as Script)(client))));
  const secure = mailServer({ tls: tlsOf(await issue({ names: ['127.0.0.1'] })) });
  const configFile = join(base, 'smtp-quorum.yaml');
  await writeFile(configFile, configText(servers.map(({ port }) => port)));
  const config = localConfig(readConfig(configFile));
  const database = await openDatabase(folder);
  const table = dynamodbTable(database.client, localTable);
  let now = midnight;
  const [bus, log, alerts]: [BusEvent[], LogEntry[], ReadAlert[]] = [[], [], []];
  const clock = { now: () => now };
  const ports: JudgePorts = {
    config,
    vantage: 'local',
    history: openHistory(table, clock),
    deliveries: openDeliveries(table, clock),
    channels: localChannels(config).filter(({ kind }) => kind === 'webhook'),
    publishEvents: async (events) => void bus.push(...events),
    secret: readSecret,
    log: (entry) => void log.push(entry),
    now: clock.now,
  };

  const deliver = async (channel: string) => {
    const { signal } = new AbortController();
    const others = {
      senderOf: () => async (message: { readonly alert: Alert }) => {
        alerts.push(readAlert(message.alert, config, now));
        return { taken: true } as const;
      },
      random: () => 0.5,
      sleep: async () => {},
    };
    await deliverChannel({ ...ports, ...others }, channel, { latestWait: 0, latestSend: now, signal });
  };

  for (let minute = 0; minute < DAY; minute += EVERY) {
    if (minute >= MONITOR_OFF.from && minute < MONITOR_OFF.to) continue;
    now = midnight + minute * MINUTE;
    for (const server of SERVERS)
      scripts.set(server.id, serverAt(server, minute, server.id === 'stripped' ? secure : mailServer()));
    await probeRound(ports, { scheduled: isoSeconds(now) });
    now += 2000;
    await judge(ports);
    for (const event of bus.splice(0)) if (event.type === 'Delivery Due') await deliver(event.detail.channel);
    if (minute % 60 === 0) await rollUp(ports, {});
  }
  now = midnight + DAY * MINUTE;
  await rollUp(ports, {});
  await database.close();
  await Promise.all(servers.map((server) => server.close()));
  const remove = () => rm(base, { recursive: true });
  return { midnight, folder, configFile, alerts, log, remove };
}

function tlsOf({ key, pem }: Issued) {
  return { key, cert: pem };
}

function configText(ports: readonly number[]): string {
  const targets = SERVERS.map(({ id, settings = '' }, at) =>
    [`  - id: ${id}`, '    host: 127.0.0.1', `    port: ${ports[at]}`, ...settingLines(settings)].join('\n'),
  );
  return `every: ${EVERY}m\nehloName: probe.example.com\nnotify:\n  - webhook: https://hooks.example.com/mail\n    group: false\ntargets:\n${targets.join('\n')}\n`;
}

function settingLines(settings: string): readonly string[] {
  const security = settings.includes('security:') ? ['    insecure: true'] : ['    security: none'];
  return [...security, ...(settings === '' ? [] : [`    ${settings}`])];
}

/** As `start` makes it. */
function localConfig(config: Config): Config {
  return { ...config, home: 'local', policy: { ...config.policy, vantages: ['local'], stagger: false } };
}

function readAlert(alert: Alert, config: Config, now: number): ReadAlert {
  const { subject, email } = alertTexts(alert, config);
  const minute = (now - midnight) / MINUTE;
  return { kind: alert.kind, subject: alert.subject, minute: Math.floor(minute), subjectLine: subject, text: email };
}
