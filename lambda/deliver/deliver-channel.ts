/** Delivers what is pending on one channel. */
import { randomUUID } from 'node:crypto';
import { SEND_TIMEOUT, TOPIC_PACE } from '../alert/channels/sender.ts';
import { afterCounting, afterMessage, afterRefused, isCounted } from '../alert/delivery/after-send.ts';
import { givenUpAlert } from '../alert/delivery/channel-failure-alerts.ts';
import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import type { ChannelState, Delivery } from '../alert/delivery/delivery.ts';
import { type DeliveryRules, deliveryRules } from '../alert/delivery/delivery-rules.ts';
import type { StoredChannel } from '../alert/delivery/delivery-store.ts';
import { type Message, reportsOldVerdict, withPresentVerdict } from '../alert/delivery/message.ts';
import { nextStep } from '../alert/delivery/send-or-wait.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import type { DeliverPorts } from '../ports.ts';
import { lookedAt } from './looked-at-deliveries.ts';
import { makeReportDeliveries } from './queue-alert-for-channels.ts';
import { sendMessage } from './send-message.ts';

/** Milliseconds for which one process alone delivers on a channel. Longer than an attempt and the writes after it. */
const LEASE_LENGTH = 40_000;
/** The lease is renewed before an attempt that it might not outlast. */
const LEASE_RESERVE = SEND_TIMEOUT + 15_000;

/** Milliseconds from one message to the next. Slack and Telegram take one a second for one room. */
const PACE: Readonly<Record<DeliveryChannel['kind'], number>> = {
  topic: TOPIC_PACE,
  email: 200,
  webhook: 0,
  service: 1_000,
  terminal: 0,
};

/** The longest time that a late alert waits for the next verdicts. */
const LONGEST_HOLD = 5 * 60_000;

export interface Shift {
  /** Waits that end later are left to the next shift. Epoch milliseconds. */
  readonly latestWait: number;
  /** No attempt begins later. Epoch milliseconds. */
  readonly latestSend: number;
  /** Ends the shift early. What was not recorded is sent again, under the same id. */
  readonly signal: AbortSignal;
}

/** One turn of delivering: the channel, the lease under which it is done, and its end. */
interface Turn extends Shift {
  readonly ports: DeliverPorts;
  readonly id: string;
  readonly by: string;
}

/**
 * Delivers what is pending on a channel, in order, as long as the channel takes it. Only one delivers at a time; any other
 * waits for the end of the lease, because its holder may have been killed. If a process ends at any point, the next one
 * repeats at most the message that was under way.
 * @returns when to continue, epoch milliseconds; null if nothing is pending, or another delivers until after this shift
 */
export async function deliverChannel(ports: DeliverPorts, id: string, shift: Shift): Promise<number | null> {
  const turn: Turn = { ...shift, ports, id, by: randomUUID() };
  let state = await takeLease(turn);
  while (state !== null && state.oldest !== null) {
    const pending = await ports.deliveries.pending(id, state.oldest);
    const next: StoredChannel | number | null = await deliverNext(turn, state, pending);
    if (typeof next === 'number') return next;
    state = next;
  }
  return null;
}

/** Does the next step. Returns the state after it, a time to continue, or null if this turn is over. */
async function deliverNext(
  turn: Turn,
  state: StoredChannel,
  pending: readonly Delivery[],
): Promise<StoredChannel | number | null> {
  const { ports, id, signal } = turn;
  if (state.reports.length > 0 || state.giveUpBefore !== null) return await settle(turn, state, pending);
  const channel = ports.channels.find((one) => one.id === id);
  if (channel === undefined) return await giveUpRemoved(turn, state, pending);
  const now = ports.now();
  const rules = deliveryRules(channel, ports.config);
  const step = nextStep(
    lookedAt(channel, pending),
    state,
    now,
    Math.min(LONGEST_HOLD, 4 * ports.config.policy.every),
    rules,
  );
  if (signal.aborted) return await leave(turn, state, pending, now);
  switch (step.kind) {
    case 'idle':
      return await finish(turn, state);
    case 'wait':
      if (step.until > turn.latestWait) return await leave(turn, state, pending, step.until);
      await ports.sleep(step.until - now, signal);
      return state;
    case 'gather':
      return await leaveUnlessMore(turn, state, pending, step.until);
    case 'hold':
      return await changeOwn(turn, (stored) => ({ ...stored, heldUntil: step.until }));
    case 'send':
      if (now > turn.latestSend) return await leave(turn, state, pending, now);
      return await send(turn, channel, state, pending, step.message);
    default:
      return step satisfies never;
  }
}

