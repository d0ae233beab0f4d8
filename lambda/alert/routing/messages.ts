/** The addressed messages of a notification, and what is noted of who got them. */

import type { Alert } from '../../consensus/judgement/incident.ts';
import { isoSeconds, laterTime } from '../../consensus/judgement/round-name.ts';
import type { Again } from '../../consensus/news/again.ts';
import type { Notification, Told } from '../../consensus/notification/notification.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { RoutedEntry } from './entry.ts';

/** An alert as the judge made it, for these receivers. Without a receiver there is none. */
export function withMessage(
  notification: Notification,
  alert: Alert,
  receivers: readonly string[],
  tags: readonly string[],
): Notification {
  if (receivers.length === 0) return notification;
  const { severity, owed } = notification;
  const to = [...new Set(receivers)];
  const addressed: Alert = { ...alert, to, severity, ...(tags.length === 0 ? {} : { tags }) };
  return { ...notification, owed: [...owed, addressed] };
}

export interface Reissue {
  /** What its id is made of. */
  readonly name: string;
  readonly receivers: readonly string[];
  readonly again: Again;
  readonly tags: readonly string[];
  readonly kind?: Alert['kind'];
}

/** The latest alert once more, under an id of its own. */
export function withReissue(
  notification: Notification,
  { name, receivers, again, tags, kind }: Reissue,
  now: number,
): Notification {
  const { alert } = notification;
  if (receivers.length === 0) return notification;
  const reissued = notification.reissued + 1;
  const message: Alert = {
    ...alert,
    id: `${alert.id}+${name}-${reissued}`,
    at: laterTime(alert.at, isoSeconds(now)),
    kind: kind ?? alert.kind,
    again,
  };
  return withMessage({ ...notification, reissued }, message, receivers, tags);
}

/** Notes that these entries heard the latest alert. */
export function noteTold(
  notification: Notification,
  entries: readonly RoutedEntry[],
  now: number,
  isReminder = false,
): Notification {
  const at = isoSeconds(now);
  const told = entries.map(({ id, receiver }): [string, Told] => {
    const before = ownValue(notification.told, id);
    const { first = at, times = 0, reminders = 0 } = before ?? {};
    const counted = isReminder ? reminders + 1 : reminders;
    return [id, { receiver, first, last: at, times: times + 1, reminders: counted, alert: notification.alert.id }];
  });
  return told.length === 0
    ? notification
    : { ...notification, told: { ...notification.told, ...Object.fromEntries(told) } };
}

/** Where the incident was told, as far as the config still names it. */
export function toldReceivers({ told }: Notification, entries: readonly RoutedEntry[]): readonly string[] {
  const configured = new Set(entries.map(({ receiver }) => receiver));
  return [...new Set(Object.values(told).map(({ receiver }) => receiver))].filter((one) => configured.has(one));
}
