/** What is sent at once to a channel: one alert, or several folded into one. */
import { foldAlerts } from '../../consensus/incident/fold-alerts-into-digest.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement-state.ts';
import { findingsOfAlert } from '../../consensus/judgement/posture-news.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { type Circumstances, PLAIN } from '../words/late-delivery-note.ts';
import type { Delivery } from './delivery.ts';

export interface Message extends Circumstances {
  readonly alert: Alert;
  /** The deliveries that end when this message is taken. */
  readonly covers: readonly Delivery[];
}

/** More pending alerts of one kind than this are sent as one digest. */
const MOST_OF_ONE_KIND = 5;

/** An alert that is sent later than this says when it was decided. Milliseconds. */
export const LATE = 3_600_000;

/** The next message of a channel. Alerts of the same subject are sent in their order. */
export function nextMessage(pending: readonly [Delivery, ...Delivery[]], now: number): Message {
  const parts = foldIncidents(pending);
  const [first] = parts;
  const alike = alikeInOrder(parts);
  const message = alike.length > MOST_OF_ONE_KIND ? digestMessage(alike) : first;
  return now - Date.parse(message.alert.at) > LATE ? { ...message, sent: isoSeconds(now) } : message;
}

/** Whether the message has to say what the verdict is now: it is late, and reports a verdict. */
export function reportsOldVerdict({ sent, alert }: Message): boolean {
  const hasVerdict = !['changed', 'blind', 'digest', 'undelivered'].includes(alert.kind) && !isOfDomain(alert);
  return sent !== null && hasVerdict;
}

/** The message with the present verdict, if that is no longer the one of the alert. */
export function withPresentVerdict(message: Message, judgement: Judgement | null): Message {
  if (judgement === null || judgement.verdict === message.alert.is) return message;
  return { ...message, turned: { verdict: judgement.verdict, since: judgement.since } };
}

/** One message for each alert; the end of an incident takes the place of its pending alerts. */
function foldIncidents(pending: readonly [Delivery, ...Delivery[]]): [Message, ...Message[]] {
  const [first, ...rest] = pending;
  const end = endOfIncident(first, rest);
  const covered = end === null ? [first] : [first, ...rest.slice(0, rest.indexOf(end) + 1).filter(isOf(end))];
  const taken = new Set(covered);
  const [next, ...others] = rest.filter((delivery) => !taken.has(delivery));
  const message = end === null ? single(first) : replacing(end, covered);
  return next === undefined ? [message] : [message, ...foldIncidents([next, ...others])];
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

function endsIncident({ incident }: Alert): boolean {
  return incident !== null && incident.closed !== null;
}

function isOf(end: Delivery): (delivery: Delivery) => boolean {
  return ({ alert }) => lineOf(alert) === lineOf(end.alert) && alert.incident?.id === end.alert.incident?.id;
}

/** Whether it is about posture, bounces or round trips, rather than a target or the monitor itself. */
function isOfDomain(alert: Alert): boolean {
  return findingsOfAlert(alert) !== undefined || alert.bounces !== undefined;
}

/**
 * Alerts of one line are sent in order. Changed facts of a target are a line of their own. A domain or a round trip may have the
 * name of a target.
 */
export function lineOf({ kind, subject, posture, bounces }: Alert): string {
  if (kind === 'trip' || kind === 'trip-over') return `trip ${subject}`;
  if (bounces !== undefined) return `bounces ${subject}`;
  if (posture !== undefined) return `posture ${subject}`;
  return kind === 'changed' ? `changed ${subject}` : subject;
}

/** The messages of the kind of the first one that can be sent now without overtaking another of the same line. */
function alikeInOrder(parts: readonly [Message, ...Message[]]): readonly Message[] {
  const kind = parts[0].alert.kind;
  const waiting = new Set<string>();
  return parts.filter(({ alert }) => {
    const isAlike = alert.kind === kind && !waiting.has(lineOf(alert));
    if (!isAlike) waiting.add(lineOf(alert));
    return isAlike;
  });
}

function digestMessage(messages: readonly Message[]): Message {
  const covers = messages.flatMap((message) => message.covers);
  const { is } = foldAlerts(messages.map(({ alert }) => alert));
  return { ...PLAIN, alert: { ...foldAlerts(covers.map(({ alert }) => alert)), is }, covers };
}
