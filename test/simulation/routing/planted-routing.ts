/** Bugs of routing, windows, mutes, groups and limits, each of which breaks a law. The simulation must detect each. */
import { type Bug, withPlanted } from '../planted.ts';
import type { RoutingProduct } from './simulate-routing.ts';

export const ROUTING_BUGS: readonly Bug[] = [
  {
    name: 'who was told is stored only after the deliveries: a crash between two channels tells it twice',
    file: 'history/notifications/notification-item.ts',
    find: '...{ pk: notificationsKey, sk, ...rest, closed, version },',
    plant: '...{ pk: notificationsKey, sk, ...rest, told: owed.length > 0 ? {} : rest.told, closed, version },',
  },
  {
    name: 'a recovery goes to all who want it, also if they were never told',
    file: 'alert/routing/take-alert.ts',
    find: 'const others = isKnown && !isDrill(alert) ? [] : entriesFor',
    plant: 'const others = entriesFor',
  },
  {
    name: 'a recovery goes to nobody while it is held',
    file: 'alert/routing/take-alert.ts',
    find: 'const told = toldReceivers(notification, context.entries);',
    plant:
      'const told = context.holdOf(alert, Date.parse(alert.at)) ? [] : toldReceivers(notification, context.entries);',
  },
  {
    name: 'an escalation goes on after the acknowledgement',
    file: 'alert/routing/due.ts',
    find: "return acknowledged === null && now >= Date.parse(ownValue(since, id) ?? '') + after;",
    plant: "return now >= Date.parse(ownValue(since, id) ?? '') + after;",
  },
  {
    name: 'reminders go on after the acknowledgement',
    file: 'alert/routing/due.ts',
    find: 'last === undefined || acknowledged !== null)',
    plant: 'last === undefined)',
  },
  {
    name: 'the end of a hold does not say that the incident is acknowledged',
    file: 'alert/routing/due.ts',
    find: "if (acknowledged !== null) return 'acknowledged';",
    plant: '',
  },
  {
    name: 'a step counts from the last pass',
    file: 'alert/routing/settle.ts',
    find: '({ id }) => ownValue(notification.since, id) === undefined,',
    plant: '() => true,',
  },
  {
    name: 'a window eats an outage that lasts across its end',
    file: 'alert/routing/pass-of-time.ts',
    find: 'if (before.closed !== null) return before;',
    plant: "if (before.closed !== null || before.held?.why === 'window') return before;",
  },
  {
    name: 'a mute has no end',
    seed: 2,
    file: 'alert/windows/in-force.ts',
    find: 'from - AHEAD <= now && until > now && until > from;',
    plant: 'from - AHEAD <= now && until > from;',
    and: [
      {
        file: 'alert/windows/in-force.ts',
        find: 'from, until, tellsAt: until, scope };',
        plant: 'from, until: until + 86_400_000, tellsAt: until + 86_400_000, scope };',
      },
    ],
  },
  {
    name: 'a mute that was ended early holds until its planned end',
    seed: 4,
    file: 'history/windows/mute-item.ts',
    find: 'until: Date.parse(until),',
    plant: 'until: Date.parse(until) + (endedBy === undefined ? 0 : 10_800_000),',
  },
  {
    name: 'nothing holds what is behind a target that is down',
    file: 'judge/routing/routing-context.ts',
    find: 'if (target?.behind === undefined) return null;',
    plant: 'if (target !== null) return null;',
  },
  {
    name: 'a window begins in the second of two hours that the clock shows',
    file: 'calendar/zone.ts',
    find: "zoned({ day, minute }, zone, 'compatible'), isSkipped",
    plant: "zoned({ day, minute }, zone, 'later'), isSkipped",
  },
  {
    name: 'an hour that the clock repeats counts once',
    file: 'calendar/hours.ts',
    find: 'const local = localMinute(at, hours.zone);',
    plant:
      'const local = localMinute(at, hours.zone);\n  if (localMinute(at - 3_600_000, hours.zone).minute === local.minute) return false;',
  },
  {
    name: 'a group hides a second cause',
    file: 'alert/delivery/group-by-cause.ts',
    find: 'sharedBy([causes, opening.causes ?? []]).length > 0',
    plant: 'causes.length >= 0',
  },
  {
    name: 'the ceiling drops the first page',
    file: 'alert/delivery/next-message.ts',
    find: 'if (page !== undefined && allowsMessage(room, true, now)) return page;',
    plant: '',
  },
  {
    name: 'what is above the ceiling ends, and is not told as a number',
    file: 'alert/delivery/next-message.ts',
    find: '...(alert.digest === undefined ? {} : { more: alert.digest }),',
    plant: '',
  },
  {
    name: 'the ceiling lets one message more through',
    file: 'alert/delivery/limits/message-limit.ts',
    find: 'if (used.length >= limit) return',
    plant: 'if (used.length >= limit + 1) return',
    and: [
      {
        file: 'alert/delivery/limits/message-limit.ts',
        find: 'const open = limit - kept;',
        plant: 'const open = limit + 1;',
      },
    ],
  },
  {
    name: 'what a receiver above its limit missed is stored after the message is sent',
    file: 'alert/delivery/limits/topic-receivers.ts',
    find: 'Object.fromEntries([...counted, ...left])',
    plant: 'Object.fromEntries(counted)',
  },
  {
    name: 'messages of time that a killed judge did not hand over are never sent',
    file: 'judge/routing-pass.ts',
    find: 'if (!isChanged && notification.owed.length === 0) return null;',
    plant: 'if (!isChanged) return null;',
  },
];

const ENTRY = `
  export { acknowledge } from './answer/incidents/acknowledge.ts';
  export { deliverChannel } from './deliver/deliver-channel.ts';
  export { openDeliveries } from './deliver/delivery-table.ts';
  export { openHistory } from './history/history.ts';
  export { openNotifications } from './history/notifications/notification-store.ts';
  export { openWindowStore } from './history/windows/window-store.ts';
  export { handOverAlerts } from './judge/hand-over-alerts.ts';
  export { judgementOutbox, takeOverLease } from './judge/judgement-outbox.ts';
  export { routingPass } from './judge/routing-pass.ts';
  export { wakeChannels } from './judge/wake-channels.ts';`;

export function withRoutingBug(bug: Bug): Promise<RoutingProduct> {
  return withPlanted<RoutingProduct>(bug, ENTRY);
}

/** The same copy of the product without a bug. */
export const CONTROL: Bug = {
  name: 'a copy without a bug',
  file: 'alert/routing/due.ts',
  find: 'export function duesOf(',
  plant: 'export function duesOf(',
};
