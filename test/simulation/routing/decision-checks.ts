/** Laws of what is decided for an incident: who is told, when, and when nobody is. */
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Clock } from '../virtual-clock.ts';
import type { Entry } from './config.ts';
import { isBehindGateway } from './config.ts';
import type { KnownIncident, KnownIncidents } from './known-incidents.ts';
import type { Planned } from './planned-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Passes that fail one after another: whoever is due is told within. */
const BOUND = 20 * MINUTE;
/** A pass decides by what it read when it began, by a clock that may be wrong by seconds. */
const READ_BEFORE = 90 * SECOND;
const CLOCKS = 5 * SECOND;
/** A pass that began before an acknowledgement may end after it. */
const RACE = 90 * SECOND;

export interface DecisionChecks {
  decided(message: Alert): void;
  /** Once a minute. */
  tick(): void;
}

interface Setup {
  readonly clock: Clock;
  readonly entries: readonly Entry[];
  readonly incidents: KnownIncidents;
  readonly planned: Planned;
  readonly violated: (what: string) => void;
}

type Why = 'news' | 'step' | 'reminder' | 'held' | 'acknowledged' | 'behind' | 'end';

export function checkDecisions({ clock, entries, incidents, planned, violated }: Setup): DecisionChecks {
  const byReceiver = new Map(entries.map((entry) => [entry.receiver, entry]));

  const isHeld = (target: string, at: number, grace: boolean) =>
    planned.isPlanned(target, at, grace) || (isBehindGateway(target) && incidents.isGatewayDown(at));
  /** If mutes cannot be read, they do not hold: rather a page too many than one too few. */
  const isHeldForSure = (target: string, at: number) =>
    planned.wereRead(clock.now() - READ_BEFORE)
      ? isHeld(target, at, false)
      : planned.isInWindow(target, at) || (isBehindGateway(target) && incidents.isGatewayDown(at));
  /** In all the time in which a pass may have read it. */
  const surely = (holds: (at: number) => boolean) => {
    for (let at = clock.now() - READ_BEFORE; at <= clock.now() + CLOCKS; at += 5 * SECOND) if (!holds(at)) return false;
    return true;
  };

  const checkNews = (incident: KnownIncident, message: Alert, why: Why) => {
    const { target, id } = incident;
    if (surely((at) => isHeldForSure(target, at))) violated(`${message.id}: ${why} while ${target} is held`);
    for (const receiver of message.to ?? []) {
      const entry = byReceiver.get(receiver);
      if (entry === undefined) violated(`${message.id}: to ${receiver}, which is no entry`);
      else if (surely((at) => !entry.isOpen(at))) violated(`${message.id}: ${entry.id} is told outside its hours`);
      else if (!entry.wants(target, message.is)) violated(`${message.id}: ${entry.id} does not want it`);
      const before = toldOf(incident, receiver).filter((one) => baseOf(one.message) === baseOf(message));
      if (why !== 'reminder' && before.some((one) => isNews(one.message)))
        violated(`${id}: ${entry?.id} is told of ${baseOf(message)} twice`);
    }
  };

  const checkReminder = (incident: KnownIncident, message: Alert) => {
    for (const receiver of message.to ?? []) {
      const entry = byReceiver.get(receiver);
      const told = toldOf(incident, receiver);
      const reminders = told.filter((one) => whyOf(one.message) === 'reminder').length;
      const wait = entry?.repeat[Math.min(reminders, entry.repeat.length - 1)] ?? Number.POSITIVE_INFINITY;
      const last = told.findLast(({ message: one }) => isNews(one) || whyOf(one) === 'reminder');
      if (message.again?.number !== reminders + 1)
        violated(`${message.id}: reminder ${message.again?.number} after ${reminders}`);
      if (last === undefined || clock.now() - last.at < wait - 2 * CLOCKS)
        violated(`${message.id}: ${entry?.id} is reminded too early`);
    }
  };

  const checkStep = (incident: KnownIncident, message: Alert) => {
    for (const receiver of message.to ?? []) {
      const entry = byReceiver.get(receiver);
      const first = incident.alerts.find(({ is }) => entry?.wants(incident.target, is));
      const isEarly = first === undefined || clock.now() < first.at + (entry?.after ?? 0) - 2 * CLOCKS;
      if (isEarly) violated(`${message.id}: the step of ${entry?.id} is too early`);
    }
  };

  /** Whether somebody with a step of his own hears of it for the first time. The judge may have an alert that is news to all. */
  const isStepBy = (incident: KnownIncident, message: Alert) =>
    message.again !== undefined &&
    (message.to ?? []).some(
      (receiver) => (byReceiver.get(receiver)?.after ?? 0) > 0 && toldOf(incident, receiver).length === 0,
    );

  const checkEnd = (incident: KnownIncident, message: Alert) => {
    const [told, to] = [everTold(incident), [...(message.to ?? [])].sort()];
    if (told.join(' ') !== to.join(' ')) violated(`${message.id}: the end is for ${to}, but ${told} were told`);
  };

  const ripe = new Map<string, number>();
  const freeSince = new Map<string, number>();
  /** Whether a condition has held at each tick for so long. */
  const lasts = (key: string, isSo: boolean, length = BOUND) => {
    if (!isSo) ripe.delete(key);
    else if (!ripe.has(key)) ripe.set(key, clock.now());
    return isSo && clock.now() - (ripe.get(key) ?? 0) > length;
  };

  const checkDue = (incident: KnownIncident, entry: Entry, isFree: boolean) => {
    const latest = incident.alerts.at(-1);
    if (latest === undefined) return;
    const key = `${incident.id} ${entry.id}`;
    const isWanted = isFree && entry.wants(incident.target, latest.is);
    if (isWanted && !freeSince.has(key)) freeSince.set(key, clock.now());
    const told = toldOf(incident, entry.receiver);
    const isStep = entry.after > 0 && told.length === 0;
    const hasTime = clock.now() >= (freeSince.get(key) ?? Number.POSITIVE_INFINITY) + entry.after;
    const isDue = isWanted && entry.isOpen(clock.now()) && (!isStep || (hasTime && incident.acknowledged === null));
    const isHeard = told.some(({ message }) => isNews(message) && baseOf(message) === latest.id);
    if (lasts(`due ${key} ${latest.id}`, isDue && !isHeard))
      violated(`${incident.id}: ${entry.id} is not told of ${latest.id}`);
    checkReminded(incident, entry, isDue && isHeard);
  };

  const checkReminded = (incident: KnownIncident, entry: Entry, isOn: boolean) => {
    const told = toldOf(incident, entry.receiver);
    const last = told.at(-1);
    if (entry.repeat.length === 0 || last === undefined) return;
    const reminders = told.filter((one) => whyOf(one.message) === 'reminder').length;
    const wait = entry.repeat[Math.min(reminders, entry.repeat.length - 1)] ?? 0;
    const isDue = isOn && incident.acknowledged === null && clock.now() - last.at > wait;
    if (lasts(`reminder ${incident.id} ${entry.id} ${last.message.id}`, isDue))
      violated(`${incident.id}: ${entry.id} is not reminded`);
  };

  const checkAcknowledged = (incident: KnownIncident) => {
    const hasHeard = incident.decided.some(({ message }) => whyOf(message) === 'acknowledged');
    const isDue = incident.acknowledged !== null && incident.told.size > 0;
    if (lasts(`acknowledged ${incident.id}`, isDue && !hasHeard && isSettled(incident)))
      violated(`${incident.id}: nobody learns that it is acknowledged`);
  };
  /** Whether somebody was told before the acknowledgement. */
  const isSettled = ({ acknowledged, decided }: KnownIncident) =>
    decided.some(({ at }) => at < (acknowledged ?? 0) - RACE);

  const isPlannedNow = (target: string) => planned.isPlanned(target, clock.now(), true);
  const checkListed = (incident: KnownIncident) => {
    const gateway = [...incidents.all.values()].find((one) => one.target === 'gateway' && one.closed === null);
    const isPart = gateway !== undefined && isBehindGateway(incident.target) && incidents.isGatewayDown(clock.now());
    if (!isPart || isPlannedNow(incident.target)) return void ripe.delete(`behind ${incident.id}`);
    const named = gateway.decided.some(({ message }) => message.again?.behind?.includes(incident.target));
    const isDue = !named && gateway.told.size > 0 && !isPlannedNow('gateway');
    if (lasts(`behind ${incident.id}`, isDue, 2 * BOUND))
      violated(`${incident.id}: nobody learns that it is down behind the gateway`);
  };

  const checkOpen = (incident: KnownIncident) => {
    const isFree = !isHeld(incident.target, clock.now(), true);
    for (const entry of entries) checkDue(incident, entry, isFree);
    checkAcknowledged(incident);
    checkListed(incident);
  };

  const checkClosed = (incident: KnownIncident) => {
    const isTold = incident.decided.some(({ message }) => whyOf(message) === 'end');
    if (lasts(`end ${incident.id}`, incident.told.size > 0 && !isTold)) violated(`${incident.id}: its end is not told`);
  };

  return {
    decided(message) {
      const incident = incidents.all.get(message.incident?.id ?? '');
      if (incident === undefined) return violated(`${message.id}: of no incident`);
      const why = whyOf(message);
      if (why === 'end') checkEnd(incident, message);
      if (isNews(message) || why === 'reminder') checkNews(incident, message, why);
      if (why === 'step') checkStep(incident, message);
      if (why === 'reminder') checkReminder(incident, message);
      const { acknowledged } = incident;
      if (isStepBy(incident, message) && acknowledged !== null && clock.now() - acknowledged > RACE)
        violated(`${message.id}: the step of somebody after the acknowledgement`);
      if (['step', 'held', 'reminder'].includes(why) && acknowledged !== null && clock.now() - acknowledged > RACE)
        violated(`${message.id}: a ${why} after the acknowledgement`);
      incident.decided.push({ at: clock.now(), message });
      for (const receiver of message.to ?? []) incident.told.add(receiver);
    },
    tick() {
      for (const incident of incidents.all.values()) (incident.closed === null ? checkOpen : checkClosed)(incident);
    },
  };
}

export function whyOf({ kind, again }: Alert): Why {
  return kind === 'recovered' ? 'end' : (again?.why ?? 'news');
}

/** Whether a receiver hears of something that it did not hear of before. */
function isNews(message: Alert): boolean {
  const why = whyOf(message);
  if (why === 'acknowledged') return !message.id.includes('+acknowledged-');
  return ['news', 'step', 'held'].includes(why);
}

/** The id of the alert of the judge that a message tells. */
function baseOf({ id }: Alert): string {
  return id.split('+')[0] ?? id;
}

function toldOf({ decided }: KnownIncident, receiver: string) {
  return decided.filter(({ message }) => message.to?.includes(receiver));
}

function everTold({ told }: KnownIncident): readonly string[] {
  return [...told].sort();
}
