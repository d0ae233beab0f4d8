/** Checks the promises about deliveries at every write and at every message that a receiver accepts. */

import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import { type Delivery, decidedAt } from '../../lambda/alert/delivery/delivery.ts';
import type { Message } from '../../lambda/alert/delivery/message.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { Invocation } from './invocation.ts';
import type { Clock } from './virtual-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Milliseconds for which an alert may wait for a group after its first message: the time to join, and the next judge. */
const GROUP_WAIT = 160_000;
/** What the topic and a webhook get in an hour without a limit in the config. */
const MOST_IN_AN_HOUR = 60;

export interface DeliveryChecks {
  /** Before each write of a delivery. */
  written(before: Item | null, after: Item): void;
  /** Whether every channel has a delivery of this alert. */
  isMade(id: string): boolean;
  /** After a receiver accepted a message. Returns the alerts in it that it had not accepted before. */
  accepted(channel: string, message: SentMessage, sender: Invocation): readonly Alert[];
  /** Whether an alert of the subject waits for the digest of a group that was told of. */
  isGrouped(channel: string, subject: string): boolean;
  /** Checks the state at the end. */
  closed(): void;
}

interface Setup {
  readonly clock: Clock;
  readonly channels: readonly string[];
  readonly violated: (what: string) => void;
  /** Messages of a channel. */
  readonly mostInAnHour?: number;
}

interface Delivered {
  readonly alert: Alert;
  state: string;
  /** The last invocation that sent it. */
  sender?: Invocation;
  /** When it was accepted first. */
  sentAt?: number;
}

export function checkDeliveries({ clock, channels, violated, mostInAnHour = MOST_IN_AN_HOUR }: Setup): DeliveryChecks {
  const deliveries = new Map(channels.map((channel) => [channel, new Map<string, Delivered>()]));
  const ofChannel = (channel: string) => deliveries.get(channel) ?? new Map<string, Delivered>();

  /** Those that wait, and those that were sent a short time ago. */
  const active = new Map(channels.map((channel) => [channel, new Set<Delivered>()]));
  const activeOf = (channel: string): readonly Delivered[] => {
    const own = active.get(channel) ?? new Set();
    for (const delivery of own)
      if (delivery.state !== 'pending' && clock.now() - (delivery.sentAt ?? 0) > GROUP_WAIT) own.delete(delivery);
    return [...own];
  };

  const ended = (channel: string, id: string, { made, state }: Item) => {
    const delivery = ofChannel(channel).get(id);
    if (delivery === undefined) return violated(`${channel} ${id}: ended, but never made`);
    if (delivery.state !== 'pending') violated(`${channel} ${id}: ${delivery.state}, and then ${state}`);
    if (state === 'taken' && delivery.sender === undefined) violated(`${channel} ${id}: taken, but never sent`);
    if (state === 'given-up' && clock.now() - Number(made) < DAY - 60_000)
      violated(`${channel} ${id}: given up after ${Math.round((clock.now() - Number(made)) / 60_000)} minutes`);
    delivery.state = String(state);
  };

  /** No earlier alert of the same subject may still wait. */
  const checkOrder = (channel: string, alerts: readonly Alert[]) => {
    const ids = new Set(alerts.map(({ id }) => id));
    for (const alert of alerts)
      for (const [id, other] of ofChannel(channel)) {
        const isWaiting = other.state === 'pending' && other.sender === undefined && !ids.has(id);
        const isEarlier = other.alert.subject === alert.subject && orderOf(other.alert) < orderOf(alert);
        const isSameLine = (other.alert.kind === 'changed') === (alert.kind === 'changed');
        if (isWaiting && isEarlier && isSameLine) violated(`${channel} ${alert.id}: sent before ${id}`);
      }
  };

  /** `channel incident` of all that a channel was told of. */
  const told = new Set<string>();
  const sentTimes = new Map<string, number[]>();
  /** A process with a wrong clock may count wrongly, too. */
  const checkLimit = (channel: string, { edits }: SentMessage, { hasWrongClock }: Invocation) => {
    if (edits !== undefined || hasWrongClock) return;
    const now = clock.now();
    const times = [...(sentTimes.get(channel) ?? []).filter((at) => at > now - HOUR), now];
    sentTimes.set(channel, times);
    if (times.length > mostInAnHour) violated(`${channel}: ${times.length} messages in an hour`);
  };

  return {
    isGrouped(channel, subject) {
      const all = activeOf(channel);
      const recent = all.filter(({ sentAt }) => sentAt !== undefined && clock.now() - sentAt < GROUP_WAIT);
      const waiting = all.filter(({ alert, state, sender }) => {
        return alert.subject === subject && state === 'pending' && sender === undefined;
      });
      return waiting.some(({ alert }) => recent.some((other) => isAlike(alert, other.alert)));
    },
    written(before, { pk, ...after }) {
      const channel = pk.slice('delivery#'.length);
      const alert = after.alert as Alert;
      if (before !== null) return ended(channel, alert.id, { pk, ...after });
      const made: Delivered = { alert, state: 'pending' };
      ofChannel(channel).set(alert.id, made);
      active.get(channel)?.add(made);
    },
    isMade: (id) => channels.every((channel) => ofChannel(channel).has(id)),
    accepted(channel, message, sender) {
      const { alert } = message;
      const ids = coveredBy(message);
      const known = ids.map((id) => ofChannel(channel).get(id));
      if (known.includes(undefined)) violated(`${channel} ${alert.id}: sent, but it has no delivery`);
      const fresh = known.filter((delivery) => delivery !== undefined);
      for (const { alert: one, sender: last } of fresh)
        if (last !== undefined && !hasCause(last, sender)) violated(`${channel} ${one.id}: sent twice without a fault`);
      checkOrder(
        channel,
        fresh.map((delivery) => delivery.alert),
      );
      const first = fresh.filter((delivery) => delivery.sender === undefined).map((delivery) => delivery.alert);
      for (const delivery of fresh) {
        delivery.sender = sender;
        delivery.sentAt ??= clock.now();
      }
      checkLimit(channel, message, sender);
      const wrong = wrongOf(message as Message, (incident) => told.has(`${channel} ${incident}`));
      for (const { alert: one } of (message as Message).covers) told.add(`${channel} ${one.incident?.id}`);
      if (wrong !== null) violated(`${channel} ${alert.id}: ${wrong}`);
      return first;
    },
    closed() {
      for (const channel of channels)
        for (const [id, { state }] of ofChannel(channel))
          if (state === 'pending') violated(`${channel} ${id}: still pending at the end`);
    },
  };
}

