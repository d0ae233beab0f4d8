import type { Again, Hold } from '../../../consensus/news/again.ts';
import { clip, safeText } from '../safe-text.ts';
import { clockTime } from '../time-text.ts';

/** Names that a note has. */
const MOST_NAMED = 20;

/** Why a message is sent now, in a few words before its line: for what is short, and for subjects. */
export function againLead({ why, number = 1, hold, by = '', behind = [], more = 0 }: Again): string {
  switch (why) {
    case 'step':
      return 'Not acknowledged';
    case 'reminder':
      return `Reminder ${number}`;
    case 'held':
      return hold === undefined ? 'Still open' : heldLead(hold);
    case 'acknowledged':
      return `Acknowledged by ${safeText(by, 40)}`;
    case 'behind':
      return `${behind.length + more} down behind it (${clip(namesText(behind, more), 30, '...')})`;
    default:
      return why satisfies never;
  }
}

function heldLead({ why, what }: Hold): string {
  const name = clip(safeText(what, 120), 36, '...');
  switch (why) {
    case 'window':
      return `Window ${name} is over`;
    case 'mute':
      return `No longer muted (${name})`;
    case 'behind':
      return `${name} is no longer down`;
    default:
      return why satisfies never;
  }
}

/**
 * Why a message is sent now, in a sentence. Texts of people are escaped and bounded.
 * @param today when the message is sent: times of this day have no date
 */
export function againText(again: Again, today: string): string {
  const { why, since, number = 1, hold, by = '', behind = [], more = 0 } = again;
  const from = safeText(clockTime(since, today), 40);
  switch (why) {
    case 'step':
      return `Nobody has acknowledged it; it is open since ${from}.`;
    case 'reminder':
      return `Reminder ${number}: it is open since ${from}, and nobody has acknowledged it.`;
    case 'held':
      return hold === undefined
        ? `It is open since ${from}, outside the hours of this receiver.`
        : heldText(hold, from);
    case 'acknowledged':
      return `Acknowledged by ${safeText(by, 120)}: nobody else is told, and nobody is reminded.`;
    case 'behind':
      return `Down behind it: ${namesText(behind, more)}.`;
    default:
      return why satisfies never;
  }
}

function heldText({ why, what }: Hold, from: string): string {
  const name = safeText(what, 120);
  switch (why) {
    case 'window':
      return `It is open since ${from}, and was not told in the maintenance window ${name}.`;
    case 'mute':
      return `It is open since ${from}, and was muted: ${name}.`;
    case 'behind':
      return `It is open since ${from}, and was told as part of ${name}.`;
    default:
      return why satisfies never;
  }
}

function namesText(names: readonly string[], others: number): string {
  const named = names.slice(0, MOST_NAMED).map((name) => safeText(name, 64));
  const more = names.length - named.length + others;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
