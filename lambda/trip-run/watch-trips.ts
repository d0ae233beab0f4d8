/** One run of round trips: sends what is due at this vantage, and looks for what is under way. */
import { ehloNameOf } from '../config/ehlo-name.ts';
import type { MailboxState } from '../history/trips/mailbox-state.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import { finding } from '../smtp/failures/failures.ts';
import { unreachedSample } from '../smtp/sample/build-sample.ts';
import { type ClaimedTrip, claimTrips, planRound } from './claim-trips.ts';
import { believedState } from './due-trips.ts';
import { endTrips } from './end-trips.ts';
import { judgeOpen, lookForTrips } from './look-for-trips.ts';
import { messageOfTrip, notSent, type SentTrip, sendTrip, unlessCutOff } from './send-trip.ts';
import { readLogin, readTripKeys, type TripGroup, tripGroups } from './trip-mailbox.ts';
import { withVerdict } from './trip-outcome.ts';
import type { TripPorts } from './trip-ports.ts';
import type { MailboxRunReport, TripReport } from './trip-report.ts';
import { isUnderWay, keepRecord, type TripRun } from './trip-run.ts';

/** What a mailbox or a server does costs its own round trips and no others. */
export async function watchTrips(ports: TripPorts): Promise<TripReport> {
  const began = performance.now();
  const groups = tripGroups(ports.config.roundTrips ?? []);
  const mailboxes = await Promise.all(groups.map((group) => watchOrFail(ports, group)));
  const owing = [...new Set(mailboxes.flatMap((one) => one.owing))];
  if (owing.length > 0) {
    await ports.publishEvents([{ type: 'Trip Recorded', detail: { vantage: ports.vantage, trips: owing } }]);
  }
  return { vantage: ports.vantage, mailboxes, milliseconds: Math.round(performance.now() - began) };
}

/** Characters. */
const LONGEST_REASON = 300;

const NOTHING: MailboxRunReport = { sent: [], ended: [], owing: [], unread: [], failed: null };

async function watchOrFail(ports: TripPorts, group: TripGroup): Promise<MailboxRunReport> {
  try {
    return await watchMailbox(ports, group);
  } catch (error) {
    const why = asError(error).message.slice(0, LONGEST_REASON);
    return { ...NOTHING, failed: failureOf(group, why) };
  }
}

function failureOf({ trips }: TripGroup, why: string): string {
  return `${trips.map(({ id }) => id).join(', ')}: ${why}`;
}

async function watchMailbox(ports: TripPorts, group: TripGroup): Promise<MailboxRunReport> {
  const state = believedState(await ports.history.mailbox(group.mailbox), group.trips, ports.now());
  const plan = planRound(ports, group, state, ports.now());
  if (plan.due.length === 0 && !plan.looks) return NOTHING;
  const keys = await readTripKeys(ports, group.trips);
  const claim = await claimTrips(ports, group, state, new Set(keys.keys()));
  if (claim === null) return NOTHING;
  const run = await openRun(ports, group, keys, claim.looks ? claim.state : null, claim.due);
  await Promise.all(claim.due.map((one) => sendClaimed(run, one)));
  const why = claim.looks ? await look(run, claim.due) : null;
  const { ended, owing } = await endTrips(run);
  const failed = why === null ? null : failureOf(group, why);
  return {
    sent: claim.due.map(({ record }) => record),
    ended,
    owing,
    unread: run.failures.map((why) => failureOf(group, why)),
    failed,
  };
}

/** @param state null if another run looks for what is under way */
async function openRun(
  ports: TripPorts,
  group: TripGroup,
  keys: ReadonlyMap<string, string>,
  state: MailboxState | null,
  claimed: readonly ClaimedTrip[],
): Promise<TripRun> {
  const own = new Set(claimed.map(({ record }) => record.id));
  const others = (state?.open ?? []).filter(
    ({ trip, at }) => !claimed.some(({ record }) => record.trip === trip && record.at === at),
  );
  const records = await Promise.all(others.map(({ trip, at }) => ports.history.trip(trip, at)));
  const known = records.filter((record): record is TripRecord => record !== null && !own.has(record.id));
  const open = new Map([...known, ...claimed.map(({ record }) => record)].map((record) => [record.id, record]));
  const givenUp = known.filter(({ trip, at }) =>
    others.some((one) => one.trip === trip && one.at === at && one.isGivenUp),
  );
  const missing = others.filter((_, nth) => records[nth] === null);
  return { ports, group, keys, open, missing, givenUp: new Set(givenUp.map(({ id }) => id)), read: null, failures: [] };
}

/** @returns why the mailbox has no login; its trips are judged all the same */
async function look(run: TripRun, claimed: readonly ClaimedTrip[]): Promise<string | null> {
  const [first] = run.group.trips;
  const isAwaiting = run.givenUp.size > 0 || [...run.open.values()].some(isUnderWay);
  if (first === undefined || !isAwaiting) return null;
  const accepted = claimed.filter(({ record }) => run.open.get(record.id)?.sending?.outcome === 'accepted');
  const login = await readLogin(run.ports, first).catch(asError);
  if (login instanceof Error) {
    await judgeOpen(run, 'auth');
    return login.message.slice(0, LONGEST_REASON);
  }
  await lookForTrips(run, login, new Set(accepted.map(({ record }) => record.id)));
  return null;
}

/** The claim is stored: whatever happens here, the message is not sent again. */
async function sendClaimed(run: TripRun, { trip, record }: ClaimedTrip): Promise<void> {
  const { sending, sample } = await send(run, { trip, record, isSecond: record.isSecond });
  const next = withVerdict({ ...record, sending, session: Math.round(sample.total) }, trip, run.ports.now());
  await keepRecord(run, next);
}

async function send({ ports, keys }: TripRun, { trip, record }: ClaimedTrip): Promise<SentTrip> {
  const { server, from, to } = trip.send;
  if (server.port === ports.blockedPort) return blocked(server.port, ports.now());
  const password = server.auth === undefined ? null : await ports.secret(server.auth.password).catch(asError);
  if (password instanceof Error) return notSent(password.message, ports.now());
  const { id, at } = record;
  const message = messageOfTrip(trip, { trip: trip.id, id, at }, keys.get(trip.id) ?? '');
  const ehloName = ehloNameOf(ports.config.ehloName, ports.vantage);
  const options = ports.probeOptions ?? {};
  const request = { server, message, from, to, ehloName, password, options };
  const sent = await (ports.send ?? sendTrip)(request, ports.now);
  return await unlessCutOff(ports, server.port, sent);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function blocked(port: number, at: number): SentTrip {
  const reply = `port ${port} is blocked at this vantage`;
  const sample = unreachedSample([finding('connect-timeout', { detail: reply })], 0);
  return { sending: { outcome: 'unable', at, phase: 'connect', reply }, sample };
}
