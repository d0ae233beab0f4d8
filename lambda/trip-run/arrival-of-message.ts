/** What a message that was found says of its way. */
import type { RoundTrip } from '../config/round-trip.ts';
import { trustedResults } from '../standards/authentication-results/trusted-results.ts';
import { compareTrip } from '../trip/alterations/compare-trip.ts';
import { sendingSide } from '../trip/hops/sending-side.ts';
import { tripHops } from '../trip/hops/trip-hops.ts';
import { readTripMessage } from '../trip/message/read-trip-message.ts';
import type { ReceivedMessage } from '../trip/message/received-message.ts';
import type { BuiltMessage } from '../trip/message/trip-plan.ts';
import { TRIP_METHODS, type TripArrival } from '../trip/verdict/trip-state.ts';
import type { FoundMessage } from './look-into-mailbox.ts';

export interface ArrivalFacts {
  readonly trip: Pick<RoundTrip, 'authservId'>;
  readonly sent: BuiltMessage;
  /** The reply to the message and its time. */
  readonly acceptance: { readonly at: number; readonly reply: string };
  /** When the mailbox was last read without the message; null: never. */
  readonly absent: number | null;
  /** Epoch milliseconds. */
  readonly seen: number;
}

export function arrivalOf({ folder, raw, truncated }: FoundMessage, facts: ArrivalFacts): TripArrival {
  const { trip, sent, acceptance, absent, seen } = facts;
  const received = readTripMessage(raw);
  const hops = tripHops(received.received, acceptance);
  return {
    seen,
    absent,
    folder,
    hops,
    ...sendingSide(received, hops),
    results: resultsOf(received, trip.authservId),
    // The rest of a message that was cut off cannot be compared.
    alterations: truncated ? [] : compareTrip(sent, received),
  };
}

function resultsOf({ authenticationResults }: ReceivedMessage, authservId: string | null): TripArrival['results'] {
  if (authservId === null) return {};
  const trusted = trustedResults(authenticationResults, authservId);
  const known = TRIP_METHODS.flatMap((method) => {
    const result = trusted.get(method)?.result;
    return result === undefined ? [] : [[method, result] as const];
  });
  return Object.fromEntries(known);
}
