/** Laws of what receivers got: limits in each sliding hour, nothing untold, no end without a beginning. */
import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import type { Message } from '../../../lambda/alert/delivery/message.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import type { Clock } from '../virtual-clock.ts';
import type { Entry } from './config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Clocks of two processes may differ by so much. */
const CLOCKS = 10_000;
/** A receiver that takes messages has one after so long, without a limit, and the first page of an outage with one. */
const TAKES_WITHIN = 30 * MINUTE;
const PAGES_WITHIN = 80 * MINUTE;
/** What a channel was told of so lately is told as one. */
const GROUP = 3 * MINUTE;
/** A first page while its hour has room for pages. */
const PAGES_WITH_ROOM = 15 * MINUTE;
/** Deliveries of what is decided are made. */
const MADE_WITHIN = 20 * MINUTE;

export interface ReceiverChecks {
  /** Before each write of a channel. */
  channelWritten(after: Item): void;
  /** A message that is decided is to be delivered to whom it is for. */
  decided(message: Alert): void;
  /** Before each write of a delivery. */
  written(before: Item | null, after: Item): void;
  /** @param isHeard whether the product knows that it was accepted */
  accepted(channel: string, message: SentMessage, isHeard: boolean): void;
  tick(): void;
  /** Messages by channel. */
  counts(): Readonly<Record<string, number>>;
  closed(): void;
}

interface Setup {
  readonly clock: Clock;
  readonly entries: readonly Entry[];
  /** It fails for hours. */
  readonly deadChannel: string;
  readonly violated: (what: string) => void;
}

interface Waiting {
  readonly alert: Alert;
  readonly since: number;
  /** Of a limited channel: since when its hour has room for a page. */
  roomSince: number | null;
}

