/** Whether everybody was told of what concerns them in the month, once, and of nothing else. */
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import { deliveryRules } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { isEnd } from '../../../lambda/alert/routing/take-alert.ts';
import { type Channel, isSubscribed } from '../../../lambda/config/channel.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { expectationOf } from './expectations.ts';
import { DEAD, MINUTE } from './outages.ts';
import type { Month, SentInMonth } from './run-month.ts';

/** What one receiver heard: each alert, also those that a message only counts, and when. */
export interface Heard {
  readonly at: number;
  readonly alert: Alert;
}

export interface ReceiverOfMonth {
  readonly entry: Channel;
  readonly limit: number;
  /** Messages that woke somebody: an edit does not. */
  readonly messages: readonly SentInMonth[];
  readonly edits: number;
  readonly heard: readonly Heard[];
}

/** By the id of the entry of `notify`. */
export function receiversOf(month: Month): ReadonlyMap<string, ReceiverOfMonth> {
  return new Map(month.config.notify.map((entry) => [entry.id ?? '', receiverOf(month, entry)]));
}

function receiverOf({ config, messages }: Month, entry: Channel): ReceiverOfMonth {
  const id = receiverId(entry);
  const channel = awsChannels(config).find((one) => one.id === (isSubscribed(entry) ? 'topic' : id));
  if (channel === undefined) throw new Error(`no channel of ${id}`);
  const rules = deliveryRules(channel, config);
  const of = messages.filter((one) => one.channel === channel.id);
  const own = channel.kind === 'topic' ? of.filter(({ message }) => message.alert.to?.includes(id) ?? true) : of;
  const counted = own.filter(({ message }) => message.edits === undefined);
  return {
    ...{ entry, messages: counted, edits: own.length - counted.length },
    limit: rules.receivers.find((one) => one.id === id)?.limit ?? rules.limit,
    heard: heardBy(id, of),
  };
}

/** A message that leaves a receiver out is told to it later, as a number. */
function heardBy(receiver: string, messages: readonly SentInMonth[]): readonly Heard[] {
  let missed: Alert[] = [];
  return messages.flatMap(({ at, message: { alert, covers, leftOut } }) => {
    const alerts = covers.map((delivery) => delivery.alert).filter(({ to }) => to?.includes(receiver) ?? true);
    if (leftOut?.includes(receiver)) {
      missed = [...missed, ...alerts];
      return [];
    }
    if (alert.to?.includes(receiver) === false) return [];
    const isOfMissed = covers.length === 0 && alert.digest !== undefined && alert.digest.count === missed.length;
    const told = isOfMissed ? missed.splice(0) : alerts;
    return told.map((one) => ({ at, alert: one }));
  });
}

const HOUR = 60 * MINUTE;

export function mostInAnHourOf({ messages }: ReceiverOfMonth): number {
  const times = messages.map(({ at }) => at);
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + HOUR).length));
}

/** Sentences; none if all holds. */
export function violationsOf(month: Month): readonly string[] {
  const receivers = [...receiversOf(month)];
  return [
    ...unsent(month),
    ...receivers.flatMap(([id, receiver]) => [
      ...ceilings(id, receiver),
      ...doubled(id, receiver),
      ...ends(id, receiver),
      ...outages(month, id, receiver),
    ]),
    ...deadChannel(receivers),
  ];
}

function unsent({ table }: Month): readonly string[] {
  const deliveries = [...table.stored.values()].filter(({ pk }) => pk.startsWith('delivery#'));
  if (deliveries.length === 0) return ['no delivery is in the table'];
  return deliveries
    .filter(({ state }) => state !== 'taken')
    .map(({ pk, sk, state }) => `${pk} ${sk}: ${state ?? 'pending'} at the end of the month`);
}

function ceilings(id: string, receiver: ReceiverOfMonth): readonly string[] {
  const most = mostInAnHourOf(receiver);
  return most > receiver.limit ? [`${id}: ${most} messages in an hour, limit ${receiver.limit}`] : [];
}