async function send(
  turn: Turn,
  channel: DeliveryChannel,
  before: StoredChannel,
  pending: readonly Delivery[],
  message: Message,
): Promise<StoredChannel | number | null> {
  const { ports, id, signal } = turn;
  const rules = deliveryRules(channel, ports.config);
  const state = await prepare(turn, before, message, rules);
  if (state === null) return null;
  const began = ports.now();
  const result = await sendMessage(ports, channel, await withVerdict(ports, message), signal);
  const now = ports.now();
  if (!result.taken && signal.aborted) return await leave(turn, state, pending, now);
  const after = result.taken
    ? afterMessage(id, state, message, now)
    : afterRefused(id, withoutCount(state, before), result, pending, now, ports.random());
  const taken = result.taken ? message.covers : [];
  const recorded = await record(turn, state, pending, after, taken);
  const pause = result.taken ? PACE[channel.kind] - (ports.now() - began) : 0;
  if (pause > 0) await ports.sleep(pause, signal);
  return recorded;
}

async function withVerdict(ports: DeliverPorts, message: Message): Promise<Message> {
  if (!reportsOldVerdict(message)) return message;
  return withPresentVerdict(message, await ports.history.judgement(message.alert.subject));
}

/**
 * Ends what was taken, and then writes the state, with what is to be reported and given up. A process that ends in between
 * repeats the rest.
 */
async function record(
  turn: Turn,
  state: StoredChannel,
  pending: readonly Delivery[],
  next: ChannelState,
  taken: readonly Delivery[],
): Promise<StoredChannel | null> {
  const { ports, id } = turn;
  await Promise.all(taken.map((delivery) => ports.deliveries.end(id, delivery, 'taken')));
  const {
    attempts,
    failingSince,
    next: again,
    lastTry,
    lastSuccess,
    lastError,
    reported,
    reports,
    giveUpBefore,
    groups,
    sent,
    receivers,
  } = next;
  const counted = { ...(groups && { groups }), ...(sent && { sent }), ...(receivers && { receivers }) };
  return await changeOwn(turn, (stored) => ({
    ...stored,
    ...{ attempts, failingSince, next: again, lastTry, lastSuccess, lastError, reported, reports, giveUpBefore },
    ...counted,
    oldest: oldestAfter(stored, state, pending, taken),
    lease: { by: turn.by, until: ports.now() + LEASE_LENGTH },
  }));
}

/**
 * Hands the stored reports over to the other channels, and ends what is given up. The reports are in the state until then, so
 * that a repetition has the same alerts under the same ids.
 */
async function settle(turn: Turn, state: StoredChannel, pending: readonly Delivery[]): Promise<StoredChannel | null> {
  const { ports, id } = turn;
  const { reports, giveUpBefore } = state;
  await makeReportDeliveries(ports, id, reports);
  const givenUp = giveUpBefore === null ? [] : pending.filter(({ made }) => made <= giveUpBefore);
  await Promise.all(givenUp.map((delivery) => ports.deliveries.end(id, delivery, 'given-up')));
  return await changeOwn(turn, (stored) => ({
    ...stored,
    reports: [],
    giveUpBefore: null,
    oldest: oldestAfter(stored, state, pending, givenUp),
  }));
}

/** The oldest delivery that is pending after some have ended. A delivery that was made meanwhile may be older. */
function oldestAfter(
  stored: StoredChannel,
  { marks, oldest }: StoredChannel,
  pending: readonly Delivery[],
  ended: readonly Delivery[],
): string | null {
  if (stored.marks !== marks) return stored.oldest;
  return pending.find((delivery) => !ended.includes(delivery))?.key ?? oldest;
}

