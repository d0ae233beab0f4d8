/** One trip now, without the table: for the command line. */
import type { RoundTrip } from '../config/round-trip.ts';
import type { MailboxCredentials } from '../mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../mailbox/session/mailbox-session.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import type { BuiltMessage } from '../trip/message/trip-plan.ts';
import type { TripArrival, TripSending, TripState } from '../trip/verdict/trip-state.ts';
import { type TripVerdict, tripVerdict } from '../trip/verdict/trip-verdict.ts';
import { arrivalOf } from './arrival-of-message.ts';
import { type FoundMessage, lookIntoMailbox } from './look-into-mailbox.ts';
import { messageOfTrip, sendTrip } from './send-trip.ts';
import type { TripPorts } from './trip-ports.ts';

export type OneTripPorts = Pick<TripPorts, 'openMailbox' | 'now' | 'sleep' | 'newId' | 'probeOptions'>;

export interface OneTripRequest {
  readonly trip: RoundTrip;
  readonly ehloName: string;
  /** Password of the server that takes the message. */
  readonly password: string | null;
  readonly login: MailboxCredentials;
  /**
   * Key of this trip alone: what a monitor sends to the mailbox has another one, so that neither takes the messages of the other
   * for its own.
   */
  readonly key: string;
}

export interface OneTrip {
  readonly sample: Sample;
  readonly sending: TripSending;
  readonly arrivals: readonly TripArrival[];
  /** The last failure to read the mailbox; null if the last look succeeded. */
  readonly readFailure: { readonly phase: string; readonly code: string; readonly detail: string } | null;
  readonly transcript: readonly string[];
  readonly verdict: TripVerdict;
}

/** Milliseconds between two looks. */
const PAUSES = [1_000, 1_000, 2_000, 4_000, 8_000] as const;
const DAY = 86_400_000;

interface Search {
  readonly request: OneTripRequest;
  readonly ports: OneTripPorts;
  readonly message: BuiltMessage;
  readonly id: string;
  readonly sending: Extract<TripSending, { readonly outcome: 'accepted' }>;
  readonly known: Set<string>;
  readonly arrivals: TripArrival[];
  session: MailboxSession | null;
  read: number | null;
  failure: OneTrip['readFailure'];
  transcript: readonly string[];
}

/** @param onSent called when the server has accepted the message */
export async function runOneTrip(
  request: OneTripRequest,
  ports: OneTripPorts,
  onSent: () => void = () => {},
): Promise<OneTrip> {
  const { trip, ehloName, password, key } = request;
  const { server, from, to } = trip.send;
  const token = { trip: trip.id, id: ports.newId(), at: ports.now() };
  const message = messageOfTrip(trip, token, key);
  const options = ports.probeOptions ?? {};
  const { sending, sample } = await sendTrip({ server, message, from, to, ehloName, password, options }, ports.now);
  if (sending.outcome !== 'accepted') {
    const verdict = tripVerdict(stateOf(trip, sending), ports.now());
    return { sample, sending, arrivals: [], readFailure: null, transcript: [], verdict };
  }
  onSent();
  const search: Search = {
    ...{ request, ports, message, id: token.id, sending, known: new Set<string>(), arrivals: [] },
    ...{ session: null, read: null, failure: null, transcript: [] },
  };
  const verdict = await lookUntilEnded(search);
  const { arrivals, failure, transcript } = search;
  return { sample, sending, arrivals, readFailure: failure, transcript, verdict };
}

function stateOf({ within, expect }: RoundTrip, sending: TripSending): TripState {
  return { limits: within, expect, sending, read: null, readFailure: null, arrivals: [] };
}

async function lookUntilEnded(search: Search): Promise<TripVerdict> {
  const { ports, request, sending, arrivals } = search;
  for (let nth = 0; ; nth++) {
    await look(search);
    const { read, failure } = search;
    const state = { ...stateOf(request.trip, sending), read, readFailure: failure?.phase ?? null, arrivals };
    const verdict = tripVerdict(state, ports.now());
    if (verdict.outcome !== null) {
      await endSession(search);
      return verdict;
    }
    await ports.sleep(PAUSES[Math.min(nth, PAUSES.length - 1)] ?? 1_000);
  }
}

/** A session ends by itself after some time, ours by its deadline: only another one says whether the mailbox can be read. */
async function look(search: Search): Promise<void> {
  const isOld = search.session !== null;
  await lookOnce(search);
  if (isOld && search.failure !== null) await lookOnce(search);
}

async function lookOnce(search: Search): Promise<void> {
  const { request, ports, sending } = search;
  const { trip, key, login } = request;
  const { auth: _auth, junk, ...endpoint } = trip.receive;
  const absent = search.read;
  const began = ports.now();
  try {
    search.session ??= await ports.openMailbox(endpoint, login);
    const { session } = search;
    await lookIntoMailbox(session, {
      since: sending.at - DAY,
      octets: 200_000 + 2 * trip.send.attachment,
      junk,
      elsewhere: ports.now() - sending.at > trip.within.warn,
      keys: new Map([[trip.id, key]]),
      awaited: [search.id],
      known: search.known,
      onFolder: async (found) => found.map((one) => take(search, one, absent)).slice(trip.keep),
    });
    search.read = began;
    search.failure = null;
    search.transcript = session.report().transcript;
    if (trip.receive.protocol === 'pop3') await endSession(search);
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    const { phase, code, detail } = error.failure;
    search.failure = { phase, code, detail };
    search.transcript = error.report.transcript;
    await endSession(search);
  }
}

/** @returns the name of the message, which may be removed */
function take(
  { request, message, sending, ports, known, arrivals }: Search,
  found: FoundMessage,
  absent: number | null,
): string {
  known.add(found.name);
  const facts = { trip: request.trip, sent: message, acceptance: sending, absent, seen: ports.now() };
  arrivals.push(arrivalOf(found, facts));
  return found.name;
}

async function endSession(search: Search): Promise<void> {
  const { session } = search;
  search.session = null;
  await session?.end().catch(() => {});
}
