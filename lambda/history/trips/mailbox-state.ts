/** What all vantages know of a mailbox that trips end in: one item, which each write replaces only if it has not changed. */
import { tripMailboxesKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isMapOf, isNumber, isText } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

/** A trip that is looked for, by its key. */
export interface OpenTrip {
  readonly trip: string;
  readonly at: number;
  /** It was given up, and is noted if it arrives after all. */
  readonly isGivenUp?: true;
}

export interface MailboxState {
  /** `2026-11-22`, UTC. */
  readonly day: string;
  /** Messages that were sent on this day. */
  readonly sent: number;
  /** When each round trip last sent, epoch milliseconds. */
  readonly last: Readonly<Record<string, number>>;
  readonly open: readonly OpenTrip[];
  /** Round trips of which a second message is to be sent at once, with the vantages whose trips failed. */
  readonly second: Readonly<Record<string, readonly string[]>>;
  /** The last round in which a vantage looked into the mailbox, epoch milliseconds; null: none. */
  readonly look: number | null;
  readonly version: number;
}

export const NEW_MAILBOX: MailboxState = {
  day: '',
  sent: 0,
  last: {},
  open: [],
  second: {},
  look: null,
  version: 0,
};

export function mailboxItem(mailbox: string, state: MailboxState): Item {
  return { pk: tripMailboxesKey, sk: mailbox, ...state };
}

/** @throws where it is none */
export function mailboxStateOf({ pk: _pk, sk: _sk, ...state }: Item): MailboxState {
  const { day, sent, last, open, second, look, version } = state;
  must(isText(day) && isCount(sent) && isCount(version), 'the day');
  must(isMapOf(last, isNumber), 'last');
  must(isListOf(open, isOpenTrip), 'open');
  must(isMapOf(second, isTexts), 'second');
  must(look === null || isNumber(look), 'look');
  return state as unknown as MailboxState;
}

function isOpenTrip(value: unknown): value is OpenTrip {
  return isFields(value) && isText(value.trip) && isNumber(value.at);
}

function isTexts(value: unknown): value is readonly string[] {
  return isListOf(value, isText);
}
