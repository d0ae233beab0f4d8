/** Targets that fail together are one message. Pure: the groups of a channel and its pending messages decide. */
import { tellingCause } from '../../consensus/judgement/cause.ts';
import type { Alert, AlertGroup } from '../../consensus/judgement/incident.ts';
import { decidedAt, type OpenGroup } from './delivery.ts';
import type { DeliveryRules } from './delivery-rules.ts';
import { takeInOrder, takeOneOfEach } from './fold-incidents.ts';
import { endsIncident, isKnown, isOfDomain, lineOf } from './line.ts';
import { digestMessage, type Message } from './message.ts';

/** Milliseconds after the first message in which others join its group. */
export const GROUP_TIME = 90_000;

/**
 * Milliseconds for which a recovery waits for the others of its group. On AWS the judge of the next minute wakes the channel: so
 * it is told within 90 s.
 */
export const RECOVERY_TIME = 30_000;

/** Milliseconds from one edit of a message to the next: chats limit edits as they limit messages. */
const EDIT_PACE = 10_000;

/** A pending message, and when it may be sent. */
export interface PendingPart {
  readonly alert: Alert;
  readonly message: Message;
  /** Epoch milliseconds. Not before the parts of its line that come before it. */
  readonly ready: number;
  /** The group that it joins, or whose recovery it is; null if it is told by itself. */
  readonly group: OpenGroup | null;
  readonly isOver: boolean;
  /** The receivers that it is for, as one text. Only alerts for the same receivers are folded. */
  readonly to: string | undefined;
}

export function partsOf(
  messages: readonly Message[],
  groups: readonly OpenGroup[],
  rules: DeliveryRules,
): readonly PendingPart[] {
  const lines = new Map<string, number>();
  return placesOf(messages, rules.group ? groups : [], rules).map((part) => {
    const line = lineOf(part.alert);
    const ready = Math.max(part.ready, lines.get(line) ?? 0);
    lines.set(line, ready);
    return { ...part, ready };
  });
}

/** Each message with its group. A group is narrowed to what all its members share, in their order. */
function placesOf(
  messages: readonly Message[],
  groups: readonly OpenGroup[],
  rules: DeliveryRules,
): readonly PendingPart[] {
  const narrowed = new Map(groups.map((group) => [group, group.causes]));
  const recovered = messages.filter(({ alert }) => isRecovery(alert));
  return messages.map((message): PendingPart => {
    const { alert } = message;
    const part = { alert, message, to: receiversText(alert, rules), ready: 0, group: null, isOver: isRecovery(alert) };
    const ended = part.isOver ? groups.findLast((group) => endsIn(group, part)) : undefined;
    if (ended !== undefined) return { ...part, group: ended, ready: recoveryTime(ended, recovered) };
    const joined = groups.findLast((group) => joins(group, narrowed.get(group) ?? [], part));
    if (joined === undefined) return part;
    narrowed.set(joined, sharedBy([narrowed.get(joined) ?? [], causesOf(part)]));
    return { ...part, group: joined, isOver: false, ready: joinTime(joined, part, rules) };
  });
}

/** A digest for those who joined, or an edit. An alert that waited before for another group waits no longer than it may. */
function joinTime(
  { told, until }: OpenGroup,
  part: Pick<PendingPart, 'message' | 'alert'>,
  rules: DeliveryRules,
): number {
  return rules.canEdit ? told + EDIT_PACE : Math.min(until, decidedAt(openingOf(part).at) + GROUP_TIME);
}

function isRecovery(alert: Alert): boolean {
  return alert.kind === 'recovered' && endsIncident(alert) && !isOfDomain(alert);
}

/** Of the topic, whose messages name their receivers: those of the config, and `topic` for all others. */
function receiversText({ to }: Alert, { receivers }: DeliveryRules): string | undefined {
  if (receivers.length === 0 || to === undefined) return undefined;
  const own = to.filter((id) => id === 'topic' || receivers.some((one) => one.id === id));
  return own.sort().join(' ');
}

