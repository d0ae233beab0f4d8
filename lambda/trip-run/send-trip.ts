/** Sends the message of a trip through the session of the probe. */

import type { RoundTrip, TripServer } from '../config/round-trip.ts';
import type { ProbePorts } from '../ports.ts';
import { probeControl } from '../probe/reachability/control-target.ts';
import { isReached } from '../probe/reachability/server-reached.ts';
import { finding } from '../smtp/failures/failures.ts';
import { type ProbeOptions, probe } from '../smtp/resolve-and-probe-endpoint.ts';
import { unreachedSample } from '../smtp/sample/build-sample.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import { buildTripMessage } from '../trip/message/build-trip-message.ts';
import type { TripToken } from '../trip/message/token.ts';
import type { BuiltMessage } from '../trip/message/trip-plan.ts';
import type { TripSending } from '../trip/verdict/trip-state.ts';

export interface SendRequest {
  readonly server: TripServer;
  readonly message: BuiltMessage;
  readonly from: string;
  readonly to: string;
  readonly ehloName: string;
  /** Null: the server takes the message without a login. */
  readonly password: string | null;
  readonly options?: ProbeOptions;
}

export interface SentTrip {
  readonly sending: TripSending;
  readonly sample: Sample;
}

/** RFC 5321 4.5.3.2.6 allows ten minutes for the reply to a message; a run has one. Milliseconds. */
const LIMITS = { reply: 20_000 } as const;

/** Never rejects because of the server. @param now epoch milliseconds */
export async function sendTrip(request: SendRequest, now: () => number): Promise<SentTrip> {
  const { server, message, from, to, ehloName, password, options = {} } = request;
  const { auth, ...endpoint } = server;
  const sample = await probe(
    {
      ...endpoint,
      ...(auth === undefined || password === null ? {} : { auth: { ...auth, password } }),
      ...{ ehloName, mailFrom: from, rcptTo: [to], deliver: true, message: message.message.toString('latin1') },
    },
    { ...options, limits: { ...LIMITS, ...options.limits } },
  );
  return { sending: sendingOf(sample, now()), sample };
}

/** What is known if the password could not be read: nothing was sent. */
export function notSent(why: string, now: number): SentTrip {
  const sample = unreachedSample([finding('secret-unreadable', { detail: why })], 0);
  return { sending: sendingOf(sample, now), sample };
}

function sendingOf(sample: Sample, at: number): TripSending {
  const { acceptance, outcome, phase, reply, detail } = sample;
  if (acceptance !== undefined)
    return { outcome: 'accepted', began: at - transactionTime(sample), at, reply: acceptance };
  const said = (reply ?? detail ?? '').replace(/\s*\n\s*/g, ' ');
  return { outcome: outcome === 'unable' ? 'unable' : 'refused', at, phase: phase ?? 'data', reply: said };
}

/** Milliseconds from MAIL to the reply to the message. */
function transactionTime({ timings: { mail = 0, rcpt = 0, data = 0 } }: Sample): number {
  return Math.round(mail + rcpt + data);
}

/**
 * A message that did not reach its server was not refused if the control target cannot be reached through the same port either:
 * until AWS opens port 25 for an address, every server seems to be down.
 */
export async function unlessCutOff(
  ports: Pick<ProbePorts, 'config' | 'vantage' | 'blockedPort'> & { readonly probeOptions?: ProbeOptions },
  port: number,
  sent: SentTrip,
): Promise<SentTrip> {
  const { sending, sample } = sent;
  if (sending.outcome !== 'refused' || isReached(sample) || ports.config.control?.port !== port) return sent;
  const control = await probeControl(ports, { ...ports.probeOptions, limits: { connect: 5_000, deadline: 15_000 } });
  if (control === null || isReached(control)) return sent;
  const reply = `${sending.reply}; the control target failed too: ${control.detail ?? control.code ?? ''}`;
  return { sample, sending: { ...sending, outcome: 'unable', reply } };
}

/** The same token makes the same message again when it is looked for. */
export function messageOfTrip({ send }: Pick<RoundTrip, 'send'>, token: TripToken, key: string): BuiltMessage {
  const { from, to, attachment } = send;
  return buildTripMessage({ token, key, from, to, attachment });
}
