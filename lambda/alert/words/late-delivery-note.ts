import type { Alert, Digest } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import { againText } from './again/again-note.ts';
import { safeText } from './safe-text.ts';
import { fullTime } from './time-text.ts';

/** What a message says besides its alert, because it could not be sent at once. */
export interface Circumstances {
  /** When it is sent, ISO 8601 UTC, if that is much later than the alert was decided; else null. */
  readonly sent: string | null;
  /** The verdict at that time, if it is another than that of the alert. */
  readonly turned: { readonly verdict: Verdict; readonly since: string } | null;
  /** Earlier alerts of the incident that were not delivered before. */
  readonly replaces: readonly Alert[];
  /** Alerts above the limit of the channel, which have no message of their own. Absent if there are none. */
  readonly more?: Digest;
}

export const PLAIN: Circumstances = { sent: null, turned: null, replaces: [] };

/** Alerts that a note names. */
const MOST_NAMED = 3;

/** The circumstances in sentences; null if there are none. */
export function noteOf({ at, again, digest }: Alert, { sent, turned, replaces }: Circumstances): string | null {
  const sentences = [
    ...(again === undefined ? [] : [againText(again, digest !== undefined)]),
    ...(turned === null ? [] : [`It is ${turned.verdict.toUpperCase()} now, since ${time(turned.since)}.`]),
    ...(sent === null ? [] : [`Decided at ${time(at)}, sent at ${time(sent)}.`]),
    ...(replaces.length === 0 ? [] : [`Not delivered before: ${namesOf(replaces)}.`]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}

function namesOf(alerts: readonly Alert[]): string {
  const named = alerts.slice(0, MOST_NAMED).map(({ kind, at }) => `${kind} of ${time(at)}`);
  return [...named, ...(alerts.length > MOST_NAMED ? [`${alerts.length - MOST_NAMED} more`] : [])].join(', ');
}

function time(at: string): string {
  return safeText(fullTime(at), 40);
}