function endsIn({ members, to }: OpenGroup, { alert, to: other }: Pick<PendingPart, 'alert' | 'to'>): boolean {
  return to === other && members.includes(alert.incident?.id ?? '');
}

/** At once if all others of the group are over too. */
function recoveryTime({ members }: OpenGroup, recovered: readonly Message[]): number {
  const own = recovered.filter(({ alert }) => members.includes(alert.incident?.id ?? ''));
  if (own.length >= members.length) return 0;
  return Math.min(...own.map(({ alert }) => Date.parse(alert.at))) + RECOVERY_TIME;
}

/** The alert by which a target fell. A recovery may take its place before it was told. */
function openingOf({ message, alert }: Pick<PendingPart, 'message' | 'alert'>): Alert {
  return message.covers[0]?.alert ?? alert;
}

function causesOf(part: Pick<PendingPart, 'message' | 'alert'>): readonly string[] {
  return openingOf(part).causes ?? [];
}

function joins(
  group: OpenGroup,
  causes: readonly string[],
  part: Pick<PendingPart, 'message' | 'alert' | 'to'>,
): boolean {
  const opening = openingOf(part);
  return (
    opening.kind === group.kind &&
    opening.incident !== null &&
    !isOfOneIncident(opening) &&
    !group.members.includes(opening.incident.id) &&
    part.to === group.to &&
    decidedAt(opening.at) <= group.until &&
    sharedBy([causes, opening.causes ?? []]).length > 0
  );
}

function sharedBy(causes: readonly (readonly string[])[]): readonly string[] {
  return causes.reduce((shared, own) => shared.filter((cause) => own.includes(cause)));
}

/** An update that says something else than how a target fails: who acknowledged it, or what is down behind it. */
function isOfOneIncident({ again }: Alert): boolean {
  return (again?.why === 'acknowledged' && again.isFirst !== true) || again?.why === 'behind';
}

/** Whether a message begins a group. */
function begins({ alert, group, isOver }: PendingPart): boolean {
  const isOpen = alert.incident !== null && !endsIncident(alert) && !isOfOneIncident(alert);
  return group === null && !isOver && isOpen && (alert.causes ?? []).length > 0;
}

/** The message that begins a group: of the lead, with all others that are ready and share a cause. Null if it begins none. */
export function firstOfGroup(lead: PendingPart, parts: readonly PendingPart[], now: number): Message | null {
  if (!begins(lead)) return null;
  const isAlike = (part: PendingPart) =>
    begins(part) && part.ready <= now && part.alert.kind === lead.alert.kind && part.to === lead.to;
  const alike = takeOneOfEach(parts, isAlike);
  const cause = causeOfMost(lead, alike);
  const own = cause === null ? [lead] : alike.filter((part) => causesOf(part).includes(cause));
  const group: OpenGroup = {
    id: lead.alert.incident?.id ?? '',
    kind: lead.alert.kind,
    causes: sharedBy(own.map(causesOf)),
    ...(lead.to === undefined ? {} : { to: lead.to }),
    until: own.every(({ alert }) => isKnown(alert)) ? now : now + GROUP_TIME,
    told: now,
    members: incidentsOf(own),
  };
  return own.length === 1 ? { ...lead.message, group } : groupMessage(own, group, 0);
}

/**
 * The cause that says most, of those that at least half as many share as the most frequent one. So two outages that begin at
 * once at two addresses are two messages, and one of a whole network is not a message for each host.
 */
function causeOfMost(lead: PendingPart, alike: readonly PendingPart[]): string | null {
  const counts = new Map(
    causesOf(lead).map((cause) => [cause, alike.filter((part) => causesOf(part).includes(cause)).length]),
  );
  const most = Math.max(...counts.values());
  return most < 2
    ? null
    : tellingCause([...counts].filter(([, count]) => count >= Math.max(2, most / 2)).map(([c]) => c));
}

