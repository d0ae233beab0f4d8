/** Looks for the trips of a run in their mailbox, until they have arrived or the time of the run is up. */
import type { RoundTrip } from '../config/round-trip.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import type { MailboxCredentials } from '../mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../mailbox/session/mailbox-session.ts';
import { arrivalOf } from './arrival-of-message.ts';
import { type FoundMessage, lookIntoMailbox } from './look-into-mailbox.ts';
import { messageOfTrip } from './send-trip.ts';
import { withVerdict } from './trip-outcome.ts';
import { isUnderWay, keepRecord, roundTripOf, type TripRun } from './trip-run.ts';

/** Milliseconds for which a run that has sent waits for its messages. */
const WAIT = 45_000;
/** Milliseconds between two looks. A server of POP3 shows what is new only in another session, so it is asked rarely. */
const PAUSES = { imap: [1_000, 2_000, 4_000, 8_000, 15_000, 15_000], pop3: [15_000, 30_000] } as const;
/** Milliseconds that are kept for the writes at the end of a run. */
const RESERVE = 10_000;
const DAY = 86_400_000;

/** @param awaited identifiers of messages that this run has sent; without one, there is one look */
export async function lookForTrips(
  run: TripRun,
  login: MailboxCredentials,
  awaited: ReadonlySet<string>,
): Promise<void> {
  const { ports, group } = run;
  const [first] = group.trips;
  if (first === undefined) return;
  const until = ports.now() + Math.min(WAIT, ports.timeLeft() - RESERVE);
  const pauses = [...PAUSES[first.receive.protocol]];
  const mailbox = openSessions(run, first, login);
  try {
    for (;;) {
      const had = arrived(run, awaited);
      const isRead = await lookOnce(run, mailbox);
      const isSettled = arrived(run, awaited) === had && awaitedOpen(run, awaited) === 0;
      const pause = pauses.shift();
      if (!isRead || isSettled || pause === undefined || ports.now() + pause > until) return;
      await ports.sleep(pause);
    }
  } finally {
    await mailbox.end();
  }
}

function arrived({ open }: TripRun, awaited: ReadonlySet<string>): number {
  return [...open.values()].reduce((sum, { id, arrivals }) => sum + (awaited.has(id) ? arrivals.length : 0), 0);
}

function awaitedOpen({ open }: TripRun, awaited: ReadonlySet<string>): number {
  return [...open.values()].filter((record) => awaited.has(record.id) && isUnderWay(record)).length;
}

interface Sessions {
  take(): Promise<MailboxSession>;
  /** Ends what cannot be used for another look. */
  afterLook(): Promise<void>;
  end(): Promise<void>;
}

/** One session of IMAP for all looks; one of POP3 for each, whose end removes the messages. */
function openSessions({ ports }: TripRun, { receive }: RoundTrip, login: MailboxCredentials): Sessions {
  const { auth: _auth, junk: _junk, ...endpoint } = receive;
  let session: MailboxSession | null = null;
  const end = async () => {
    const ending = session;
    session = null;
    await ending?.end();
  };
  return {
    async take() {
      session ??= await ports.openMailbox(endpoint, login);
      return session;
    },
    afterLook: async () => (receive.protocol === 'pop3' ? await end() : undefined),
    // What could not be ended was reported by the look, or does not matter.
    end: () => end().catch(() => {}),
  };
}

/** @returns whether the mailbox was read whole */
async function lookOnce(run: TripRun, mailbox: Sessions): Promise<boolean> {
  const { ports, group, keys } = run;
  const records = [...run.open.values()];
  const before = run.read;
  // What arrives during the look may be missing in it, and is no older than this.
  const began = ports.now();
  try {
    const session = await mailbox.take();
    await lookIntoMailbox(session, {
      since: Math.min(ports.now(), ...records.map(({ at }) => at)) - DAY,
      octets: 200_000 + 2 * Math.max(...group.trips.map(({ send }) => send.attachment)),
      junk: group.trips.some(({ receive }) => receive.junk),
      elsewhere: records.some((record) => isLate(run, record)),
      keys,
      awaited: records.filter(isUnderWay).map(({ id }) => id),
      known: new Set(records.flatMap(({ known }) => known)),
      onFolder: (found) => takeFolder(run, found, before),
    });
    await mailbox.afterLook();
    run.read = began;
    await judgeOpen(run, null);
    return true;
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    run.failures.push(`${error.failure.phase}: ${error.failure.code}`);
    await judgeOpen(run, error.failure.phase);
    return false;
  }
}

