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

/** Those of this vantage, within what the day allows. What was missed is not caught up. */
export function dueTrips(question: DueQuestion): readonly DueTrip[] {
  const { trips, state, now } = question;
  const sent = state.day === utcDay(now) ? state.sent : 0;
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

function isSecondDue({ id }: RoundTrip, { state, vantage, vantages }: DueQuestion): boolean {
  const troubled = state.second[id];
  if (troubled === undefined) return false;
  return !troubled.includes(vantage) || vantages.every((one) => troubled.includes(one));
}

function isTimeFor({ id, every }: RoundTrip, { state, now }: DueQuestion): boolean {
  const last = state.last[id];
  // A time that is further ahead was written before the clock was set back.
  return last === undefined || Math.abs(now - last) >= every;
}

/** One vantage in turn. In the second half of its time any other may: the vantage is gone, or cannot run. */
function isTurn({ id, every }: RoundTrip, { vantage, vantages, now }: DueQuestion): boolean {
  const slot = Math.floor(now / every);
  const turn = vantages[(slot + offsetOf(id)) % vantages.length];
  return turn === vantage || now - slot * every >= every / 2;
}

/** Round trips of one fleet do not all begin with one vantage. */
function offsetOf(id: string): number {
  return [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
}

const DAY = 86_400_000;
/** Milliseconds between two looks for trips that were given up, if no other trip is under way. */
const GIVEN_UP_EVERY = 600_000;

/** By how much the clock of another vantage may be ahead, milliseconds. One that was set back was further ahead. */
const AHEAD = 60_000;

/** Whether a vantage has looked into the mailbox in this round. @param round epoch milliseconds of its beginning */
export function isLookedInto({ look }: MailboxState, round: number): boolean {
  return look !== null && look >= round && look <= round + AHEAD;
}

/** Whether the mailbox is to be read in this round. */
export function isLookDue(state: MailboxState, round: number): boolean {
  const { open, look } = state;
  if (open.length === 0 || isLookedInto(state, round)) return false;
  return open.some(({ isGivenUp }) => isGivenUp !== true) || look === null || Math.abs(round - look) >= GIVEN_UP_EVERY;
}

/** What is no longer looked for. */
export function isForgotten({ at }: OpenTrip, now: number): boolean {
  return Math.abs(now - at) > DAY * 2;
}
