/** What to do next for a channel: a pure function of its pending deliveries, its state and the time. */
import type { ChannelState, Delivery } from './delivery.ts';
import { LATE, type Message, nextMessage } from './next-message.ts';

export type DeliveryStep =
  /** Nothing is pending. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: number }
  /** Wait, and remember it: the verdict of a late alert may be about to change. */
  | { readonly kind: 'hold'; readonly until: number }
  | { readonly kind: 'send'; readonly message: Message };

/**
 * @param pending in the order of their keys
 * @param holdTime milliseconds in which the judge decides anew, for alerts of a table that nobody used for a time
 */
export function nextStep(
  pending: readonly Delivery[],
  state: ChannelState,
  now: number,
  holdTime: number,
): DeliveryStep {
  const [first, ...rest] = pending;
  if (first === undefined) return { kind: 'idle' };
  if (now < state.next) return { kind: 'wait', until: state.next };
  const message = nextMessage([first, ...rest], now);
  if (message.sent === null || wasTriedLately(state, now)) return { kind: 'send', message };
  if (now < state.heldUntil) return { kind: 'wait', until: state.heldUntil };
  return now - state.heldUntil < LATE ? { kind: 'send', message } : { kind: 'hold', until: now + holdTime };
}

/** After hours without any attempt the monitor was off, or the table is restored from a backup. */
function wasTriedLately({ lastTry }: ChannelState, now: number): boolean {
  return lastTry !== null && now - Date.parse(lastTry) < LATE;
}
