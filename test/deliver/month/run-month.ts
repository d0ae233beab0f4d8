/** A month of alerts. Everything is real but the clock, the network and the table. */
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import type { Sender, SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Message } from '../../../lambda/alert/delivery/message.ts';
import { acknowledge } from '../../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../../lambda/answer/incidents/incident-stores.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../../lambda/ports.ts';
import { type InMemoryTable, openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { monthConfig } from './month-config.ts';
import { DEAD, MINUTE, MONTH, type Outage, outagesOf, stepAfter } from './outages.ts';

export interface SentInMonth {
  readonly at: number;
  readonly channel: string;
  readonly message: Omit<SentMessage, 'covers'> & Pick<Message, 'covers' | 'leftOut'>;
}

export interface Month {
  readonly config: Config;
  readonly outages: readonly Outage[];
  /** What was taken, oldest first. */
  readonly messages: readonly SentInMonth[];
  readonly table: InMemoryTable;
  /** Rounds that were simulated. */
  readonly rounds: number;
}

/** Milliseconds that a receiver takes to reply, and after a round until the judge runs. */
const REPLY = 150;
const JUDGE_DELAY = 10_000;
const OPINION_DELAY = 5_000;

type Opinion = Extract<BusEvent, { type: 'Second Opinion Wanted' }>['detail'];

export async function runMonth(tenants: number, group: boolean): Promise<Month> {
  const config = monthConfig(tenants, group);
  const outages = outagesOf(config.targets.map(({ id }) => id).filter((id) => id.startsWith('tenant')));
  const clock = { now: MONTH.from };
  const now = () => clock.now;
  const table = openInMemoryTable(now);
  const channels = awsChannels(config);
  const messages: SentInMonth[] = [];
  const opinions: Opinion[] = [];
  const ports: JudgePorts = {
    ...{ config, vantage: 'us-east-1', channels, now },
    history: openHistory(table, { now }),
    deliveries: openDeliveries(table, { now }),
    notifications: openNotifications(table, { now }),
    windows: openWindowStore(table),
    publishEvents: async (events) => {
      for (const event of events) {
        if (event.type === 'Delivery Due') await carriers.get(event.detail.channel)?.();
        if (event.type === 'Second Opinion Wanted') opinions.push(event.detail);
      }
    },
    secret: async () => '',
    log: () => {},
  };
  const take = (message: SentInMonth) => void messages.push(message);
  const carriers = new Map(channels.map(({ id }) => [id, carrierOf(ports, table, id, take)]));

  const samplesAt = (time: number, targets: readonly string[]) =>
    new Map(targets.map((id) => [id, sampleOf(outages, id, time)]));
  const all = config.targets.map(({ id }) => id);
  let rounds = 0;
  const round = async (name: string, vantages: readonly string[], targets: readonly string[]) => {
    for (const vantage of vantages)
      await ports.history.recordRound({ vantage, round: name, samples: samplesAt(clock.now, targets) });
  };
  const stores = openIncidentStores(table);
  const step = async (minute: number) => ((await isBusy(ports)) ? MINUTE : stepAfter(minute, outages));
  const acknowledged = new Set<Outage>();
  for (let minute = MONTH.from; minute <= MONTH.to; minute += await step(minute)) {
    clock.now = minute;
    if (stepAfter(minute, outages) > MINUTE) forgetRounds(table);
    await round(isoSeconds(minute), config.policy.vantages, all);
    rounds += 1;
    clock.now += JUDGE_DELAY;
    await judge(ports);
    for (const opinion of opinions.splice(0)) {
      clock.now += OPINION_DELAY;
      await round(opinion.round, opinion.vantages, opinion.targets);
      await judge(ports);
    }
    for (const outage of outages.filter((one) => (one.acknowledged ?? Number.POSITIVE_INFINITY) < clock.now)) {
      if (acknowledged.has(outage)) continue;
      acknowledged.add(outage);
      const [target = ''] = outage.targets;
      const incident = (await ports.history.judgement(target))?.incident?.id ?? '';
      await acknowledge(stores, incident, 'ops', clock.now);
    }
  }
  return { config, outages, messages, table, rounds };
}

/** Whether a channel has something to send. The dead one tries again every five minutes. */
async function isBusy({ config, deliveries }: JudgePorts): Promise<boolean> {
  const channels = await deliveries.channels();
  return channels.some(({ channel, oldest }) => oldest !== null && !isDead(config, channel, DEAD.from));
}

/** Nothing reads a round that is older than some minutes. Without them, each query of the table in memory is short. */
function forgetRounds({ stored }: InMemoryTable): void {
  for (const [key, { pk }] of stored) if (pk.startsWith('round#')) (stored as Map<string, unknown>).delete(key);
}

/** Delivers on one channel with a clock of its own: what it sends takes time, and holds up no other channel. */
function carrierOf(
  ports: JudgePorts,
  table: InMemoryTable,
  id: string,
  take: (message: SentInMonth) => void,
): () => Promise<void> {
  let ahead = 0;
  const now = () => Math.max(ports.now(), ahead);
  const pass = (milliseconds: number) => {
    ahead = now() + milliseconds;
  };
  const sender: Sender = async (message) => {
    pass(REPLY);
    if (isDead(ports.config, id, now())) return { taken: false, words: 'replied 503', retryAfter: null };
    take({ at: now(), channel: id, message: message as SentInMonth['message'] });
    return { taken: true };
  };
  const own: DeliverPorts = {
    ...ports,
    now,
    deliveries: openDeliveries(table, { now }),
    senderOf: () => sender,
    random: () => 0.5,
    sleep: async (milliseconds) => pass(milliseconds),
  };
  const { signal } = new AbortController();
  return async () => {
    await deliverChannel(own, id, { latestWait: now(), latestSend: now() + 45_000, signal });
  };
}

function isDead({ notify }: Config, channel: string, now: number): boolean {
  const isIt = notify.some((entry) => entry.id === DEAD.entry && receiverId(entry) === channel);
  return isIt && now >= DEAD.from && now < DEAD.to;
}

const passed: RecordedSample = {
  ...{ outcome: 'pass', phase: null, code: null, reply: null, detail: null },
  ...{ timings: { connect: 11 }, total: 84, address: '192.0.2.25', transcript: [] },
};

function sampleOf(outages: readonly Outage[], target: string, time: number): RecordedSample {
  const outage = outages.find(({ targets, from, to }) => targets.includes(target) && time >= from && time < to);
  const address = outages.find(({ targets }) => targets.includes(target))?.address ?? passed.address;
  if (outage === undefined) return { ...passed, address };
  return {
    ...passed,
    outcome: 'fail',
    phase: outage.code === 'tls-failed' ? 'tls' : 'connect',
    code: outage.code,
    address,
  };
}