/** What a message says of the alerts that end with it, and is not so. */
function wrongOf(message: Message, wasTold: (incident: string) => boolean): string | null {
  const { alert, covers, replaces, more } = message;
  if (covers.length === 0 || covers.some((delivery) => delivery.alert.digest !== undefined)) return null;
  const told = (alert.digest?.count ?? 1 + replaces.length) + (more?.count ?? 0);
  if (told !== covers.length) return `it tells ${told} alerts, and ends ${covers.length}`;
  const { cause, kind } = alert.digest?.group ?? {};
  const isOther = (own: Alert) => own.kind === kind && !own.causes?.includes(cause ?? '');
  return cause !== undefined && more === undefined && joinedBy(covers, wasTold).some(isOther)
    ? `its group has no cause ${cause}`
    : null;
}

/**
 * The first alert of each incident of a message. What comes later in an incident may have another failure, also before the end of
 * one that joined the group with an earlier message.
 */
function joinedBy(covers: readonly Delivery[], wasTold: (incident: string) => boolean): readonly Alert[] {
  const alerts = covers.map(({ alert }) => alert);
  const ended = new Set(alerts.filter(({ incident }) => incident?.closed != null).map(({ incident }) => incident?.id));
  const first = new Map<string, Alert>();
  for (const alert of alerts) {
    const id = alert.incident?.id ?? alert.id;
    if (!first.has(id) && !(ended.has(id) && wasTold(id))) first.set(id, alert);
  }
  return [...first.values()];
}

function isAlike(alert: Alert, other: Alert): boolean {
  return alert.kind === other.kind && (alert.causes ?? []).some((cause) => other.causes?.includes(cause));
}

/** Whether a message may be sent again: the first sender failed, or the two disagree about the end of a lease. */
function hasCause(first: Invocation, second: Invocation): boolean {
  return first.hasFailed || first.hasWrongClock || second.hasWrongClock;
}

/** Ids of the alerts of a message. A digest names at most a hundred, but counts and ends all. */
function coveredBy(message: SentMessage): readonly string[] {
  return (message as Message).covers.map(({ alert }) => alert.id);
}

function orderOf({ at, id }: Alert): string {
  return `${decidedAt(at)} ${id}`;
}
