/** Why a message is sent again: one table of the words, for all channels. */
import type { Again, Hold } from '../../../consensus/news/again.ts';
import { clip, safeText } from '../safe-text.ts';
import { fullTime } from '../time-text.ts';

/** Names that a note has. */
const MOST_NAMED = 20;

/** How a sentence names one incident, or several. */
const ONE = { subject: 'it is', object: 'it', past: 'was' } as const;
const MANY = { subject: 'they are', object: 'them', past: 'were' } as const;
type Pronouns = typeof ONE | typeof MANY;

interface AgainWords {
  /** Whether the receiver heard of the incident before: it is *still* down. */
  isKnown(again: Again): boolean;
  /** Before the state in subjects and titles; null if the state says it. */
  title(again: Again): string | null;
  /** Before the text of an SMS, where the end may be cut. */
  lead(again: Again): string;
  /** A sentence behind the first line. */
  text(again: Again, pronouns: Pronouns): string;
}

/** Texts of people are escaped and bounded. */
const WORDS: Readonly<Record<Again['why'], AgainWords>> = {
  step: {
    isKnown: () => false,
    title: () => null,
    lead: () => 'Not acknowledged',
    text: (again, { subject, object }) => `Nobody has acknowledged ${object}; ${subject} open since ${since(again)}.`,
  },
  reminder: {
    isKnown: () => true,
    title: ({ number = 1 }) => `REMINDER ${number}`,
    lead: ({ number = 1 }) => `Reminder ${number}`,
    text: (again, { subject, object }) =>
      `Reminder ${again.number ?? 1}: ${subject} open since ${since(again)}, and nobody has acknowledged ${object}.`,
  },
  held: {
    isKnown: () => false,
    title: () => null,
    lead: ({ hold }) => (hold === undefined ? 'Since before these hours' : endOf(hold)),
    text: heldText,
  },
  acknowledged: {
    isKnown: ({ isFirst }) => isFirst !== true,
    title: () => 'ACKNOWLEDGED',
    lead: ({ by = '' }) => `Acknowledged by ${safeText(by, 40)}`,
    text: acknowledgedText,
  },
  behind: {
    isKnown: () => true,
    title: () => null,
    lead: ({ behind = [], more = 0 }) =>
      `${behind.length + more} down behind it (${clip(namesText(behind, more), 30, '...')})`,
    text: ({ behind = [], more = 0 }) => `Down behind it: ${namesText(behind, more)}.`,
  },
};

/** @param isMany whether the message is about several incidents */
export function againText(again: Again, isMany = false): string {
  return WORDS[again.why].text(again, isMany ? MANY : ONE);
}

export function againLead(again: Again): string {
  return WORDS[again.why].lead(again);
}

export function againTitle(again: Again): string | null {
  return WORDS[again.why].title(again);
}

export function isKnownAlready(again: Again): boolean {
  return WORDS[again.why].isKnown(again);
}

function since(again: Again): string {
  return safeText(fullTime(again.since), 40);
}

function endOf({ why, what }: Hold): string {
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

/** Who hears of it for the first time, or after a hold, also learns since when it is open. */
function acknowledgedText(again: Again, pronouns: Pronouns): string {
  const { by = '', hold, isFirst } = again;
  const text = `Acknowledged by ${safeText(by, 120)}: no more steps and reminders.`;
  if (hold !== undefined) return `${text} ${heldText(again, pronouns)}`;
  return isFirst === true ? `${text} ${openText(again, pronouns)}.` : text;
}

function openText(again: Again, { subject }: Pronouns): string {
  return `${capital(subject)} open since ${since(again)}`;
}

function heldText(again: Again, pronouns: Pronouns): string {
  const open = openText(again, pronouns);
  const { past } = pronouns;
  if (again.hold === undefined) return `${open}, outside the hours of this receiver.`;
  const { why, what } = again.hold;
  const name = safeText(what, 120);
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

/** @param more how many others there are */
function namesText(names: readonly string[], more: number): string {
  const named = names.slice(0, MOST_NAMED).map((name) => safeText(name, 64));
  const others = names.length - named.length + more;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}
