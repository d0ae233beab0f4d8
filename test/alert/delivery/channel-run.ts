/** A channel that takes everything, over the pure rules of delivery, on a clock of its own. */
import { afterCounting, afterMessage } from '../../../lambda/alert/delivery/after-send.ts';
import { type ChannelState, type Delivery, NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import type { DeliveryRules } from '../../../lambda/alert/delivery/delivery-rules.ts';
import type { Message } from '../../../lambda/alert/delivery/message.ts';
import { nextStep } from '../../../lambda/alert/delivery/send-or-wait.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { alertAt, deliveryOf, minute, start } from './deliveries.ts';

export interface Told {
  readonly at: number;
  readonly message: Message;
}

/** Grouping without a limit, on a channel that cannot edit. */
export const GROUPED: DeliveryRules = { group: true, canEdit: false, limit: Number.POSITIVE_INFINITY, receivers: [] };

/** An alert that is decided so many seconds after the start. */
export function causedAt(
  seconds: number,
  kind: Parameters<typeof alertAt>[1],
  subject: string,
  causes: readonly string[],
  number = 1,
): Alert {
  return { ...alertAt(seconds / 60, kind, subject, number), causes };
}

/** Every message, and the state at the end. Each alert is pending from its time on. */
export function runChannel(
  alerts: readonly Alert[],
  rules: DeliveryRules,
): { readonly told: readonly Told[]; readonly state: ChannelState; readonly ends: number } {
  const deliveries = alerts.map((alert) => deliveryOf(alert)).sort((a, b) => (a.key < b.key ? -1 : 1));
  const told: Told[] = [];
  const ended = new Set<Delivery>();
  let state: ChannelState = { ...NEW_CHANNEL, lastTry: isoSeconds(start) };
  let now = Math.min(start, ...deliveries.map(({ made }) => made));
  for (let steps = 0; steps < 20_000; steps += 1) {
    const pending = deliveries.filter((delivery) => delivery.made <= now && !ended.has(delivery));
    const step = nextStep(pending, state, now, minute, rules);
    const arrival = Math.min(...deliveries.filter(({ made }) => made > now).map(({ made }) => made));
    if (step.kind === 'send') {
      state = afterMessage('c', afterCounting(state, step.message, rules, now), step.message, now);
      for (const delivery of step.message.covers) ended.add(delivery);
      told.push({ at: now, message: step.message });
    } else {
      const until = step.kind === 'idle' ? Number.POSITIVE_INFINITY : step.until;
      if (step.kind === 'hold') state = { ...state, heldUntil: until };
      if (step.kind !== 'idle' && until <= now) throw new Error(`${step.kind} until ${until}, and it is ${now}`);
      now = Math.min(until, arrival);
      if (now === Number.POSITIVE_INFINITY) return { told, state, ends: Math.max(start, ...told.map(({ at }) => at)) };
    }
  }
  throw new Error('it does not end');
}

/** Alerts of a target that a message tells, by their time. */
export function timesBySubject({ message }: Told): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const { alert } of message.covers)
    times.set(alert.subject, [...(times.get(alert.subject) ?? []), Date.parse(alert.at)]);
  return times;
}

/** `0 down a`, `90 digest 3: 4 open, 0 over`: the seconds, and what the message tells. */
export function wordsOf({ at, message }: Told): string {
  const { alert, covers, edits, more } = message;
  const group = alert.digest?.group;
  const what =
    group === undefined ? `${alert.kind} ${alert.subject}` : `${group.cause}: ${group.open} open, ${group.over} over`;
  const marks = [edits === undefined ? '' : ' edit', more === undefined ? '' : ` +${more.count}`].join('');
  return `${(at - start) / 1000} ${what} (${covers.length})${marks}`;
}
