/** Why a message is sent again: one table of the words, for all channels. */
import type { Again, Hold } from '../../../consensus/news/again.ts';
import { safeText } from '../safe-text.ts';
import { fullTime } from '../time-text.ts';

/** Names that a note has. */
const MOST_NAMED = 20;

type Reason = Again['why'];

interface AgainWords {
  /** Whether the receiver heard of the incident before: it is *still* down. */
  readonly isKnown: boolean;
  /** Before the state in subjects and titles; null if the state says it. */
  title(again: Again): string | null;
  /** Before the text of an SMS, where the end may be cut. */
  lead(again: Again): string;
  /** A sentence behind the first line. */
  text(again: Again): string;
}

/** Texts of people are escaped and bounded. */
const WORDS: Readonly<Record<Reason, AgainWords>> = {
  step: {
    isKnown: false,
    title: () => null,
    lead: () => 'Not acknowledged',
    text: (again) => `Nobody has acknowledged it; it is open since ${since(again)}.`,
  },
  reminder: {
    isKnown: true,
    title: ({ number = 1 }) => `REMINDER ${number}`,
    lead: ({ number = 1 }) => `Reminder ${number}`,
    text: (again) => `Reminder ${again.number ?? 1}: it is open since ${since(again)}, and nobody has acknowledged it.`,
  },
  held: {
    isKnown: false,
    title: () => null,
    lead: ({ hold }) => (hold === undefined ? 'Since before these hours' : endOf(hold)),
    text: heldText,
  },
  acknowledged: {
    isKnown: true,
    title: () => 'ACKNOWLEDGED',
    lead: ({ by = '' }) => `Acknowledged by ${safeText(by, 40)}`,
    text: ({ by = '' }) => `Acknowledged by ${safeText(by, 120)}: no more steps and reminders.`,
  },
  behind: {
    isKnown: true,
    title: () => null,
    lead: ({ behind = [] }) => `${behind.length} down behind it`,
    text: ({ behind = [] }) => `Down behind it: ${namesText(behind)}.`,
  },
};

export function againText(again: Again): string {
  return WORDS[again.why].text(again);
}

export function againLead(again: Again): string {
  return WORDS[again.why].lead(again);
}

export function againTitle(again: Again): string | null {
  return WORDS[again.why].title(again);
}

export function isKnownAlready({ why }: Again): boolean {
  return WORDS[why].isKnown;
}

function since(again: Again): string {
  return safeText(fullTime(again.since), 40);
}

function endOf({ why, what }: Hold): string {
  const name = safeText(what, 24);
  switch (why) {
    case 'window':
      return `Window ${name} is over`;
    case 'mute':
      return 'Mute is over';
    case 'behind':
      return `${name} is up`;
    default:
      return why satisfies never;
  }
}

function heldText(again: Again): string {
  const { hold } = again;
  const from = since(again);
  if (hold === undefined) return `It is open since ${from}, outside the hours of this receiver.`;
  const name = safeText(hold.what, 120);
  switch (hold.why) {
    case 'window':
      return `It is open since ${from}, and was not told in the maintenance window ${name}.`;
    case 'mute':
      return `It is open since ${from}, and was muted: ${name}.`;
    case 'behind':
      return `It is open since ${from}, and was told as part of ${name}.`;
    default:
      return hold.why satisfies never;
  }
}

function namesText(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).map((name) => safeText(name, 64));
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
