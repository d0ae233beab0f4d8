/** Claims what is to be done with a mailbox in a round: what is sent, and who looks. Two vantages never both get it. */
import type { MailboxState, OpenTrip } from '../history/trips/mailbox-state.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import {
  type DueTrip,
  dueTrips,
  intervalStart,
  isDueElsewhere,
  isForgotten,
  isLookDue,
  sentToday,
  utcDay,
} from './due-trips.ts';
import type { TripGroup } from './trip-mailbox.ts';
import type { TripPorts } from './trip-ports.ts';

/** Milliseconds of a round: how often a mailbox is read at most. */
export const TRIP_ROUND = 60_000;

export interface Claim {
  readonly due: readonly ClaimedTrip[];
  readonly looks: boolean;
  readonly state: MailboxState;
}

export interface ClaimedTrip extends DueTrip {
  readonly record: TripRecord;
}

/**
 * Null if there is nothing to do, or another vantage was first. The state of the mailbox is written first, with the time of the
 * message: an invocation that ends then has sent nothing, and nobody sends in its place before the next one is due.
 * @param sendable round trips whose key could be read
 */
export async function claimTrips(
  ports: TripPorts,
  group: TripGroup,
  state: MailboxState,
  sendable: ReadonlySet<string>,
): Promise<Claim | null> {
  const now = ports.now();
  const plan = planRound(ports, group, state, now);
  const due = plan.due.filter(({ trip }) => sendable.has(trip.id));
  if (due.length === 0 && !plan.looks) return null;
  const claimed = due.map((one, nth): ClaimedTrip => ({ ...one, record: newRecord(ports, one, now + nth) }));
  const written = await ports.history.writeMailbox(group.mailbox, stateAfter(state, claimed, plan.looks, now));
  if (written === null) return null;
  const stored: ClaimedTrip[] = [];
  for (const one of claimed) {
    const record = await ports.history.writeTrip(one.record);
    if (record !== null) stored.push({ ...one, record });
  }
  return { due: stored, looks: plan.looks, state: written };
}

export interface RoundPlan {
  readonly due: readonly DueTrip[];
  readonly looks: boolean;
}

/** What this vantage would do now. Who sends looks, too; others look only if nobody is to send. */
export function planRound(ports: TripPorts, { trips }: TripGroup, state: MailboxState, now: number): RoundPlan {
  const { vantages } = ports.config.policy;
  const question = { trips, state, vantage: ports.vantage, vantages, now };
  const round = Math.floor(now / TRIP_ROUND) * TRIP_ROUND;
  const isFree = state.look === null || state.look < round;
  // Who sends looks, too: where another vantage has looked in this round, the message waits for the next one.
  const due = isFree ? dueTrips(question) : [];
  const looks = due.length > 0 || (isLookDue(state, round) && !isDueElsewhere(question));
  return { due, looks };
}

function stateAfter(state: MailboxState, claimed: readonly ClaimedTrip[], looks: boolean, now: number): MailboxState {
  const today = utcDay(now);
  const isNewDay = state.day < today;
  const ids = new Set(claimed.map(({ trip }) => trip.id));
  const open = claimed.map(({ record }): OpenTrip => ({ trip: record.trip, at: record.at }));
  return {
    ...state,
    day: isNewDay ? today : state.day,
    sent: sentToday(state, now) + claimed.length,
    last: { ...state.last, ...Object.fromEntries(claimed.map((one) => [one.trip.id, intervalStart(one, state, now)])) },
    open: [...state.open.filter((one) => !isForgotten(one, now)), ...open],
    second: Object.fromEntries(Object.entries(state.second).filter(([id]) => !ids.has(id))),
    look: looks ? Math.floor(now / TRIP_ROUND) * TRIP_ROUND : state.look,
  };
}

function newRecord({ vantage, newId }: TripPorts, { trip, isSecond }: DueTrip, at: number): TripRecord {
  return {
    trip: trip.id,
    id: newId(),
    at,
    vantage,
    isSecond,
    sending: null,
    session: null,
    read: null,
    readFailure: null,
    arrivals: [],
    known: [],
    verdict: null,
    version: 0,
  };
}
