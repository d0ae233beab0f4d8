/** One incident that is routed minute by minute, with repetitions and crashes. */

import { acknowledgeNotification } from '../../../lambda/alert/routing/acknowledge-notification.ts';
import type { RoutingContext } from '../../../lambda/alert/routing/context.ts';
import type { RoutedEntry } from '../../../lambda/alert/routing/entry.ts';
import { passOfTime } from '../../../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../../../lambda/alert/routing/take-alert.ts';
import { alertTopics } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Hold } from '../../../lambda/consensus/news/again.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { alertAt, minute, start } from '../delivery/deliveries.ts';

export type Step = 'wait' | 'down' | 'degraded' | 'unknown' | 'hold' | 'release' | 'acknowledge' | 'recovered';

export interface Sent {
  readonly at: number;
  readonly message: Alert;
}

export function entry(id: string, rules: Partial<RoutedEntry> = {}): RoutedEntry {
  return { id, receiver: `webhook:${id}`, place: 0, when: alertTopics, ...rules };
}

export const HOLD: Hold = { why: 'mute', what: 'new cable', since: '2026-11-22T05:00:00Z', until: null };

/** Hours of these tests: odd ten minutes of an hour. */
export const ODD = { zone: 'UTC', spans: [] };
export function isOdd(now: number): boolean {
  return Math.floor((now - start) / (10 * minute)) % 2 === 1;
}

export function contextOf(entries: readonly RoutedEntry[], isHeld: () => boolean = () => false): RoutingContext {
  return {
    entries,
    tagsOf: () => [],
    holdOf: () => (isHeld() ? HOLD : null),
    isWithinHours: (_, now) => isOdd(now),
  };
}

/**
 * Runs the steps, one each minute, and a pass of time after each.
 * @param repeats which steps a second process repeats with what it read before
 * @param onMinute sees the notification after each minute
 */
export function run(
  entries: readonly RoutedEntry[],
  steps: readonly Step[],
  repeats: (step: number) => boolean = () => false,
  onMinute: (notification: Notification | null, at: number, sent: readonly Sent[]) => void = () => {},
): { readonly sent: readonly Sent[]; readonly notification: Notification | null } {
  let isHeld = false;
  let notification: Notification | null = null;
  const made = new Map<string, Sent>();
  const context = contextOf(entries, () => isHeld);
  const deliver = (at: number, isCrash: boolean) => {
    for (const message of notification?.owed ?? []) if (!made.has(message.id)) made.set(message.id, { at, message });
    // A process that ends before this hands over the same messages again.
    if (notification !== null && !isCrash) notification = { ...notification, owed: [] };
  };
  steps.forEach((step, number) => {
    const now = start + number * minute;
    const act = (before: Notification | null): Notification | null => {
      if (step === 'acknowledge') return before && acknowledgeNotification(before, 'ops@example.com', now);
      if (step === 'wait' || step === 'hold' || step === 'release') return before;
      return takeAlert(before, alertAt(number, step, 'mx1', 0), context, now);
    };
    if (step === 'hold') isHeld = true;
    if (step === 'release') isHeld = false;
    notification = act(notification);
    deliver(now, repeats(number));
    if (repeats(number)) notification = act(notification);
    notification = notification && passOfTime(notification, context, now);
    deliver(now, repeats(number));
    if (repeats(number)) notification = notification && passOfTime(notification, context, now);
    deliver(now, false);
    onMinute(notification, now, [...made.values()]);
  });
  return { sent: [...made.values()], notification };
}

/** The id of the alert that a message is, or was sent again for. */
export function originOf({ id }: Alert): string {
  return id.split('+')[0] ?? id;
}

export function receiversOf(sent: readonly Sent[]): readonly string[] {
  return [...new Set(sent.flatMap(({ message }) => message.to ?? []))].sort();
}
