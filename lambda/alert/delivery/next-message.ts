/** Which message of a channel is next: the first that is ready, or what is worth one of the last messages of the hour. */
import { actionsOf } from '../channels/pagers/incident-of-alert.ts';
import type { ChannelState } from './delivery.ts';
import type { DeliveryRules } from './delivery-rules.ts';
import { takeInOrder } from './fold-incidents.ts';
import { firstOfGroup, joinMessage, type PendingPart, recoveryMessage } from './group-by-cause.ts';
import { allowsMessage, type Room, roomFor } from './limits/message-limit.ts';
import { isKnown, lineOf } from './line.ts';
import { digestMessage, type Message, withTime } from './message.ts';

/** More pending alerts of one kind than this are sent as one digest. */
const MOST_OF_ONE_KIND = 5;

const HOUR = 3_600_000;

export type Choice =
  | { readonly kind: 'message'; readonly message: Message; readonly isPage: boolean }
  | { readonly kind: 'later'; readonly until: number };

/** @param parts one or more */
export function chooseMessage(
  parts: readonly PendingPart[],
  state: ChannelState,
  rules: DeliveryRules,
  now: number,
): Choice {
  const room = channelRoom(state, rules, now);
  const ready = parts.filter((part) => part.ready <= now);
  const lead = leadOf(ready, room, rules, now);
  if (lead === undefined) return { kind: 'later', until: nextTime(parts, room, now) };
  const isAmple = room.kind === 'free' || (isFree(lead, rules) && isFirstOfLine(lead, ready));
  const chosen = isAmple ? messageOf(lead, parts, rules, now) : scarceMessage(lead, parts, rules, now);
  const message = isQuiet(lead, rules) ? { ...chosen, quiet: true as const } : chosen;
  return { kind: 'message', message: withTime(message, now), isPage: isPage(lead) };
}

export function channelRoom({ sent = [] }: ChannelState, { limit }: DeliveryRules, now: number): Room {
  return Number.isFinite(limit) ? roomFor(sent, limit, now) : { kind: 'free' };
}

function leadOf(ready: readonly PendingPart[], room: Room, rules: DeliveryRules, now: number): PendingPart | undefined {
  if (room.kind === 'free') return ready[0];
  const free = ready.find((part) => isFree(part, rules) && isFirstOfLine(part, ready));
  const page = ready.find(isPage);
  if (free !== undefined) return free;
  if (page !== undefined && allowsMessage(room, true, now)) return page;
  return allowsMessage(room, false, now) ? (ready.find(({ isOver }) => isOver) ?? ready[0]) : undefined;
}

/** What comes before it may wait for room. */
function isFirstOfLine(part: PendingPart, ready: readonly PendingPart[]): boolean {
  return ready.find(({ alert }) => lineOf(alert) === lineOf(part.alert)) === part;
}

function isFree(part: PendingPart, rules: DeliveryRules): boolean {
  return isEdit(part, rules) || isQuiet(part, rules);
}

/** It is sent by itself: a digest could not end an incident of the service. */
function isQuiet({ alert }: PendingPart, { ownIncidents = false }: DeliveryRules): boolean {
  return ownIncidents && !actionsOf(alert).includes('open');
}

/** An edit is no message: nobody is woken by it. */
function isEdit({ group, isOver }: PendingPart, { canEdit }: DeliveryRules): boolean {
  return canEdit && group !== null && !(isOver && group.members.length === 1);
}

/** Whether it tells of an outage that nothing told of before. The first alert of an incident has the number 1. */
function isPage({ alert, group }: PendingPart): boolean {
  const { kind, id, incident } = alert;
  if (group !== null || incident === null || incident.closed !== null || isKnown(alert)) return false;
  return kind === 'down' || id.startsWith(`${incident.id}#1-`);
}

function nextTime(parts: readonly PendingPart[], room: Room, now: number): number {
  const later = parts.map(({ ready }) => ready).filter((ready) => ready > now);
  switch (room.kind) {
    case 'free':
    case 'last':
      return Math.min(...later);
    case 'pages':
      return Math.min(room.until, ...later, ...(parts.some(isPage) && room.from > now ? [room.from] : []));
    case 'none':
      return room.until;
    default:
      return room satisfies never;
  }
}

function messageOf(
  lead: PendingPart,
  parts: readonly PendingPart[],
  { canEdit, group: groups, ownIncidents = false }: DeliveryRules,
  now: number,
): Message {
  if (ownIncidents) return lead.message;
  if (lead.group !== null) return (lead.isOver ? recoveryMessage : joinMessage)(lead.group, parts, canEdit, now);
  const alike = takeInOrder(
    parts,
    ({ alert, group, ready, to }) => ready <= now && group === null && alert.kind === lead.alert.kind && to === lead.to,
  );
  const first = groups ? firstOfGroup(lead, parts, now) : null;
  if (first !== null && first.covers.length > 1) return first;
  return alike.length > MOST_OF_ONE_KIND ? digestMessage(alike.map(({ message }) => message)) : (first ?? lead.message);
}

/** One of the last messages of the hour: it counts whatever else is pending. */
function scarceMessage(lead: PendingPart, parts: readonly PendingPart[], rules: DeliveryRules, now: number): Message {
  const line = lineOf(lead.alert);
  const earlier = parts.slice(0, parts.indexOf(lead)).filter(({ alert }) => lineOf(alert) === line);
  const main = messageOf(
    lead,
    parts.filter((part) => !earlier.includes(part)),
    rules,
    now,
  );
  const covered = new Set(main.covers);
  const isInMain = ({ message }: PendingPart) => message.covers.some((delivery) => covered.has(delivery));
  const rest = takeInOrder(parts, (part) => {
    // What is for others has a message of its own, even if it is a later one.
    if (part.to !== lead.to || isQuiet(part, rules)) return false;
    return isInMain(part) || earlier.includes(part) || !(isPage(lead) && hasOwnMessage(part, now));
  }).filter((part) => !isInMain(part));
  if (rest.length === 0) return main;
  const { alert, covers } = digestMessage(rest.map(({ message }) => message));
  return {
    ...main,
    covers: [...main.covers, ...covers],
    ...(alert.digest === undefined ? {} : { more: alert.digest }),
  };
}

/** Whether it is the recovery of something that was told. It waits for a message of its own, but for an hour at most. */
function hasOwnMessage({ isOver, message: { covers }, alert }: PendingPart, now: number): boolean {
  return isOver && covers.length === 1 && now - Date.parse(alert.at) < HOUR;
}