function doubled(id: string, { heard }: ReceiverOfMonth): readonly string[] {
  const ids = heard.map(({ alert }) => alert.id);
  return ids.filter((one, place) => ids.indexOf(one) !== place).map((one) => `${id}: told twice of ${one}`);
}

/** Each incident that was told ends once, and no other does. */
function ends(id: string, { heard }: ReceiverOfMonth): readonly string[] {
  const open = new Map<string, boolean>();
  const wrong: string[] = [];
  for (const { alert } of heard) {
    if (alert.incident === null) continue;
    const isOpen = open.get(alert.incident.id);
    if (isEnd(alert) && isOpen === undefined) wrong.push(`${id}: told of the end of ${alert.incident.id}, not of it`);
    if (isOpen === false) wrong.push(`${id}: ${alert.id} after its end`);
    open.set(alert.incident.id, !isEnd(alert));
  }
  const untold = [...open].filter(([, isOpen]) => isOpen).map(([one]) => `${id}: not told of the end of ${one}`);
  return [...wrong, ...untold];
}

/** Milliseconds in which a page has to arrive: rounds, the judge, a step that is due between two judges, a group. */
const PATIENCE = 5 * MINUTE;
/** Likewise of a service that gets each alert for itself: one a second, and at most 45 in one run of the function. */
const PATIENCE_OF_EACH = 12 * MINUTE;

function outages({ outages: all }: Month, id: string, receiver: ReceiverOfMonth): readonly string[] {
  const { entry, heard } = receiver;
  const ofTarget = bySubject(heard);
  return all.flatMap((outage) =>
    outage.targets.flatMap((target) => {
      const name = `${id}: ${target} at ${new Date(outage.from).toISOString()}`;
      const own = (ofTarget.get(target) ?? []).filter(({ alert }) => Date.parse(alert.at) >= outage.from - MINUTE);
      const begins = own.filter(({ alert }) => !isEnd(alert) && Date.parse(alert.at) <= outage.to + 2 * MINUTE);
      const [first] = begins;
      const due = expectationOf(entry, target, outage);
      if (due === 'any') return [];
      if (due === null) return first === undefined ? [] : [`${name}: told, by ${first.alert.id}`];
      if (first === undefined)
        return outage.isFlap && isOpenFor(ofTarget.get(target) ?? [], outage.from) ? [] : [`${name}: not told`];
      const late = first.at - (isDeadAt(id, due) ? DEAD.to : due);
      return late > (entry.kind === 'pagerduty' ? PATIENCE_OF_EACH : PATIENCE)
        ? [`${name}: told ${Math.round(late / MINUTE)} minutes late`]
        : [];
    }),
  );
}

function bySubject(heard: readonly Heard[]): ReadonlyMap<string, readonly Heard[]> {
  const subjects = new Map<string, Heard[]>();
  for (const one of heard) subjects.set(one.alert.subject, [...(subjects.get(one.alert.subject) ?? []), one]);
  return subjects;
}

function isDeadAt(id: string, time: number): boolean {
  return id === DEAD.entry && time >= DEAD.from && time < DEAD.to;
}

function isOpenFor(heard: readonly Heard[], time: number): boolean {
  const last = heard.findLast(({ alert }) => Date.parse(alert.at) <= time);
  return last !== undefined && !isEnd(last.alert);
}

/** Those who are told of the monitor itself hear that the channel fails, and that it delivers again. */
function deadChannel(receivers: readonly (readonly [string, ReceiverOfMonth])[]): readonly string[] {
  return receivers.flatMap(([id, { entry, heard }]) => {
    const wants = entry.when.includes('blind') && !entry.tags && (entry.severity?.includes('warning') ?? true);
    const isTold = wants && id !== DEAD.entry;
    const reports = heard.filter(({ alert }) => alert.kind === 'undelivered').length;
    return reports === (isTold ? 2 : 0) ? [] : [`${id}: ${reports} reports of the dead channel`];
  });
}
