/** Delivers what is pending on one channel. */
import { randomUUID } from 'node:crypto';
import { SEND_TIMEOUT, TOPIC_PACE } from '../alert/channels/sender.ts';
import { afterRefused, afterTaken } from '../alert/delivery/after-send.ts';
import { givenUpAlert } from '../alert/delivery/channel-failure-alerts.ts';
import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import type { ChannelState, Delivery } from '../alert/delivery/delivery.ts';
import type { StoredChannel } from '../alert/delivery/delivery-store.ts';
import { type Message, reportsOldVerdict, withPresentVerdict } from '../alert/delivery/next-message.ts';
import { nextStep } from '../alert/delivery/send-or-wait.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import type { DeliverPorts } from '../ports.ts';
import { makeReportDeliveries } from './queue-alert-for-channels.ts';
import { sendMessage } from './send-message.ts';

/** Milliseconds for which one process alone delivers on a channel. Longer than an attempt and the writes after it. */
const LEASE_LENGTH = 40_000;
/** The lease is renewed before an attempt that it might not outlast. */
const LEASE_RESERVE = SEND_TIMEOUT + 15_000;

/** Milliseconds from one message to the next. */
const PACE: Readonly<Record<DeliveryChannel['kind'], number>> = {
  topic: TOPIC_PACE,
  email: 200,
  webhook: 0,
  // Slack and Telegram take one message a second for one room.
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
  const step = nextStep(lookedAt(channel, pending), state, now, Math.min(LONGEST_HOLD, 4 * ports.config.policy.every));
  if (signal.aborted) return await leave(turn, state, pending, now);
  switch (step.kind) {
    case 'idle':
      return await finish(turn, state);
    case 'wait':
      if (step.until > turn.latestWait) return await leave(turn, state, pending, step.until);
      await ports.sleep(step.until - now, signal);
      return state;
    case 'hold':
      return await changeOwn(turn, (stored) => ({ ...stored, heldUntil: step.until }));
    case 'send':
      if (now > turn.latestSend) return await leave(turn, state, pending, now);
      return await send(turn, channel, state, pending, step.message);
    default:
      return step satisfies never;
  }
}

/** Fewer than a digest is made of. */
const ONE_BY_ONE = 5;

/**
 * A service that has incidents of its own gets each alert for itself: it could not end what a digest had begun. So few are
 * looked at that none is made.
 */
function lookedAt(channel: DeliveryChannel, pending: readonly Delivery[]): readonly Delivery[] {
  const hasIncidents =
    channel.kind === 'service' && (channel.receiver.kind === 'pagerduty' || channel.receiver.kind === 'jsm');
  return hasIncidents ? pending.slice(0, ONE_BY_ONE) : pending;
}

async function send(
  turn: Turn,
  channel: DeliveryChannel,
  before: StoredChannel,
  pending: readonly Delivery[],
  message: Message,
): Promise<StoredChannel | number | null> {
  const { ports, id, signal } = turn;
  const state = await renewLease(turn, before);
  if (state === null) return null;
  const began = ports.now();
  const result = await sendMessage(ports, channel, await withVerdict(ports, message), signal);
  const now = ports.now();
  if (!result.taken && signal.aborted) return await leave(turn, state, pending, now);
  const after = result.taken
    ? afterTaken(id, state, now)
    : afterRefused(id, state, result, pending, now, ports.random());
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
  } = next;
  return await changeOwn(turn, (stored) => ({
    ...stored,
    ...{ attempts, failingSince, next: again, lastTry, lastSuccess, lastError, reported, reports, giveUpBefore },
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

async function renewLease(turn: Turn, state: StoredChannel): Promise<StoredChannel | null> {
  const now = turn.ports.now();
  if (state.lease !== null && state.lease.until - now >= LEASE_RESERVE) return state;
  const renewed = await changeOwn(turn, (stored) => ({
    ...stored,
    lease: { by: turn.by, until: now + LEASE_LENGTH },
  }));
  return renewed === null ? null : { ...renewed, marks: state.marks };
}

/** Ends the turn if nothing is pending. If deliveries were made since the pending ones were read, the turn goes on. */
async function finish(turn: Turn, { marks }: StoredChannel): Promise<StoredChannel | null> {
  const after = await changeOwn(turn, (stored) =>
    stored.marks === marks ? { ...stored, oldest: null, lease: null } : stored,
  );
  return after?.lease === null ? null : after;
}

/** Ends the turn with deliveries pending. Returns when to continue. */
async function leave(
  turn: Turn,
  { marks }: StoredChannel,
  pending: readonly Delivery[],
  until: number,
): Promise<number> {
  await changeOwn(turn, (stored) => {
    const oldest = stored.marks === marks ? (pending[0]?.key ?? null) : stored.oldest;
    return { ...stored, oldest, lease: null };
  });
  return until;
}

/** Changes the channel if this turn still has the lease; else null. */
async function changeOwn(
  { ports, id, by }: Turn,
  change: (stored: StoredChannel) => StoredChannel,
): Promise<StoredChannel | null> {
  return await ports.deliveries.change(id, (stored) => (stored.lease?.by === by ? change(stored) : null));
}
