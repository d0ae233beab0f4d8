import type { Endpoint } from '../endpoint/endpoint.ts';
import type { SessionState } from '../replies/session-state.ts';
import type { Extensions, Finding, TimedPhase } from '../sample/sample.ts';
import type { SaslExchange, SaslMechanism } from '../sasl/mechanisms.ts';
import { type MailTransaction, plannedTransactions } from './recipients.ts';

/** The state of a session, with its facts and findings. */
export interface SessionProgress {
  readonly endpoint: Endpoint;
  state: SessionState;
  /** The next states, whose commands were sent in one group with that of `state`: RFC 2920. */
  pipelined: SessionState[];
  /** The current transaction began with a group of commands. */
  groupSent: boolean;
  /** `repeated`: a pipelined command was lost and is sent again. `broken`: then it was answered. */
  pipelining: 'usable' | 'repeated' | 'broken';
  secured: boolean;
  greeting: string | null;
  ehloUnknown: boolean;
  /** The first line of the last reply to EHLO or HELO. */
  helloText: string | null;
  beforeTls: Extensions | null;
  afterTls: Extensions | null;
  /** Mechanisms to try if the server does not implement the current one. */
  mechanisms: readonly SaslMechanism[];
  /** The AUTH exchange, until it ends. */
  exchange: SaslExchange | null;
  /** Mail transactions that remain; the first is the current one. */
  transactions: readonly MailTransaction[];
  /** Index of the recipient whose reply is next. */
  recipient: number;
  /** Recipients accepted in the current transaction. */
  accepted: number;
  /** The sender was refused: replies to the rest of its group have no meaning. */
  senderRefused: boolean;
  /** The reply to the message, without its code; null as long as no message was accepted. */
  acceptance: string | null;
  /** The server sent 421: a close after it is not another failure. */
  serviceUnavailable: boolean;
  readonly findings: Finding[];
  readonly timings: Partial<Record<TimedPhase, number>>;
  /** When the current state was entered. */
  since: number;
}

/** `timings`: those of the phases before the session. */
export function startProgress(endpoint: Endpoint, timings: SessionProgress['timings'] = {}): SessionProgress {
  return {
    endpoint,
    state: endpoint.security === 'tls' ? 'handshake' : 'greeting',
    pipelined: [],
    groupSent: false,
    pipelining: 'usable',
    secured: false,
    greeting: null,
    ehloUnknown: false,
    helloText: null,
    beforeTls: null,
    afterTls: null,
    mechanisms: [],
    exchange: null,
    transactions: plannedTransactions(endpoint),
    recipient: 0,
    accepted: 0,
    senderRefused: false,
    acceptance: null,
    serviceUnavailable: false,
    findings: [],
    timings: copyOf(timings),
    since: 0,
  };
}

/** Copied key by key: V8 reserves no space for later keys in an object that was copied with a spread. */
function copyOf({ dns, connect }: SessionProgress['timings']): SessionProgress['timings'] {
  const copy: SessionProgress['timings'] = {};
  if (dns !== undefined) copy.dns = dns;
  if (connect !== undefined) copy.connect = connect;
  return copy;
}

/** The extensions of the last EHLO. Those before TLS are not used inside TLS (RFC 3207 4.2). */
export function currentExtensions({ secured, beforeTls, afterTls }: SessionProgress): Extensions | null {
  return secured ? afterTls : beforeTls;
}
