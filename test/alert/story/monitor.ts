/** What runs on one machine for alerts, with the embedded database: probe, judge, deliveries, answers. The clock is the story's. */
import { serviceSender } from '../../../lambda/alert/channels/service-sender.ts';
import { localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import type { DeliverPorts, JudgePorts, LogEntry } from '../../../lambda/ports.ts';
import { probeRound } from '../../../lambda/probe/probe-round.ts';
import { startAnswers } from '../../../local/answers/start-answers.ts';
import { localTable, openDatabase } from '../../../local/database.ts';
import { localSender } from '../../../local/deliveries.ts';
import { readSecret } from '../../../local/secrets.ts';
import type { Services } from './services.ts';

const MINUTE = 60_000;
/** Milliseconds of an attempt at the service that never replies: the test waits for each. */
const SHORT = 500;

export interface StoryMonitor {
  readonly table: Table;
  now(): number;
  /** A round, and what it has to tell. */
  minute(): Promise<void>;
  /** A pass of the judge, and what it has to tell: on one machine, an answer starts one at once. */
  pass(): Promise<void>;
  readonly log: readonly LogEntry[];
  /** Milliseconds. */
  readonly patience: { ofDead: number };
  /** Acknowledgements that were taken. */
  readonly answers: { taken: number; readonly place: string };
  close(): Promise<void>;
}

export async function startMonitor(
  config: Config,
  folder: string,
  { slack, telegram }: Services,
  start: number,
): Promise<StoryMonitor> {
  let clock = start;
  const now = () => clock;
  const database = await openDatabase(folder, { say: () => {} });
  const table = dynamodbTable(database.client, localTable);
  const complain = (what: unknown) => {
    throw new Error(`the story has a problem: ${JSON.stringify(what)}`);
  };
  const log: LogEntry[] = [];
  const patience = { ofDead: SHORT };
  const ports: JudgePorts = {
    config,
    vantage: 'local',
    history: openHistory(table, { now }),
    publishEvents: async () => {},
    secret: readSecret,
    log: (entry) => void log.push(entry),
    now,
    channels: localChannels(config),
    deliveries: openDeliveries(table, { now }),
    notifications: openNotifications(table, { now, reportUnreadable: complain }),
    windows: openWindowStore(table, complain),
    isAlone: true,
  };
  const services = {
    config,
    secret: readSecret,
    origins: { slack: slack.origin, telegram: telegram.origin },
  };
  const deliver: DeliverPorts = {
    ...ports,
    senderOf: (channel) => {
      if (channel.kind !== 'service') return localSender(config, () => {})(channel);
      const isDead = JSON.stringify(channel.receiver).includes('DEAD');
      return serviceSender(channel.receiver, { ...services, ...(isDead && { timeout: patience.ofDead }) });
    },
    random: () => 0,
    sleep: async () => {},
  };
  const pass = async () => {
    const { signal } = new AbortController();
    const shift = { latestWait: 0, latestSend: Number.POSITIVE_INFINITY, signal };
    const { failed } = await judge(ports);
    if (failed.length > 0) complain(failed);
    await Promise.all(ports.channels.map(({ id }) => deliverChannel(deliver, id, shift)));
  };
  const answers = { taken: 0, place: '' };
  const server = await startAnswers({
    ports,
    table,
    onAcknowledged: () => {
      answers.taken += 1;
    },
  });
  answers.place = server?.place ?? '';
  return {
    ...{ table, now, log, patience, pass, answers },
    minute: async () => {
      clock += MINUTE;
      await probeRound(ports, { scheduled: isoSeconds(clock) });
      await pass();
    },
    close: async () => {
      await server?.close();
      await database.close();
    },
  };
}
