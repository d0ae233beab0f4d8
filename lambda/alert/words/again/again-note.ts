import type { Again, Hold } from '../../../consensus/news/again.ts';
import { safeText } from '../safe-text.ts';
import { fullTime } from '../time-text.ts';

/** Names that a note has. */
const MOST_NAMED = 20;

/** How a sentence names one incident, or several. */
const ONE = { subject: 'it is', object: 'it', past: 'was' } as const;
const MANY = { subject: 'they are', object: 'them', past: 'were' } as const;
type Words = typeof ONE | typeof MANY;

/**
 * Why a message is sent now, in a sentence. Texts of people are escaped and bounded.
 * @param isMany whether the message is about several incidents
 */
export function againText(again: Again, isMany = false): string {
  const { why, since, number = 1, hold, by = '', behind = [] } = again;
  const words = isMany ? MANY : ONE;
  const { subject, object } = words;
  const from = safeText(fullTime(since), 40);
  switch (why) {
    case 'step':
      return `Nobody has acknowledged ${object}; ${subject} open since ${from}.`;
    case 'reminder':
      return `Reminder ${number}: ${subject} open since ${from}, and nobody has acknowledged ${object}.`;
    case 'held':
      return hold === undefined
        ? `${capital(subject)} open since ${from}, outside the hours of this receiver.`
        : heldText(hold, from, words);
    case 'acknowledged':
      return `Acknowledged by ${safeText(by, 120)}: no more steps and reminders.`;
    case 'behind':
      return `Down behind it: ${namesText(behind)}.`;
    default:
      return why satisfies never;
  }
}

function heldText({ why, what }: Hold, from: string, { subject, past }: Words): string {
  const name = safeText(what, 120);
  const open = `${capital(subject)} open since ${from}`;
  switch (why) {
    case 'window':
      return `${open}, and ${past} not told in the maintenance window ${name}.`;
    case 'mute':
      return `${open}, and ${past} muted: ${name}.`;
    case 'behind':
      return `${open}, and ${past} told as part of ${name}.`;
    default:
      return why satisfies never;
  }
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function namesText(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).map((name) => safeText(name, 64));
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