function incidentsOf(parts: readonly PendingPart[]): readonly string[] {
  return parts.flatMap(({ alert, isOver }) =>
    isOver || alert.incident === null || endsIncident(alert) ? [] : [alert.incident.id],
  );
}

/** What joined a group since its last message. */
export function joinMessage(group: OpenGroup, parts: readonly PendingPart[], canEdit: boolean, now: number): Message {
  const joined = takeOneOfEach(
    parts,
    (part) => part.group?.id === group.id && part.group.kind === group.kind && !part.isOver && part.ready <= now,
  );
  const after: OpenGroup = {
    ...group,
    causes: sharedBy([group.causes, ...joined.map(causesOf)]),
    told: now,
    members: [...group.members, ...incidentsOf(joined)],
  };
  const over = joined.filter(({ alert }) => endsIncident(alert)).length;
  return { ...groupMessage(joined, after, over), ...(canEdit ? { edits: group.id } : {}) };
}

/** The recoveries of a group, and what is left. Of a group of one it is its recovery as it is. */
export function recoveryMessage(
  group: OpenGroup,
  parts: readonly PendingPart[],
  canEdit: boolean,
  now: number,
): Message {
  const over = takeInOrder(
    parts,
    (part) => part.isOver && part.group?.id === group.id && part.group.kind === group.kind && part.ready <= now,
  );
  const ended = new Set(over.map(({ alert }) => alert.incident?.id));
  const members = group.members.filter((member) => !ended.has(member));
  const after: OpenGroup = { ...group, told: now, members };
  const [first] = over;
  if (first !== undefined && group.members.length === 1) return { ...first.message, group: after };
  return { ...groupMessage(over, after, over.length), ...(canEdit ? { edits: group.id } : {}) };
}

function groupMessage(parts: readonly PendingPart[], group: OpenGroup, over: number): Message {
  const told: AlertGroup = {
    cause: tellingCause(group.causes) ?? group.causes[0] ?? '',
    kind: group.kind,
    open: group.members.length,
    subjects: group.members.slice(0, 100).map(targetOf),
    over,
  };
  return {
    ...digestMessage(
      parts.map(({ message }) => message),
      told,
    ),
    group,
  };
}

/** `mx1` of `mx1@2026-11-22T05:08:00Z`. */
function targetOf(incident: string): string {
  return incident.slice(0, incident.lastIndexOf('@')).slice(0, 200);
}

/** Groups that a channel remembers, and characters of their members: the state of a channel is one item. */
const MOST_GROUPS = 50;
const MOST_CHARACTERS = 100_000;

/** The groups after a message was taken. */
export function groupsAfter(groups: readonly OpenGroup[], message: Message, now: number): readonly OpenGroup[] {
  const { group, covers } = message;
  const ended = new Set(covers.flatMap(({ alert }) => (endsIncident(alert) ? [alert.incident?.id] : [])));
  const others = groups.filter(({ id, kind }) => id !== group?.id || kind !== group.kind);
  // What is told anew is of the new group alone: the message of another one would say that it is still down.
  const moved = new Set(group?.members);
  const rest = others.map((one) =>
    one.to === group?.to ? { ...one, members: one.members.filter((member) => !moved.has(member)) } : one,
  );
  const left = [...rest, ...(group === undefined ? [] : [group])]
    .map((one) => ({ ...one, members: one.members.filter((member) => !ended.has(member)) }))
    .filter(({ members, until }) => members.length > 0 && (members.length > 1 || until >= now));
  return newest(left.slice(-MOST_GROUPS));
}

function newest(groups: readonly OpenGroup[]): readonly OpenGroup[] {
  let room = MOST_CHARACTERS;
  const kept = groups.toReversed().filter(({ members, causes }) => {
    room -= [...members, ...causes].join('').length;
    return room >= 0;
  });
  return kept.toReversed();
}
