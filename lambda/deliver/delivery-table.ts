/** Deliveries and the state of channels in the table. `docs/table.md` describes the items. */
import { randomUUID } from 'node:crypto';
import {
  type Delivery,
  deliveryKey,
  NEW_CHANNEL,
  type OpenGroup,
  type ReceiverState,
} from '../alert/delivery/delivery.ts';
import type { DeliveryProgress, DeliveryStore, StoredChannel } from '../alert/delivery/delivery-store.ts';
import { isAlert, isDigest } from '../history/packing/judgement-item.ts';
import { channelsKey, deliveriesKey, endOfKeys } from '../history/table/keys.ts';
import type { Item, Table } from '../history/table/table.ts';
import {
  isCount,
  isFields,
  isListOf,
  isMapOf,
  isNumber,
  isText,
  isTextOrNull,
  isTime,
} from '../history/table/type-guards.ts';
import {
  must,
  type ReportUnreadable,
  readable,
  readOrNull,
  reportOnce,
  unchangedSince,
} from '../history/table/unreadable.ts';
import { openPostedMessages } from './posted-messages.ts';

export interface DeliveryTableOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Called once for each item that cannot be read, and is skipped. */
  readonly reportUnreadable?: ReportUnreadable;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

/** Longer than a delivery is tried, so that a repeated `make` finds it. */
const KEPT_SECONDS = 8 * 86_400;
/** Deliveries that are read at once. */
const MOST_READ = 300;
/** Writers of one channel: judges, and the one who delivers. */
const MOST_CONFLICTS = 30;

export function openDeliveries(table: Table, options: DeliveryTableOptions = {}): DeliveryStore {
  const { now = Date.now, newId = () => randomUUID().slice(0, 8) } = options;

  const tell = reportOnce(options.reportUnreadable);
  const channelOf = (item: Item): StoredChannel => readOrNull(item, parseChannel, tell) ?? unreadableChannel(item.sk);

  const store: DeliveryStore = {
    ...openPostedMessages(table, now),

    async make(channel, alert) {
      const ttl = Math.floor(now() / 1000) + KEPT_SECONDS;
      const key = { pk: deliveriesKey.pk(channel), sk: deliveryKey(alert) };
      await table.put({ ...key, alert, state: 'pending', made: now(), version: 1, ttl }, { absent: true });
    },

    async mark(channel, key) {
      await store.change(channel, (stored) => ({
        ...stored,
        marks: stored.marks + 1,
        oldest: stored.oldest !== null && stored.oldest < key ? stored.oldest : key,
      }));
    },

    async pending(channel, from) {
      const found: Delivery[] = [];
      for (let next = from; found.length < MOST_READ; ) {
        const range = { from: next, to: endOfKeys, limit: MOST_READ, consistent: true };
        const items = await table.query(deliveriesKey.pk(channel), range);
        found.push(
          ...readable(
            items.filter(({ state }) => state === 'pending'),
            parseDelivery,
            tell,
          ),
        );
        const last = items.at(-1);
        if (last === undefined || items.length < MOST_READ) break;
        next = `${last.sk}\0`;
      }
      return found.slice(0, MOST_READ);
    },

    async outcome(channel, from, incident) {
      const items = await table.query(deliveriesKey.pk(channel), { from, to: endOfKeys, consistent: true });
      const own = items.filter(({ sk }) => sk.slice(sk.indexOf('#') + 1).startsWith(incident)).at(-1);
      return own === undefined ? null : outcomeOf(own);
    },

    async end(channel, { key, alert, made }, state) {
      const { id, kind, subject, at } = alert;
      const ttl = Math.floor(made / 1000) + KEPT_SECONDS;
      const ended = { alert: { id, kind, subject, at }, state, made, ended: now(), version: 2, ttl };
      await table.put({ pk: deliveriesKey.pk(channel), sk: key, ...ended }, { version: 1 });
    },

    async channels() {
      return (await table.query(channelsKey)).map(channelOf);
    },

    async change(channel, change) {
      for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
        const stored = await table.get(channelsKey, channel);
        const before = stored === null ? newChannel(channel) : channelOf(stored);
        const next = change(before);
        if (next === null) return null;
        const after = { ...next, version: before.version + 1 };
        const { channel: sk, ...attributes } = after;
        const item = { ...attributes, pk: channelsKey, sk, written: newId() };
        if (await table.put(item, stored === null ? { absent: true } : unchangedSince(stored))) return after;
        // The first answer to our own write may have been lost, and its repetition refused.
        if ((await table.get(channelsKey, channel))?.written === item.written) return after;
      }
      throw new Error(`channel ${channel} was changed by others ${MOST_CONFLICTS} times`);
    },
  };
  return store;
}

function newChannel(channel: string): StoredChannel {
  return { ...NEW_CHANNEL, channel, version: 0, marks: 0, lease: null };
}

/** Of a channel that cannot be read nothing is known: all its deliveries are looked at again. */
function unreadableChannel(channel: string): StoredChannel {
  return { ...newChannel(channel), oldest: FIRST_KEY };
}

/** Sorts before every key of a delivery. DynamoDB refuses an empty key. */
const FIRST_KEY = ' ';

/** @throws where it is none */
function parseChannel({ pk: _pk, sk, written: _written, ...state }: Item): StoredChannel {
  const { oldest, attempts, failingSince, next, heldUntil, lastTry, lastSuccess, lastError, reported } = state;
  const { reports = [], giveUpBefore = null } = state;
  must([oldest, lastError].every(isTextOrNull) && oldest !== '', 'oldest');
  must(
    [failingSince, lastTry, lastSuccess].every((at) => at === null || isTime(at)),
    'a time',
  );
  must([attempts, state.version, state.marks].every(isCount), 'a count');
  must([next, heldUntil].every(isNumber) && typeof reported === 'boolean', 'the next attempt');
  must(isListOf(reports, isAlert), 'reports');
  must(giveUpBefore === null || isNumber(giveUpBefore), 'the deliveries to give up');
  must(state.lease === null || isLease(state.lease), 'lease');
  must(state.groups === undefined || isListOf(state.groups, isGroup), 'groups');
  must(state.sent === undefined || isListOf(state.sent, isNumber), 'sent');
  must(state.receivers === undefined || isMapOf(state.receivers, isReceiver), 'receivers');
  return { ...newChannel(sk), ...(state as Partial<StoredChannel>) };
}

function isLease(value: unknown): boolean {
  return isFields(value) && isText(value.by) && isNumber(value.until);
}

function isGroup(value: unknown): value is OpenGroup {
  if (!isFields(value)) return false;
  const { id, kind, causes, to, until, told, members } = value;
  const isNamed = isText(id) && isText(kind) && (to === undefined || isText(to));
  return isNamed && [until, told].every(isNumber) && isListOf(causes, isText) && isListOf(members, isText);
}

function isReceiver(value: unknown): value is ReceiverState {
  return isFields(value) && isListOf(value.sent, isNumber) && (value.untold === undefined || isDigest(value.untold));
}

function outcomeOf({ state, ended }: Item): DeliveryProgress {
  return (state === 'taken' || state === 'given-up') && isNumber(ended) ? { state, ended } : { state: 'pending' };
}

/** @throws where it is none */
function parseDelivery({ sk, alert, made }: Item): Delivery {
  must(isAlert(alert) && deliveryKey(alert) === sk, 'alert');
  must(isNumber(made), 'made');
  return { key: sk, alert, made };
}