/** Nobody can send what is pending on a channel that is no longer in the config. */
async function giveUpRemoved(
  turn: Turn,
  state: StoredChannel,
  pending: readonly Delivery[],
): Promise<StoredChannel | null> {
  if (pending.length === 0) return await finish(turn, state);
  const { ports, id } = turn;
  const lastError = 'the channel is no longer in the config';
  const now = ports.now();
  const report = givenUpAlert(id, { lastError }, pending, isoSeconds(now));
  const giveUpBefore = Math.max(now, ...pending.map(({ made }) => made));
  return await record(turn, state, pending, { ...state, reports: [report], giveUpBefore }, []);
}

/** Null if nothing is pending, or another delivers until after this shift. */
async function takeLease({ ports, id, by, latestWait, signal }: Turn): Promise<StoredChannel | null> {
  for (;;) {
    let until: number | null = null;
    const taken = await ports.deliveries.change(id, (stored) => {
      const isHeld = stored.lease !== null && stored.lease.until > ports.now() && ports.isAlone !== true;
      until = stored.oldest !== null && isHeld ? (stored.lease?.until ?? null) : null;
      if (stored.oldest === null || isHeld) return null;
      return { ...stored, lease: { by, until: ports.now() + LEASE_LENGTH } };
    });
    if (taken !== null || until === null || until > latestWait || signal.aborted) return taken;
    await ports.sleep(until - ports.now(), signal);
  }
}

/** Renews the lease if it might not outlast the attempt, and counts the message if there is a limit. */
async function prepare(
  turn: Turn,
  state: StoredChannel,
  message: Message,
  rules: DeliveryRules,
): Promise<StoredChannel | null> {
  const now = turn.ports.now();
  const isFresh = state.lease !== null && state.lease.until - now >= LEASE_RESERVE;
  if (isFresh && !isCounted(message, rules)) return state;
  const renewed = await changeOwn(turn, (stored) => ({
    ...stored,
    ...afterCounting(stored, message, rules, now),
    lease: { by: turn.by, until: now + LEASE_LENGTH },
  }));
  return renewed === null ? null : { ...renewed, marks: state.marks };
}

/** A message that was refused is not one of the hour. */
function withoutCount(state: StoredChannel, { sent, receivers }: StoredChannel): StoredChannel {
  return { ...state, ...(state.sent && { sent: sent ?? [] }), ...(state.receivers && { receivers: receivers ?? {} }) };
}

/** Ends the turn if nothing is pending. If deliveries were made since the pending ones were read, the turn goes on. */
async function finish(turn: Turn, { marks }: StoredChannel): Promise<StoredChannel | null> {
  const after = await changeOwn(turn, (stored) =>
    stored.marks === marks ? { ...stored, oldest: null, lease: null } : stored,
  );
  return after?.lease === null ? null : after;
}

/** Ends the turn until a time. An alert that was made since the pending ones were read may be due before: then it goes on. */
async function leaveUnlessMore(
  turn: Turn,
  state: StoredChannel,
  pending: readonly Delivery[],
  until: number,
): Promise<StoredChannel | number | null> {
  const { marks } = state;
  const after = await changeOwn(turn, (stored) => {
    if (stored.marks !== marks) return stored;
    return { ...stored, oldest: pending[0]?.key ?? stored.oldest, lease: null };
  });
  return after === null || after.lease === null ? until : after;
}

/** Ends the turn with a delivery pending, or with what a receiver missed: then it keeps its key. Returns when to continue. */
async function leave(turn: Turn, state: StoredChannel, pending: readonly Delivery[], until: number): Promise<number> {
  await changeOwn(turn, (stored) => ({ ...stored, oldest: oldestAfter(stored, state, pending, []), lease: null }));
  return until;
}

/** Changes the channel if this turn still has the lease; else null. */
async function changeOwn(
  { ports, id, by }: Turn,
  change: (stored: StoredChannel) => StoredChannel,
): Promise<StoredChannel | null> {
  return await ports.deliveries.change(id, (stored) => (stored.lease?.by === by ? change(stored) : null));
}
