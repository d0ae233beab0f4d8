/** What is sent at once to a channel: one alert, or several folded into one. */
import { isDeepStrictEqual } from 'node:util';
import { foldAlerts } from '../../consensus/incident/fold-alerts-into-digest.ts';
import { leadingWitness } from '../../consensus/incident/leading-witness.ts';
import type { Alert, AlertGroup, DigestedAlert } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement-state.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Again } from '../../consensus/news/again.ts';
import type { SentMessage } from '../channels/sender.ts';
import { PLAIN } from '../words/late-delivery-note.ts';
import type { Delivery, OpenGroup } from './delivery.ts';
import { isOfDomain } from './line.ts';

export interface Message extends SentMessage {
  /** The deliveries that end when this message is taken. */
  readonly covers: readonly Delivery[];
  /** The group that it is of, as it is once this message is taken. */
  readonly group?: OpenGroup;
  /** It ends or acknowledges an incident of the service: nobody is woken by it, and no limit counts it. */
  readonly quiet?: true;
  /** Receivers of the topic that are above their limit, and are told later. */
  readonly leftOut?: readonly string[];
}

/** An alert that is sent later than this says when it was decided. Milliseconds. */
export const LATE = 3_600_000;

/** Alerts of a digest that have words of their own. */
const MOST_WORDED = 100;

/** The message with the time at which it is sent, if that is late. */
export function withTime(message: Message, now: number): Message {
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

/** Several messages as one. */
export function digestMessage(messages: readonly Message[], group?: AlertGroup): Message {
  const covers = messages.flatMap((message) => message.covers);
  const last = messages.map(({ alert }) => alert);
  const folded = foldAlerts(covers.map(({ alert }) => alert));
  const digest =
    folded.digest === undefined ? undefined : { ...folded.digest, alerts: last.slice(0, MOST_WORDED).map(worded) };
  const whole = digest === undefined ? {} : { digest: group === undefined ? digest : { ...digest, group } };
  const to = last[0]?.to;
  const addressed = to === undefined ? {} : { to };
  const again = sharedAgain(last);
  const repeated = again === null ? {} : { again };
  return { ...PLAIN, alert: { ...folded, ...whole, ...addressed, ...repeated, is: foldAlerts(last).is }, covers };
}

/** Why all of them are sent again; null if one is new, or their reasons differ. What only one of them has is left out. */
function sharedAgain(alerts: readonly Alert[]): Again | null {
  const [first, ...others] = alerts.map(({ again }) => again);
  if (first === undefined) return null;
  const isShared = others.every((other) => other !== undefined && isDeepStrictEqual(reasonOf(other), reasonOf(first)));
  const since = alerts.map(({ again, at }) => again?.since ?? at).sort()[0] ?? first.since;
  return isShared ? { ...first, since } : null;
}

function reasonOf({ since, hold, ...again }: Again) {
  return { ...again, ...(hold === undefined ? {} : { hold: { why: hold.why, what: hold.what } }) };
}

function worded({ subject, kind, is, at, incident, votes }: Alert): DigestedAlert {
  const since = incident === null ? at : (incident.closed ?? incident.opened);
  const code = incident === null || is === 'up' ? null : (leadingWitness(incident, votes)?.code ?? null);
  return { subject: subject.slice(0, 200), kind, is, since, code: code === null ? null : code.slice(0, 64) };
}
