/** Which round trips a vantage sends now. Pure. */
import type { RoundTrip } from '../config/round-trip.ts';
import type { MailboxState, OpenTrip } from '../history/trips/mailbox-state.ts';

export interface DueTrip {
  readonly trip: RoundTrip;
  /** It is sent at once, after a failed one. */
  readonly isSecond: boolean;
}

export interface DueQuestion {
  readonly trips: readonly RoundTrip[];
  readonly state: MailboxState;
  readonly vantage: string;
  readonly vantages: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Trips under way in one mailbox. */
const MOST_OPEN = 200;
/**
 * Half a round, milliseconds: a message is sent in the run that is nearest to its time. The schedule may be early by some
 * milliseconds, and the next run is a minute later.
 */
export const MOST_EARLY = 30_000;
/** Milliseconds by which a time in the state may be ahead of our clock. One further ahead was written by a clock that was wrong. */
const MOST_AHEAD = 600_000;

/** Those of this vantage, within what the day allows. What was missed is not caught up. */
export function dueTrips(question: DueQuestion): readonly DueTrip[] {
  const { trips, state, now } = question;
  const sent = sentToday(state, now);
  const left = Math.max(0, Math.min(...trips.map(({ perDay }) => perDay)) - sent);
  const room = Math.max(0, MOST_OPEN - state.open.length);
  return trips
    .map((trip) => ({ trip, isSecond: isSecondDue(trip, question) }))
    .filter(({ trip, isSecond }) => isSecond || (isTimeFor(trip, question) && isTurn(trip, question)))
    .slice(0, Math.min(left, room));
}

/** Whether another vantage is to send now: it looks into the mailbox, too. */
export function isDueElsewhere(question: DueQuestion): boolean {
  return question.trips.some((trip) => {
    const isSecond = question.state.second[trip.id] !== undefined && !isSecondDue(trip, question);
    return isSecond || (isTimeFor(trip, question) && !isTurn(trip, question));
  });
}

export function utcDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** A vantage whose clock is a little ahead may have begun the next day. */
export function sentToday({ day, sent }: MailboxState, now: number): number {
  return day >= utcDay(now) ? sent : 0;
}

/**
 * The state without what a clock that was far ahead has written into it: nobody waits until that time comes. What was sent on a
 * day that has not come counts for today; one message is allowed all the same, so that the day is written again.
 */
export function believedState(state: MailboxState, trips: readonly RoundTrip[], now: number): MailboxState {
  const isAhead = (at: number) => at - now > MOST_AHEAD;
  const mostSent = Math.min(...trips.map(({ perDay }) => perDay)) - 1;
  return {
    ...state,
    ...(state.day > utcDay(now + MOST_AHEAD) ? { day: utcDay(now), sent: Math.min(state.sent, mostSent) } : {}),
    last: Object.fromEntries(Object.entries(state.last).filter(([, at]) => !isAhead(at))),
    look: state.look !== null && isAhead(state.look) ? null : state.look,
  };
}

function isSecondDue({ id }: RoundTrip, { state, vantage, vantages }: DueQuestion): boolean {
  const troubled = state.second[id];
  if (troubled === undefined) return false;
  return !troubled.includes(vantage) || vantages.every((one) => troubled.includes(one));
}

function isTimeFor({ id, every }: RoundTrip, { state, now }: DueQuestion): boolean {
  const last = state.last[id];
  return last === undefined || now + MOST_EARLY - last >= every;
}

/**
 * The time from which the next interval counts. For a message that is sent early it is the time at which it was due: no number of
 * early messages makes them more frequent than `every`.
 */
export function intervalStart({ trip, isSecond }: DueTrip, { last }: MailboxState, now: number): number {
  const before = last[trip.id];
  if (before === undefined) return now;
  return Math.max(now, isSecond ? before : before + trip.every);
}

/** One vantage in turn. In the second half of its time any other may: the vantage is gone, or cannot run. */
function isTurn({ id, every }: RoundTrip, { vantage, vantages, now }: DueQuestion): boolean {
  const slot = Math.floor((now + MOST_EARLY) / every);
  const turn = vantages[(slot + offsetOf(id)) % vantages.length];
  return turn === vantage || now + MOST_EARLY - slot * every >= every / 2;
}

/** Round trips of one fleet do not all begin with one vantage. */
function offsetOf(id: string): number {
  return [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
}

const DAY = 86_400_000;
/** Milliseconds between two looks for trips that were given up, if no other trip is under way. */
const GIVEN_UP_EVERY = 600_000;

/** Whether the mailbox is to be read in this round. @param round epoch milliseconds of its beginning */
export function isLookDue({ open, look }: MailboxState, round: number): boolean {
  if (open.length === 0 || (look !== null && look >= round)) return false;
  return open.some(({ isGivenUp }) => isGivenUp !== true) || look === null || round - look >= GIVEN_UP_EVERY;
}

/** What is no longer looked for. One from a time that has not come is of a clock that was wrong. */
export function isForgotten({ at }: OpenTrip, now: number): boolean {
  return Math.abs(now - at) > DAY * 2;
}
