/** What becomes of a notification as time passes: steps, reminders, the ends of holds, and what others decided. */
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import { acknowledgeNotification } from './acknowledge-notification.ts';
import { type IncidentFacts, NO_FACTS, type RoutingContext } from './context.ts';
import { toldReceivers, withReissue } from './messages.ts';
import { settle } from './settle.ts';

/** What was read of an incident may be older than its notification, by much less than this. Milliseconds. */
const OLDEST_READ = 10 * 60_000;
/** Targets that are down behind another are told together, so long after that one was told. */
const BEHIND_AFTER = 90_000;
/** Those that are down later are told so long after the last message. */
const BEHIND_AGAIN = 15 * 60_000;
/** Targets that a message names, and that a notification remembers. Of more than it remembers nothing is told later. */
const MOST_BEHIND = { named: 50, listed: 1000 } as const;

/** Returns the same notification if nothing is due. */
export function passOfTime(
  before: Notification,
  context: RoutingContext,
  now: number,
  facts: IncidentFacts = NO_FACTS,
): Notification {
  if (before.closed !== null) return before;
  // A judge of the previous release told its end.
  if (facts.isOver && now - Date.parse(before.alert.at) > OLDEST_READ)
    return { ...before, closed: isoSeconds(now), held: null, waiting: [] };
  const { acknowledged } = facts;
  const known =
    acknowledged === null || before.acknowledged !== null
      ? before
      : acknowledgeNotification(before, acknowledged.by, now);
  return tellBehind(settle(known, context, now, 'time'), facts.behind, context, now);
}

/** Tells who was told of a target which ones are down behind it. */
function tellBehind(
  notification: Notification,
  behind: readonly string[],
  context: RoutingContext,
  now: number,
): Notification {
  const { listed, held, told, alert } = notification;
  const known = new Set(listed);
  const fresh = listed.length >= MOST_BEHIND.listed ? [] : behind.filter((id) => !known.has(id));
  const times = Object.values(told).map(({ first, last }) => Date.parse(listed.length === 0 ? first : last));
  if (fresh.length === 0 || held !== null || times.length === 0) return notification;
  if (now - Math.max(...times) < (listed.length === 0 ? BEHIND_AFTER : BEHIND_AGAIN)) return notification;
  const all = [...new Set([...listed, ...behind])].slice(0, MOST_BEHIND.listed);
  const more = behind.length - MOST_BEHIND.named;
  const reissue = {
    name: 'behind',
    receivers: toldReceivers(notification, context.entries),
    again: {
      why: 'behind',
      since: alert.incident?.opened ?? alert.at,
      behind: [...behind].sort().slice(0, MOST_BEHIND.named),
      ...(more > 0 ? { more } : {}),
    },
    tags: context.tagsOf(alert),
    kind: 'update',
  } as const;
  const again = withReissue({ ...notification, listed: all }, reissue, now);
  return { ...again, told: heardAgain(again.told, isoSeconds(now)) };
}

function heardAgain(told: Notification['told'], last: string): Notification['told'] {
  return Object.fromEntries(Object.entries(told).map(([id, one]) => [id, { ...one, last, times: one.times + 1 }]));
}
