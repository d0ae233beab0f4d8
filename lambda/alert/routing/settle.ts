/** Tells whom an incident concerns now. */

import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Again } from '../../consensus/news/again.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { RoutingContext } from './context.ts';
import { type Due, duesOf } from './due.ts';
import { entriesFor } from './match.ts';
import { noteTold, withMessage, withReissue } from './messages.ts';
import { withHeardByReceiver, withoutFuture, withPresentReceivers } from './told-before.ts';

/** While as many messages are not handed over, nobody is reminded. */
const MOST_PENDING = 20;

/**
 * After an alert was taken: all who are due get it as it is. After time has passed: they get the latest alert again.
 * Returns the same notification if nothing is due.
 */
export function settle(
  before: Notification,
  context: RoutingContext,
  now: number,
  cause: 'alert' | 'time',
): Notification {
  const hold = context.holdOf(before.alert, now);
  if (hold !== null) {
    const isSame = before.held?.why === hold.why && before.held.what === hold.what && before.held.until === hold.until;
    const since = before.held?.since ?? hold.since;
    const held = isSame ? before : { ...before, held: { ...hold, since } };
    const others = context.entriesNotHeld?.(before.alert, hold) ?? [];
    return others.length === 0 ? held : tellDespiteHold(held, { ...context, entries: others }, now, cause);
  }
  return ended(tellDue(before, context, now, cause), before, context, now);
}

/** Those who are not told of the parent are told as if it were up; the others wait. */
function tellDespiteHold(
  before: Notification,
  context: RoutingContext,
  now: number,
  cause: 'alert' | 'time',
): Notification {
  const { held } = before;
  const after = { ...tellDue({ ...before, held: null }, context, now, cause), held };
  return isUnchanged(after, before) ? before : after;
}

function tellDue(before: Notification, context: RoutingContext, now: number, cause: 'alert' | 'time'): Notification {
  const present = withPresentReceivers(withoutFuture(before, now), context.entries);
  const ready = withSince(withHeardByReceiver(present, context.entries), context, now);
  const { news, reminders: due, waiting } = duesOf(ready, context, now);
  const reminders = ready.owed.length < MOST_PENDING ? due : [];
  const tags = context.tagsOf(before.alert);
  const told =
    cause === 'alert'
      ? withMessage(
          ready,
          ready.alert,
          news.map(({ entry }) => entry.receiver),
          tags,
        )
      : [...byWhy(ready, news), ...byReminder(ready, reminders)].reduce(
          (next, dues) => tellAgain(next, dues, tags, now),
          ready,
        );
  const noted = noteTold(told, entriesIn(news), now);
  const reminded = cause === 'alert' ? noted : noteTold(noted, entriesIn(reminders), now, true);
  return withWaiting(
    { ...reminded, held: null },
    waiting.map(({ id }) => id),
  );
}

function entriesIn(dues: readonly Due[]) {
  return dues.map(({ entry }) => entry);
}

/** Escalation counts from the first alert that an entry wants, once nothing holds it. */
function withSince(notification: Notification, context: RoutingContext, now: number): Notification {
  const fresh = entriesFor(notification.alert, context).filter(
    ({ id }) => ownValue(notification.since, id) === undefined,
  );
  if (fresh.length === 0) return notification;
  const at = isoSeconds(now);
  return { ...notification, since: { ...notification.since, ...Object.fromEntries(fresh.map(({ id }) => [id, at])) } };
}

/** Of an acknowledged incident, those who have not heard of it before have a message of their own. */
function byWhy({ told }: Notification, news: readonly Due[]): readonly (readonly Due[])[] {
  const isFirst = ({ entry }: Due) => ownValue(told, entry.id) === undefined;
  const of = (one: Due['why']) => news.filter(({ why }) => why === one);
  const acknowledged = of('acknowledged');
  return [of('held'), of('step'), acknowledged.filter(isFirst), acknowledged.filter((due) => !isFirst(due))];
}

/** One message for each number of a reminder. */
function byReminder({ told }: Notification, reminders: readonly Due[]): readonly (readonly Due[])[] {
  const numberOf = ({ entry }: Due) => ownValue(told, entry.id)?.reminders ?? 0;
  const numbers = [...new Set(reminders.map(numberOf))].sort((a, b) => a - b);
  return numbers.map((number) => reminders.filter((due) => numberOf(due) === number));
}

/** One message to all entries that are told for one reason. */
function tellAgain(
  notification: Notification,
  dues: readonly Due[],
  tags: readonly string[],
  now: number,
): Notification {
  const [first] = dues;
  if (first === undefined) return notification;
  const receivers = dues.map(({ entry }) => entry.receiver);
  const again = againOf(notification, first);
  return withReissue(notification, { name: first.entry.id, receivers, again, tags }, now);
}

function againOf({ since, held, told, alert, acknowledged }: Notification, { entry, why }: Due): Again {
  const before = ownValue(told, entry.id);
  const hold = held === null ? {} : { hold: held };
  const again = { why, since: alert.incident?.opened ?? ownValue(since, entry.id) ?? alert.at };
  switch (why) {
    case 'reminder':
      return { ...again, number: (before?.reminders ?? 0) + 1 };
    case 'held':
      return { ...again, ...hold };
    case 'acknowledged':
      return {
        ...again,
        ...hold,
        ...(acknowledged && { by: acknowledged.by }),
        ...(before === undefined ? { isFirst: true } : {}),
      };
    case 'step':
      return again;
    default:
      return why satisfies never;
  }
}

function withWaiting(notification: Notification, waiting: readonly string[]): Notification {
  const isSame =
    waiting.length === notification.waiting.length && waiting.every((id) => notification.waiting.includes(id));
  return isSame ? notification : { ...notification, waiting };
}

/** An alert without an incident is over when everybody who wants it has heard it. */
function ended(after: Notification, before: Notification, context: RoutingContext, now: number): Notification {
  const { alert, told } = after;
  if (alert.incident === null && entriesFor(alert, context).every(({ id }) => ownValue(told, id) !== undefined))
    return { ...after, closed: isoSeconds(now) };
  return isUnchanged(after, before) ? before : after;
}

function isUnchanged(one: Notification, other: Notification): boolean {
  return (Object.keys(one) as (keyof Notification)[]).every((key) => one[key] === other[key]);
}
