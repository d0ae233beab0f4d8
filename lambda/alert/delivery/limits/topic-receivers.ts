/** The receivers of the topic, each with a limit of its own. Who is above it is left out of a message, and told later. */

import { foldAlerts } from '../../../consensus/incident/fold-alerts-into-digest.ts';
import type { Alert, Digest } from '../../../consensus/judgement/incident.ts';
import type { Verdict } from '../../../consensus/judgement/vote-and-verdict-definitions.ts';
import { ownValue } from '../../../wire/own-value.ts';
import { PLAIN } from '../../words/late-delivery-note.ts';
import type { ChannelState, ReceiverState } from '../delivery.ts';
import type { DeliveryRules, LimitedReceiver } from '../delivery-rules.ts';
import type { Message } from '../message.ts';
import { allowsMessage, type Room, roomFor, withinHour } from './message-limit.ts';

type States = Readonly<Record<string, ReceiverState>>;

const NOTHING: ReceiverState = { sent: [] };

/** Subjects and ids that the state of the channel keeps for a receiver. */
const MOST_NAMED = 20;

/** The message without the receivers that are above their limit. */
export function withoutLimited(
  message: Message,
  isPage: boolean,
  { receivers: states = {} }: ChannelState,
  rules: DeliveryRules,
  now: number,
): Message {
  const { alert } = message;
  const receivers = receiversOf(alert, rules);
  const leftOut = receivers.filter((one) => !allowsMessage(roomOf(one, states, now), isPage, now)).map(({ id }) => id);
  if (leftOut.length === 0) return message;
  const to = (alert.to ?? receivers.map(({ id }) => id)).filter((id) => !leftOut.includes(id));
  return { ...message, alert: { ...alert, to }, leftOut };
}

function receiversOf(alert: Alert, { receivers }: DeliveryRules): readonly LimitedReceiver[] {
  const { to } = alert;
  return receivers.filter((one) => (to === undefined ? one.wants(alert) : to.includes(one.id)));
}

function roomOf({ id, limit }: LimitedReceiver, states: States, now: number): Room {
  return roomFor(ownValue(states, id)?.sent ?? [], limit, now);
}

/** What a receiver missed, once its hour has room; null if nobody is due. */
export function untoldMessage(
  { receivers: states = {} }: ChannelState,
  { receivers }: DeliveryRules,
  now: number,
): Message | null {
  for (const receiver of receivers) {
    const untold = ownValue(states, receiver.id)?.untold;
    if (untold === undefined || !allowsMessage(roomOf(receiver, states, now), false, now)) continue;
    return { ...PLAIN, alert: untoldAlert(untold, receiver.id), covers: [] };
  }
  return null;
}

function untoldAlert(digest: Digest, receiver: string): Alert {
  return {
    id: `digest@${digest.first}#${digest.count}-${receiver}`,
    kind: 'digest',
    subject: 'digest',
    at: digest.last,
    was: 'unknown',
    is: worstOf(digest),
    incident: null,
    votes: [],
    reason: `${digest.count} alerts above the limit of messages an hour`,
    digest,
    to: [receiver],
  };
}

function worstOf({ kinds }: Digest): Verdict {
  if (kinds.down !== undefined || kinds.update !== undefined || kinds.flapping !== undefined) return 'down';
  if (kinds.unknown !== undefined) return 'unknown';
  return kinds.degraded === undefined ? 'up' : 'degraded';
}

/** When a receiver that missed something has room; infinite if none did. */
export function untoldTime(
  { receivers: states = {} }: ChannelState,
  { receivers }: DeliveryRules,
  now: number,
): number {
  const rooms = receivers
    .filter(({ id }) => ownValue(states, id)?.untold !== undefined)
    .map((one) => roomOf(one, states, now));
  return Math.min(...rooms.map((room) => ('until' in room ? room.until : now)));
}

/**
 * The state of the receivers with this message counted, and with what those miss who are left out of it. Both are stored before it
 * is sent: a process that ends before it records the message may not lose either.
 */
export function countedReceivers(
  states: States,
  { alert, covers, leftOut = [] }: Message,
  rules: DeliveryRules,
  now: number,
): States {
  const counted = receiversOf(alert, rules).map(({ id }) => {
    const before = ownValue(states, id) ?? NOTHING;
    return [id, { ...before, sent: [...withinHour(before.sent, now), now] }] as const;
  });
  const missed = covers.map((delivery) => delivery.alert);
  const left = leftOut.map((id) => [id, withUntold(ownValue(states, id) ?? NOTHING, id, missed)] as const);
  return { ...recent(states, rules, now), ...Object.fromEntries([...counted, ...left]) };
}

/** Forgets who is no longer in the config, and who got and missed nothing. */
function recent(states: States, { receivers }: DeliveryRules, now: number): States {
  const kept = Object.entries(states).filter(
    ([id, { sent, untold }]) =>
      receivers.some((one) => one.id === id) && (untold !== undefined || withinHour(sent, now).length > 0),
  );
  return Object.fromEntries(kept);
}

/** The state of the receivers after a message was taken. Who was told what it had missed has missed nothing. */
export function receiversAfter(states: States, { alert, covers }: Message): States {
  const after = Object.entries(states).map(([id, { sent, untold }]) => {
    const isTold = untold !== undefined && covers.length === 0 && alert.to?.includes(id) === true;
    return [id, isTold || untold === undefined ? { sent } : { sent, untold }] as const;
  });
  return Object.fromEntries(after);
}

/** A message that is sent again after a crash may have been counted before. */
function withUntold({ sent, untold }: ReceiverState, id: string, missed: readonly Alert[]): ReceiverState {
  const fresh = missed.filter((alert) => untold?.ids.includes(alert.id) !== true);
  const all = [...(untold === undefined ? [] : [untoldAlert(untold, id)]), ...fresh];
  const digest = all.length === 0 ? undefined : foldAlerts(all).digest;
  if (digest === undefined) return { sent };
  const { subjects, ids } = digest;
  return { sent, untold: { ...digest, subjects: subjects.slice(0, MOST_NAMED), ids: ids.slice(0, MOST_NAMED) } };
}
