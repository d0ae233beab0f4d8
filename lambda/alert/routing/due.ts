/** Which entries are to be told of an incident now, and why. */
import { isDrill } from '../../consensus/drill/drill.ts';
import type { Again } from '../../consensus/news/again.ts';
import type { Notification, Told } from '../../consensus/notification/notification.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { RoutingContext } from './context.ts';
import type { RoutedEntry } from './entry.ts';
import { entriesFor } from './match.ts';

export interface Due {
  readonly entry: RoutedEntry;
  readonly why: Extract<Again['why'], 'step' | 'reminder' | 'held' | 'acknowledged'>;
}

export interface Dues {
  /** They have not heard the latest alert. */
  readonly news: readonly Due[];
  readonly reminders: readonly Due[];
  /** They have not heard it either, and are outside their hours. */
  readonly waiting: readonly RoutedEntry[];
}

/** Of an incident that nothing holds, and whose entries have their `since`. */
export function duesOf(notification: Notification, context: RoutingContext, now: number): Dues {
  const ripe = entriesFor(notification.alert, context).filter((entry) => isRipe(notification, entry, now));
  const isIn = (entry: RoutedEntry) => entry.hours === undefined || context.isWithinHours(entry.hours, now);
  const unheard = ripe.filter((entry) => !hasHeard(notification, entry));
  const again = ripe.filter((entry) => hasHeard(notification, entry) && isReminderDue(notification, entry, now));
  return {
    news: unheard.filter(isIn).map((entry) => ({ entry, why: whyNow(notification, entry) })),
    reminders: again.filter(isIn).map((entry) => ({ entry, why: 'reminder' })),
    waiting: unheard.filter((entry) => !isIn(entry)),
  };
}

export function hasHeard({ told, alert }: Notification, { id }: RoutedEntry): boolean {
  return ownValue(told, id)?.alert === alert.id;
}

/** Whether the time of its step has come; a drill is for all at once. Who was told before hears what is new; an acknowledgement ends the other steps. */
function isRipe(
  { alert, told, since, acknowledged }: Notification,
  { id, after = 0 }: RoutedEntry,
  now: number,
): boolean {
  if (ownValue(told, id) !== undefined || after === 0 || isDrill(alert)) return true;
  return acknowledged === null && now >= Date.parse(ownValue(since, id) ?? '') + after;
}

function isReminderDue({ told, acknowledged, alert }: Notification, { id, repeat }: RoutedEntry, now: number): boolean {
  const last = ownValue(told, id);
  if (repeat === undefined || last === undefined || acknowledged !== null) return false;
  if (alert.incident === null || isDrill(alert)) return false;
  return now >= Date.parse(last.last) + nextReminder(repeat, last);
}

/** Milliseconds from the last message to the next reminder. The last duration repeats. */
function nextReminder(repeat: readonly number[], { reminders }: Pick<Told, 'reminders'>): number {
  return repeat[Math.min(reminders, repeat.length - 1)] ?? Number.POSITIVE_INFINITY;
}

function whyNow({ held, waiting, told, acknowledged }: Notification, { id }: RoutedEntry): Due['why'] {
  if (acknowledged !== null) return 'acknowledged';
  return held !== null || waiting.includes(id) || ownValue(told, id) !== undefined ? 'held' : 'step';
}