function isLate(run: TripRun, record: TripRecord): boolean {
  const trip = roundTripOf(run, record);
  return trip !== undefined && run.ports.now() - record.at > trip.within.warn;
}

/** Stores what has arrived, and only then gives it up for removal. */
async function takeFolder(
  run: TripRun,
  found: readonly FoundMessage[],
  absent: number | null,
): Promise<readonly string[]> {
  const others = await openElsewhere(run, found);
  const stored: FoundMessage[] = [];
  for (const message of found) {
    const record = run.open.get(message.token.id);
    const isDone =
      record === undefined
        ? !others(message) && (await hasEnded(run, message))
        : await takeMessage(run, record, message, absent);
    if (isDone) stored.push(message);
  }
  return run.group.trips.flatMap(({ id, keep }) => {
    const own = stored.filter(({ token }) => token.trip === id).sort((a, b) => b.token.at - a.token.at);
    return own.slice(keep).map(({ name }) => name);
  });
}

/** Whether a run at the same time has sent a message just now, and looks for it. */
async function openElsewhere(
  { ports, group, open }: TripRun,
  found: readonly FoundMessage[],
): Promise<(message: FoundMessage) => boolean> {
  if (found.every(({ token }) => open.has(token.id))) return () => false;
  const state = await ports.history.mailbox(group.mailbox);
  return ({ token }) => state.open.some(({ trip, at }) => trip === token.trip && at === token.at);
}

/**
 * Whether it is of a trip of ours that has ended: it is only removed. Another monitor may have the same config and key, and wait
 * for its message: that is left to it until nobody waits any more.
 */
async function hasEnded({ ports }: TripRun, { token: { trip, id, at } }: FoundMessage): Promise<boolean> {
  return (await ports.history.trip(trip, at))?.id === id || ports.now() - at > DAY / 2;
}

/** Stores an arrival. Returns whether nothing more is to be learnt from the message. */
async function takeMessage(
  run: TripRun,
  record: TripRecord,
  message: FoundMessage,
  absent: number | null,
): Promise<boolean> {
  const { ports, keys } = run;
  const trip = roundTripOf(run, record);
  const key = keys.get(record.trip);
  if (trip === undefined || key === undefined || record.known.includes(message.name)) return false;
  const { sending } = record;
  const acceptance = sending?.outcome === 'accepted' ? sending : { at: record.at, reply: '' };
  const sent = messageOfTrip(trip, message.token, key);
  // A run before this one may have read the mailbox without it.
  const reads = [absent, record.read].filter((read) => read !== null);
  const facts = { trip, sent, acceptance, absent: reads.length === 0 ? null : Math.max(...reads) };
  const arrival = arrivalOf(message, { ...facts, seen: ports.now() });
  const next = {
    ...record,
    verdict: null,
    arrivals: [...record.arrivals, arrival],
    known: [...record.known, message.name],
  };
  return await keepRecord(run, withVerdict(next, trip, ports.now()));
}

/** Trips that are not there: those whose time is up have their verdict now. @param readFailure phase of the mailbox */
export async function judgeOpen(run: TripRun, readFailure: string | null): Promise<void> {
  const { ports, read } = run;
  for (const record of run.open.values()) {
    const trip = roundTripOf(run, record);
    if (trip === undefined || !isUnderWay(record)) continue;
    const next = withVerdict({ ...record, read: read ?? record.read, readFailure }, trip, ports.now());
    if (next.verdict !== null) await keepRecord(run, next);
  }
}
