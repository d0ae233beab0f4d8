/** Pending deliveries as messages: the end of an incident takes the place of its pending alerts, and one alert that of its reminders. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import { PLAIN } from '../words/late-delivery-note.ts';
import type { Delivery } from './delivery.ts';
import { endsIncident, isOfDomain, lineOf } from './line.ts';
import type { Message } from './message.ts';

/** One message for each alert; the end of an incident takes the place of its pending alerts. No alert is pending beside its reminders. */
export function foldIncidents(pending: readonly Delivery[]): readonly Message[] {
  const messages: Message[] = [];
  let rest = pending;
  for (let [first] = rest; first !== undefined; [first] = rest) {
    const others = rest.slice(1);
    const end = endOfIncident(first, others);
    const covered = end === null ? [first] : [first, ...others.slice(0, others.indexOf(end) + 1).filter(isOf(end))];
    messages.push(end === null ? single(first) : replacing(end, covered));
    const taken = new Set(covered);
    rest = others.filter((delivery) => !taken.has(delivery));
  }
  return foldReminders(messages);
}

/** Of a channel that took nothing for a time: an alert is not followed by reminders of it, and of reminders the last one is sent. */
function foldReminders(messages: readonly Message[]): readonly Message[] {
  if (!messages.some(isReminder)) return messages;
  const folded: Message[] = [];
  const placeOfLine = new Map<string, number>();
  for (const message of messages) {
    const line = lineOf(message.alert);
    const place = placeOfLine.get(line);
    const before = place === undefined ? undefined : folded[place];
    const joint = before === undefined ? null : withReminder(before, message);
    if (joint !== null && place !== undefined) folded[place] = joint;
    else placeOfLine.set(line, folded.push(message) - 1);
  }
  return folded;
}

/** Both as one message, if the second reminds those who get the first of the same alert; else null. */
function withReminder(before: Message, reminder: Message): Message | null {
  if (!isReminder(reminder) || originOf(before.alert) !== originOf(reminder.alert)) return null;
  const [told, other] = isReminder(before) ? [reminder, before] : [before, reminder];
  if (!isForAllOf(told.alert, other.alert)) return null;
  return { ...told, covers: [...before.covers, ...reminder.covers] };
}

function isReminder({ alert }: Message): boolean {
  return alert.again?.why === 'reminder';
}

/** The id of the alert that is sent again. */
function originOf({ id }: Alert): string {
  return id.split('+', 1)[0] ?? id;
}

function isForAllOf({ to }: Alert, { to: others }: Alert): boolean {
  return to === undefined || others === undefined || others.every((id) => to.includes(id));
}

function single(delivery: Delivery): Message {
  return { ...PLAIN, alert: delivery.alert, covers: [delivery] };
}

function replacing(end: Delivery, covers: readonly Delivery[]): Message {
  const replaces = covers.filter((delivery) => delivery !== end).map(({ alert }) => alert);
  return { ...PLAIN, alert: end.alert, covers, replaces };
}

/** The pending alert of the end of the incident, unless an alert of the same subject but another incident is between. */
function endOfIncident(first: Delivery, rest: readonly Delivery[]): Delivery | null {
  const { incident } = first.alert;
  // Each alert of a domain has findings or rates of its own, which its end does not name.
  if (incident === null || isOfDomain(first.alert) || endsIncident(first.alert)) return null;
  const ofSubject = rest.filter(({ alert }) => lineOf(alert) === lineOf(first.alert));
  const other = ofSubject.findIndex(({ alert }) => alert.incident?.id !== incident.id);
  const own = other === -1 ? ofSubject : ofSubject.slice(0, other);
  return own.find(({ alert }) => endsIncident(alert)) ?? null;
}

function isOf(end: Delivery): (delivery: Delivery) => boolean {
  return ({ alert }) => lineOf(alert) === lineOf(end.alert) && alert.incident?.id === end.alert.incident?.id;
}

/** Those that can be sent together now without overtaking another of the same line, one of each incident. */
export function takeOneOfEach<Part extends Pick<Message, 'alert'>>(
  parts: readonly Part[],
  isTaken: (part: Part) => boolean,
): readonly Part[] {
  const taken = new Set<string | undefined>();
  return takeInOrder(parts, (part) => {
    const incident = part.alert.incident?.id;
    if (taken.has(incident) || !isTaken(part)) return false;
    if (incident !== undefined) taken.add(incident);
    return true;
  });
}

/** Those that can be sent together now without overtaking another of the same line. */
export function takeInOrder<Part extends Pick<Message, 'alert'>>(
  parts: readonly Part[],
  isTaken: (part: Part) => boolean,
): readonly Part[] {
  const waiting = new Set<string>();
  return parts.filter((part) => {
    const line = lineOf(part.alert);
    const takes = !waiting.has(line) && isTaken(part);
    if (!takes) waiting.add(line);
    return takes;
  });
}