export function checkReceivers({ clock, entries, deadChannel, violated }: Setup): ReceiverChecks {
  const waiting = new Map<string, Map<string, Waiting>>();
  const waitingOf = (channel: string) => {
    const own = waiting.get(channel) ?? new Map<string, Waiting>();
    waiting.set(channel, own);
    return own;
  };
  /** By `channel cause`: when a channel was last told of it. */
  const causes = new Map<string, number>();
  /** `channel incident` of all that a channel was told of. */
  const known = new Set<string>();
  const times = new Map<string, number[]>();
  const messages: Record<string, number> = {};
  /** By receiver of the topic: ids of the alerts that it missed, and that are to be told as a number. */
  const missed = new Map<string, Set<string>>();
  const limited = entries.filter(({ channel, receiver }) => channel === 'topic' && receiver !== 'topic');
  const limits = new Map(entries.map(({ receiver, limit }) => [receiver, limit]));

  const count = (receiver: string) => {
    const own = [...(times.get(receiver) ?? []).filter((at) => at > clock.now() - HOUR + CLOCKS), clock.now()];
    times.set(receiver, own);
    const limit = limits.get(receiver) ?? Number.POSITIVE_INFINITY;
    if (own.length > limit) violated(`${receiver}: ${own.length} messages in an hour, and its limit is ${limit}`);
  };

  const countMissed = (receiver: string, { alert, covers, leftOut = [] }: Message) => {
    const own = missed.get(receiver) ?? new Set<string>();
    missed.set(receiver, own);
    const isAddressed = alert.to === undefined || alert.to.includes(receiver);
    if (covers.length === 0 && isAddressed) {
      const told = alert.digest?.count ?? 1;
      if (told < own.size) violated(`${receiver}: ${own.size} alerts were left out, and ${told} are told as a number`);
      own.clear();
    }
    for (const { alert: one } of covers)
      if (leftOut.includes(receiver)) own.add(one.id);
      else own.delete(one.id);
  };

  const checkEnds = (channel: string, { covers }: Message) => {
    for (const { alert } of covers) if (alert.kind !== 'recovered') known.add(`${channel} ${alert.incident?.id}`);
    for (const { alert } of covers)
      if (alert.kind === 'recovered' && !known.has(`${channel} ${alert.incident?.id}`))
        violated(`${channel}: told of the end ${alert.id}, and of nothing before`);
  };

  /** By channel: the messages of the last hour that the product counts, also one that a crash kept from being sent. */
  const counted = new Map<string, readonly number[]>();
  /** Nothing told of its outage or its cause, and it is not over. */
  const isFirstPage = (channel: string, { alert, since }: Waiting) => {
    const id = alert.incident?.id;
    const isOver = [...waitingOf(channel).values()].some(
      (one) => one.alert.kind === 'recovered' && one.alert.incident?.id === id,
    );
    const isGrouped = (alert.causes ?? []).some((cause) => (causes.get(`${channel} ${cause}`) ?? 0) > since - GROUP);
    return !isOver && !isGrouped && !known.has(`${channel} ${id}`);
  };

  const overdue = (entry: Entry, waits: Waiting) => {
    const { alert, since } = waits;
    if (entry.limit > 60) return clock.now() - since > TAKES_WITHIN;
    if (alert.kind !== 'down' || !isFirstPage(entry.channel, waits)) return false;
    const used = (counted.get(entry.channel) ?? []).filter((at) => at > clock.now() - HOUR - CLOCKS).length;
    waits.roomSince = used < entry.limit ? (waits.roomSince ?? clock.now()) : null;
    const isRefused = waits.roomSince !== null && clock.now() - waits.roomSince > PAGES_WITH_ROOM;
    return isRefused || clock.now() - since > PAGES_WITHIN;
  };

  /** `channel id` of messages of which no delivery is made yet. */
  const unmade = new Map<string, number>();
  const checkMade = () => {
    for (const [key, since] of unmade)
      if (clock.now() - since > MADE_WITHIN) {
        violated(`${key} is decided, and has no delivery`);
        unmade.delete(key);
      }
  };
  const channelOf = new Map(entries.map(({ receiver, channel }) => [receiver, channel]));

  return {
    channelWritten: ({ sk, sent = [] }) => void counted.set(sk, sent as readonly number[]),
    decided({ id, to = [] }) {
      for (const receiver of to) unmade.set(`${channelOf.get(receiver)} ${id}`, clock.now());
    },
    written(before, after) {
      const channel = after.pk.slice('delivery#'.length);
      const alert = after.alert as Alert;
      if (before === null) waitingOf(channel).set(alert.id, { alert, since: clock.now(), roomSince: null });
      unmade.delete(`${channel} ${alert.id}`);
    },
    accepted(channel, sent, isHeard) {
      const message = sent as Message;
      messages[channel] = (messages[channel] ?? 0) + 1;
      for (const { alert } of message.covers) {
        waitingOf(channel).delete(alert.id);
        for (const cause of alert.causes ?? []) causes.set(`${channel} ${cause}`, clock.now());
      }
      checkEnds(channel, message);
      // What was answered with an error counts as refused.
      if (message.edits === undefined && isHeard) count(channel);
      if (channel !== 'topic') return;
      for (const { receiver } of limited) {
        if (isHeard && message.alert.to?.includes(receiver) === true) count(receiver);
        if (isHeard) countMissed(receiver, message);
      }
    },
    tick() {
      checkMade();
      for (const entry of entries) {
        if (entry.channel === deadChannel || entry.channel === 'topic') continue;
        for (const one of waitingOf(entry.channel).values())
          if (overdue(entry, one)) {
            violated(`${entry.id}: ${one.alert.id} waits since ${new Date(one.since).toISOString()}`);
            waitingOf(entry.channel).delete(one.alert.id);
          }
      }
    },
    counts: () => messages,
    closed() {
      for (const [receiver, ids] of missed)
        if (ids.size > 0) violated(`${receiver}: ${ids.size} alerts were left out and never told, as ${[...ids][0]}`);
    },
  };
}
