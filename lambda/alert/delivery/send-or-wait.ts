/** What to do next for a channel: a pure function of its pending deliveries, its state and the time. */
import type { ChannelState, Delivery } from './delivery.ts';
import type { DeliveryRules } from './delivery-rules.ts';
import { foldIncidents } from './fold-incidents.ts';
import { partsOf } from './group-by-cause.ts';
import { allowsMessage } from './limits/message-limit.ts';
import { untoldMessage, untoldTime, withoutLimited } from './limits/topic-receivers.ts';
import { LATE, type Message } from './message.ts';
import { type Choice, channelRoom, chooseMessage } from './next-message.ts';
import { readyInPresent, withPresentClock } from './present-clock.ts';

export type DeliveryStep =
  /** Nothing is pending. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: number }
  /** Wait for others of a group, or for room in the hour. An alert that comes meanwhile may be sent before. */
  | { readonly kind: 'gather'; readonly until: number }
  /** Wait, and remember it: the verdict of a late alert may be about to change. */
  | { readonly kind: 'hold'; readonly until: number }
  | { readonly kind: 'send'; readonly message: Message };

/**
 * @param pending in the order of their keys
 * @param holdTime milliseconds in which the judge decides anew, for alerts of a table that nobody used for a time
 */
export function nextStep(
  pending: readonly Delivery[],
  stored: ChannelState,
  now: number,
  holdTime: number,
  rules: DeliveryRules,
): DeliveryStep {
  const state = withPresentClock(stored, now);
  const untoldAt = untoldTime(state, rules, now);
  if (pending.length === 0 && untoldAt === Number.POSITIVE_INFINITY) return { kind: 'idle' };
  if (now < state.next) return { kind: 'wait', until: state.next };
  const choice = choiceOf(pending, state, rules, now);
  const isPage = choice.kind === 'message' && choice.isPage;
  const untold =
    isPage || !allowsMessage(channelRoom(state, rules, now), false, now) ? null : untoldMessage(state, rules, now);
  if (untold !== null) return { kind: 'send', message: untold };
  if (choice.kind === 'later') return { kind: 'gather', until: laterOf(choice.until, untoldAt, state, rules, now) };
  const message = withoutLimited(choice.message, choice.isPage, state, rules, now);
  return sendOrHold(message, state, now, holdTime);
}

function choiceOf(pending: readonly Delivery[], state: ChannelState, rules: DeliveryRules, now: number): Choice {
  if (pending.length === 0) return { kind: 'later', until: Number.POSITIVE_INFINITY };
  const parts = partsOf(foldIncidents(pending), state.groups ?? [], rules);
  return chooseMessage(readyInPresent(parts, now), state, rules, now);
}

/** What a receiver missed waits for the room of the channel, too. */
function laterOf(until: number, untoldAt: number, state: ChannelState, rules: DeliveryRules, now: number): number {
  const room = channelRoom(state, rules, now);
  return Math.min(until, Math.max(untoldAt, 'until' in room ? room.until : 0));
}

function sendOrHold(message: Message, state: ChannelState, now: number, holdTime: number): DeliveryStep {
  if (message.sent === null || wasTriedLately(state, now)) return { kind: 'send', message };
  if (now < state.heldUntil) return { kind: 'wait', until: state.heldUntil };
  return now - state.heldUntil < LATE ? { kind: 'send', message } : { kind: 'hold', until: now + holdTime };
}

/** After hours without any attempt the monitor was off, or the table is restored from a backup. */
function wasTriedLately({ lastTry }: ChannelState, now: number): boolean {
  return lastTry !== null && now - Date.parse(lastTry) < LATE;
}
