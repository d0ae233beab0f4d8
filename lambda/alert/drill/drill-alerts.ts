/** The alerts of a drill. Releases that know no drill show them as tests. */
import type { ChannelRules } from '../../config/channel.ts';
import { DRILL, type EndedDrill, isDrill, type OpenDrill } from '../../consensus/drill/drill.ts';
import type { Alert, Incident } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { safeText } from '../words/safe-text.ts';
import { durationText, millisecondsBetween } from '../words/time-text.ts';

/** The message that asks for an acknowledgement. */
export function drillAlert(open: OpenDrill): Alert {
  const within = lengthText(open.opened, open.until);
  const reason = `this is a drill, nothing is wrong. Acknowledge it within ${within}, as you would an outage`;
  return { ...alertOf(open, null), id: `${open.id}#1-test`, at: open.opened, reason };
}

/** What became of it, for those who got it, and those who are told of the monitor itself. */
export function drillOverAlert(ended: EndedDrill): Alert {
  return { ...alertOf(ended, ended), id: `${ended.id}#2-test`, at: ended.closed, reason: drillText(ended) };
}

/** `acknowledged by ops after 42 s; 2 of 3 receivers reached; not reached: sms:1a2b3c4d (not confirmed)`. */
export function drillText({ opened, until, acknowledged, receivers }: EndedDrill): string {
  const missed = receivers.filter(({ reached }) => reached === null);
  const names = missed.map(({ entry, why }) => `${safeText(entry, 64)} (${safeText(why ?? 'not known why', 80)})`);
  return [
    acknowledged === undefined
      ? `nobody acknowledged it within ${lengthText(opened, until)}`
      : `acknowledged by ${safeText(acknowledged.by, 60)} after ${lengthText(opened, acknowledged.at)}`,
    `${receivers.length - missed.length} of ${receivers.length} receivers reached`,
    ...(names.length === 0 ? [] : [`not reached: ${names.join(', ')}`]),
  ].join('; ');
}

/** Whether an entry is told of outages. Its globs do not matter: the drill is about its channel. */
export function carriesCritical({
  when,
  severity,
  place,
}: Pick<ChannelRules, 'when' | 'severity'> & {
  /** Null for a channel that is no entry of `notify`. */
  readonly place: number | null;
}): boolean {
  const isCritical = severity === undefined || severity.includes('critical');
  return place !== null && isCritical && (when.includes('down') || when.includes('listed'));
}

/** The report of a drill, as those see it who are told of the monitor itself. */
export function asReportOfMonitor(alert: Alert): Alert {
  return isDrill(alert) ? { ...alert, kind: 'blind', is: 'unknown', incident: null } : alert;
}

function alertOf(drill: OpenDrill, ended: EndedDrill | null): Omit<Alert, 'id' | 'at' | 'reason'> {
  return { kind: 'test', subject: DRILL, was: 'up', is: 'up', votes: [], incident: incidentOf(drill, ended) };
}

function incidentOf({ id, opened, acknowledged }: OpenDrill, ended: EndedDrill | null): Incident {
  return {
    ...{ id, target: DRILL, opened, closed: ended?.closed ?? null, verdict: 'up', witnesses: [] },
    timeline: ended === null ? [] : timelineOf(ended),
    ...(acknowledged === undefined ? {} : { acknowledged }),
  };
}

/** Entries that the timeline names. */
const MOST_LINES = 30;

function timelineOf({ opened, closed, acknowledged, receivers }: EndedDrill): Incident['timeline'] {
  const lines = receivers.slice(0, MOST_LINES).map(({ entry, reached, why }) => {
    if (reached === null) return { at: closed, what: `not reached: ${entry}: ${why ?? 'not known why'}` };
    return { at: isoSeconds(Date.parse(reached)), what: `reached: ${entry}, after ${lengthText(opened, reached)}` };
  });
  const by = acknowledged && { at: acknowledged.at, what: `acknowledged by ${acknowledged.by}` };
  return [...lines, ...(by ? [by] : [])].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function lengthText(from: string, to: string): string {
  return durationText(millisecondsBetween(from, to) ?? 0);
}
