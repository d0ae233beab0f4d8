/** What a notification has of an entry, also after the clock was set back or the config was changed. */
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Notification, Told } from '../../consensus/notification/notification.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { RoutedEntry } from './entry.ts';

/** Clocks of judges differ by less. Milliseconds. */
const TOLERANCE = 60_000;

/** A time that has not come was written before the clock was set back: it counts from now, so that no step waits for it. */
export function withoutFuture(notification: Notification, now: number): Notification {
  const { since, told } = notification;
  const isFuture = (time: string) => Date.parse(time) > now + TOLERANCE;
  if (![...Object.values(since), ...Object.values(told).map(({ last }) => last)].some(isFuture)) return notification;
  const past = (time: string) => (isFuture(time) ? isoSeconds(now) : time);
  return {
    ...notification,
    since: Object.fromEntries(Object.entries(since).map(([id, at]) => [id, past(at)])),
    told: Object.fromEntries(
      Object.entries(told).map(([id, one]) => [id, { ...one, first: past(one.first), last: past(one.last) }]),
    ),
  };
}

/**
 * An entry that has another receiver now: what the former one heard is noted under its own id, and the other one has heard
 * nothing.
 */
export function withPresentReceivers(notification: Notification, entries: readonly RoutedEntry[]): Notification {
  const receivers = new Map(entries.map(({ id, receiver }) => [id, receiver]));
  const isFormer = ([id, { receiver }]: readonly [string, Told]) => (receivers.get(id) ?? receiver) !== receiver;
  const told = Object.entries(notification.told);
  const former = told.filter(isFormer).map(([, one]) => [one.receiver, one] as const);
  if (former.length === 0) return notification;
  return { ...notification, told: Object.fromEntries([...former, ...told.filter((one) => !isFormer(one))]) };
}

/**
 * A receiver that heard the latest alert by another entry does not hear it again: by one that has another name now, or by one
 * with other rules. A step of its own is taken.
 */
export function withHeardByReceiver(notification: Notification, entries: readonly RoutedEntry[]): Notification {
  const { told, alert } = notification;
  const configured = new Set(entries.map(({ id }) => id));
  const heard = Object.entries(told).filter(([, one]) => one.alert === alert.id);
  const copies = entries.flatMap(({ id, receiver, after = 0 }): [string, Told][] => {
    if (ownValue(told, id)?.alert === alert.id) return [];
    const other = heard.find(([name, one]) => one.receiver === receiver && (after === 0 || !configured.has(name)));
    return other === undefined ? [] : [[id, other[1]]];
  });
  return copies.length === 0 ? notification : { ...notification, told: { ...told, ...Object.fromEntries(copies) } };
}
