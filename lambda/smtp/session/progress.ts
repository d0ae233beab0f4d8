import type { Endpoint } from '../endpoint/endpoint.ts';
import type { SessionState } from '../replies/session-state.ts';
import type { Extensions, Finding, TimedPhase } from '../sample/sample.ts';
import { type MailTransaction, plannedTransactions } from './recipients.ts';
import type { SaslExchange } from './sasl.ts';

/** What a session knows so far. */
export interface SessionProgress {
  readonly endpoint: Endpoint;
  state: SessionState;
  /** States whose commands were sent in one group with that of `state`: RFC 2920. */
  pipelined: SessionState[];
  secured: boolean;
  greeting: string | null;
  ehloUnknown: boolean;
  /** The first line of the last answer to EHLO or HELO. */
  helloText: string | null;
  beforeTls: Extensions | null;
  afterTls: Extensions | null;
  /** The AUTH exchange that is chosen and not over. */
  exchange: SaslExchange | null;
  /** Mail transactions still to do; the first is the present one. */
  transactions: readonly MailTransaction[];
  /** Index of the recipient whose reply is due. */
  recipient: number;
  /** Recipients accepted in the present transaction. */
  accepted: number;
  /** The sender was refused: the rest of its group means nothing. */
  senderRefused: boolean;
  /** The server has said 421: that it closes then is no news. */
  serviceUnavailable: boolean;
  readonly findings: Finding[];
  readonly timings: Partial<Record<TimedPhase, number>>;
  /** Since when the present state waits. */
  since: number;
}

/** `timings`: of the phases before the session. */
export function startProgress(endpoint: Endpoint, timings: SessionProgress['timings'] = {}): SessionProgress {
  return {
    endpoint,
    state: endpoint.security === 'tls' ? 'handshake' : 'greeting',
    pipelined: [],
    secured: false,
    greeting: null,
    ehloUnknown: false,
    helloText: null,
    beforeTls: null,
    afterTls: null,
    exchange: null,
    transactions: plannedTransactions(endpoint),
    recipient: 0,
    accepted: 0,
    senderRefused: false,
    serviceUnavailable: false,
    findings: [],
    timings: copyOf(timings),
    since: 0,
  };
}

/** Key by key: V8 leaves no room in an object that was copied in whole for the keys that are to come. */
function copyOf({ dns, connect }: SessionProgress['timings']): SessionProgress['timings'] {
  const copy: SessionProgress['timings'] = {};
  if (dns !== undefined) copy.dns = dns;
  if (connect !== undefined) copy.connect = connect;
  return copy;
}

/** The answer to the last EHLO: what was learned before TLS is forgotten inside it (RFC 3207 4.2). */
export function currentExtensions({ secured, beforeTls, afterTls }: SessionProgress): Extensions | null {
  return secured ? afterTls : beforeTls;
}
