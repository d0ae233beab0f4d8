/** One trip by the rooms of the product alone: sent by a session of SMTP, read by sessions with the mailbox, and judged. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import type { MailboxEndpoint, MailboxProtocol } from '../../../lambda/mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../../../lambda/mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../../../lambda/mailbox/session/mailbox-session.ts';
import { probe } from '../../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { trustedResults } from '../../../lambda/standards/authentication-results/trusted-results.ts';
import { compareTrip } from '../../../lambda/trip/alterations/compare-trip.ts';
import { tripHops } from '../../../lambda/trip/hops/trip-hops.ts';
import { buildTripMessage } from '../../../lambda/trip/message/build-trip-message.ts';
import { readTripMessage } from '../../../lambda/trip/message/read-trip-message.ts';
import { TOKEN_FIELD, verifyToken } from '../../../lambda/trip/message/token.ts';
import type { SentMessage } from '../../../lambda/trip/message/trip-plan.ts';
import type { TripArrival, TripExpectations, TripLimits, TripState } from '../../../lambda/trip/verdict/trip-state.ts';
import { type TripVerdict, tripVerdict } from '../../../lambda/trip/verdict/trip-verdict.ts';
import type { TripLab } from './trip-lab.ts';
import { PASSWORD, RECEIVER, SENDER, type Seed, seedAddress } from './trip-world.ts';

export const TRIP_KEY = 'key of the trips of these tests';

export interface TripOrder {
  readonly seed: Seed;
  readonly protocol: MailboxProtocol;
  readonly limits: TripLimits;
  readonly expect: TripExpectations;
  /** Port of the mailbox, instead of that of the lab. */
  readonly port?: number;
}

export interface TakenTrip {
  readonly id: string;
  readonly state: TripState;
  readonly verdict: TripVerdict;
  /** Reads on after the trip was given up, until its message is there. */
  untilArrival(): Promise<TakenTrip>;
}

const PAUSE = 300;
/** Milliseconds after which even a trip that was given up ends. */
const LONGEST = 20_000;

export async function takeTrip(lab: TripLab, order: TripOrder): Promise<TakenTrip> {
  const token = { trip: order.seed, id: randomBytes(9).toString('base64url'), at: Date.now() };
  const to = seedAddress(order.seed);
  const sent = buildTripMessage({ token, key: TRIP_KEY, from: SENDER.user, to, attachment: 3_000 });
  const state = await send(lab, order, sent);
  return readOn(lab, order, { sent, id: token.id }, state, () => true);
}

interface Sent {
  readonly sent: SentMessage;
  readonly id: string;
}

async function readOn(
  lab: TripLab,
  order: TripOrder,
  message: Sent,
  first: TripState,
  isEnough: (state: TripState) => boolean,
): Promise<TakenTrip> {
  let state = first;
  const end = Date.now() + order.limits.fail + LONGEST;
  while (Date.now() < end) {
    await sleep(PAUSE);
    state = await readMailbox(lab, order, state, message);
    const verdict = tripVerdict(state, Date.now());
    if (verdict.outcome === null || !isEnough(state)) continue;
    const untilArrival = () => readOn(lab, order, message, state, ({ arrivals }) => arrivals.length > 0);
    return { id: message.id, state, verdict, untilArrival };
  }
  throw new Error(`no verdict: ${JSON.stringify(state)}`);
}

async function send(lab: TripLab, { seed, limits, expect }: TripOrder, { message }: SentMessage): Promise<TripState> {
  const sample = await probe({
    host: '127.0.0.1',
    port: lab.submission,
    security: 'starttls',
    serverName: SENDER.host,
    ca: lab.certificate.ca,
    ehloName: 'probe.example.com',
    auth: { user: SENDER.user, password: PASSWORD },
    mailFrom: SENDER.user,
    rcptTo: [seedAddress(seed)],
    deliver: true,
    message: message.toString('latin1'),
  });
  const [at, reply] = [Date.now(), sample.acceptance];
  if (reply === undefined || reply === null) throw new Error(`not accepted: ${sample.transcript.join('\n')}`);
  return { limits, expect, sending: { outcome: 'accepted', at, reply }, read: null, readFailure: null, arrivals: [] };
}

async function readMailbox(lab: TripLab, order: TripOrder, state: TripState, message: Sent): Promise<TripState> {
  try {
    const mailbox = await openMailbox(endpointOf(lab, order), { user: seedAddress(order.seed), password: PASSWORD });
    const read = Date.now();
    const arrivals = await arrivalsIn(mailbox, state, message);
    await mailbox.end();
    return { ...state, read, readFailure: null, arrivals };
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    return { ...state, readFailure: error.failure.phase };
  }
}

function endpointOf({ mailboxes, certificate }: TripLab, { protocol, port }: TripOrder): MailboxEndpoint {
  const doors = { imap: mailboxes.ports.imap, pop3: mailboxes.ports.pop3s };
  const security = protocol === 'imap' ? 'starttls' : 'tls';
  const { ca } = certificate;
  return { protocol, host: '127.0.0.1', port: port ?? doors[protocol], security, serverName: RECEIVER.host, ca };
}

async function arrivalsIn(
  mailbox: MailboxSession,
  state: TripState,
  { sent, id }: Sent,
): Promise<readonly TripArrival[]> {
  const arrivals: TripArrival[] = [];
  for (const { name, use } of await mailbox.folders()) {
    const folder = use === 'junk' ? 'junk' : name.toUpperCase() === 'INBOX' ? 'inbox' : 'elsewhere';
    await mailbox.select(name);
    const found = await mailbox.search({ header: [TOKEN_FIELD, id] });
    for (const one of found) arrivals.push(await arrivalOf(mailbox, one, folder, state, sent));
    await mailbox.remove(found);
  }
  return arrivals;
}

async function arrivalOf(
  mailbox: MailboxSession,
  id: string,
  folder: TripArrival['folder'],
  { sending, read }: TripState,
  sent: SentMessage,
): Promise<TripArrival> {
  const received = readTripMessage((await mailbox.fetch(id, 1_000_000)).raw);
  if (sending.outcome !== 'accepted' || verifyToken(received.token ?? '', TRIP_KEY) === null)
    throw new Error('the message that was found is not ours');
  const trusted = trustedResults(received.authenticationResults, RECEIVER.host);
  return {
    seen: Date.now(),
    absent: read,
    folder,
    hops: tripHops(received.received, sending),
    results: Object.fromEntries([...trusted].map(([method, { result }]) => [method, result])),
    alterations: compareTrip(sent, received),
  };
}
