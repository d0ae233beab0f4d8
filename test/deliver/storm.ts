/** A storm: many targets at one address fall, flap and recover. Everything is real but the clock, the network and the table. */
import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import { awsChannels, type DeliveryChannel } from '../../lambda/alert/delivery/configured-channels.ts';
import { deliveryRules } from '../../lambda/alert/delivery/delivery-rules.ts';
import type { Message } from '../../lambda/alert/delivery/message.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import { judge } from '../../lambda/judge/judge.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T05:00:00Z');
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const WHEN = ['down', 'recovered', 'degraded', 'unknown', 'blind'] as const;

export interface StormMessage {
  readonly at: number;
  readonly channel: string;
  readonly message: SentMessage & Pick<Message, 'covers'>;
}

export interface Storm {
  readonly messages: readonly StormMessage[];
  readonly channels: readonly DeliveryChannel[];
  readonly config: Config;
  /** Alerts that the judge decided, by channel. */
  readonly alerts: ReadonlyMap<string, number>;
  /** Milliseconds from the first failed round to the first message of each channel. */
  readonly firstPage: ReadonlyMap<string, number>;
  /** Deliveries that are pending at the end. */
  readonly pending: number;
}

interface StormOptions {
  readonly targets: number;
  /** Minutes in which all targets fail. */
  readonly failing: readonly (readonly [from: number, to: number])[];
  readonly minutes: number;
  /** Whether alerts with one cause are one message. */
  readonly group: boolean;
  readonly limit?: number;
}

/** Fails for 12 minutes, comes and goes four times, and recovers. */
export const FALL_FLAP_RECOVER: Omit<StormOptions, 'targets' | 'group'> = {
  failing: [[5, 17], ...[20, 26, 32, 38].map((minute) => [minute, minute + 3] as const)],
  minutes: 120,
};

const passed: RecordedSample = {
  ...{ outcome: 'pass', phase: null, code: null, reply: null, detail: null },
  ...{ timings: { connect: 11 }, total: 84, address: '192.0.2.25', transcript: [] },
};
const failed: RecordedSample = { ...passed, outcome: 'fail', phase: 'connect', code: 'connect-timeout' };

function configOf({ targets, group, limit }: StormOptions): Config {
  const rules = { when: WHEN, group, ...(limit === undefined ? {} : { limit }) };
  const notify: readonly Channel[] = [
    { kind: 'email', address: 'ops@example.com', ...rules },
    { kind: 'sms', number: '+15555550100', ...rules },
    { kind: 'webhook', url: 'https://hooks.example.com/a', ...rules },
    { kind: 'slack', channel: 'C0123456789', token: { env: 'SLACK' }, ...rules },
  ];
  const policy = { ...policyDefaults(3), vantages: VANTAGES, every: MINUTE, stagger: false, secondOpinion: false };
  const ids = Array.from({ length: targets }, (_, place) => `mx${place + 1}`);
  const all = ids.map((id) => ({ id, host: `${id}.example.com`, domain: null, port: 25 }));
  return { name: 'storm', home: 'us-east-1', policy, notify, targets: all } as unknown as Config;
}

/** A judge each minute, 10 seconds after the round. The channels that it wakes deliver before it goes on. */
export async function runStorm(options: StormOptions): Promise<Storm> {
  const clock = { now: START };
  const now = () => clock.now;
  const table = openInMemoryTable(now);
  const config = configOf(options);
  const channels = awsChannels(config);
  const messages: StormMessage[] = [];
  const ports: JudgePorts = {
    config,
    ...{ vantage: 'us-east-1', channels, now },
    history: openHistory(table, { now }),
    deliveries: openDeliveries(table, { now }),
    publishEvents: async (events: readonly BusEvent[]) => {
      for (const event of events) if (event.type === 'Delivery Due') await deliver(event.detail.channel);
    },
    secret: async () => '',
    log: () => {},
  };
  const deliverPorts: DeliverPorts = {
    ...ports,
    senderOf: (channel) => async (message) => {
      messages.push({ at: clock.now, channel: channel.id, message: message as StormMessage['message'] });
      return { taken: true };
    },
    random: () => 0.5,
    // Channels deliver beside each other: the pace of one does not move the clock of all.
    sleep: async () => {},
  };
  const { signal } = new AbortController();
  const deliver = async (channel: string) => {
    await deliverChannel(deliverPorts, channel, { latestWait: clock.now, latestSend: clock.now + 45_000, signal });
  };
  for (let minute = 0; minute < options.minutes; minute += 1) {
    clock.now = START + minute * MINUTE;
    const isDown = options.failing.some(([from, to]) => minute >= from && minute < to);
    const samples = new Map(config.targets.map(({ id }) => [id, isDown ? failed : passed]));
    for (const vantage of VANTAGES) await ports.history.recordRound({ vantage, round: isoSeconds(clock.now), samples });
    clock.now += 10_000;
    await judge(ports);
  }
  const first = START + (options.failing[0]?.[0] ?? 0) * MINUTE;
  const perChannel = channels.map(({ id }) => messages.filter(({ channel }) => channel === id));
  const pending = await Promise.all(channels.map(({ id }) => ports.deliveries.pending(id, ' ')));
  return {
    ...{ messages, channels, config },
    alerts: new Map(channels.map(({ id }, at) => [id, sum(perChannel[at] ?? [])])),
    firstPage: new Map(channels.map(({ id }, at) => [id, (perChannel[at]?.[0]?.at ?? Number.NaN) - first])),
    pending: pending.flat().length,
  };
}

function sum(messages: readonly StormMessage[]): number {
  return messages.reduce((count, { message }) => count + message.covers.length, 0);
}

/** Messages in the fullest hour of those that are counted: an edit is none. */
export function mostInAnHour(messages: readonly StormMessage[]): number {
  const times = messages.filter(({ message }) => message.edits === undefined).map(({ at }) => at);
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 60 * MINUTE).length));
}

/** The messages that each receiver gets: of the topic each subscription, of the others the channel itself. */
export function byReceiver({ messages, channels, config }: Storm): ReadonlyMap<string, readonly StormMessage[]> {
  const rows = channels.flatMap((channel) => {
    const own = messages.filter((one) => one.channel === channel.id);
    const { receivers } = deliveryRules(channel, config);
    if (receivers.length === 0) return [[channel.id, own] as const];
    return receivers.map((one) => {
      const gets = ({ message: { alert } }: StormMessage) => alert.to?.includes(one.id) ?? one.wants(alert);
      return [one.id, own.filter(gets)] as const;
    });
  });
  return new Map(rows);
}
