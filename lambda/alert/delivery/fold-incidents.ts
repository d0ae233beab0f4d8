/** Pending deliveries as messages: the end of an incident takes the place of its pending alerts. */
import { PLAIN } from '../words/late-delivery-note.ts';
import type { Delivery } from './delivery.ts';
import { endsIncident, isOfDomain, lineOf } from './line.ts';
import type { Message } from './message.ts';

/** One message for each alert; the end of an incident takes the place of its pending alerts. */
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
  return messages;
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
