/** Records a reply: its event, its facts and its findings. */

import { LIMITS } from '../bounds/limits.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { finding } from '../failures/failures.ts';
import { mechanismsOf, parseExtensions } from '../replies/extensions.ts';
import type { Reply } from '../replies/reply-reader.ts';
import type { SessionEvent, SessionState } from '../replies/session-state.ts';
import { wrongProtocolOfReply } from '../replies/wrong-protocol.ts';
import type { Extensions } from '../sample/sample.ts';
import { judgeSessionReply } from './judge-reply.ts';
import { currentExtensions, type SessionProgress } from './progress.ts';
import { chooseMechanism, createSaslExchange } from './sasl.ts';
import { wantsStartTls } from './transitions.ts';

/**
 * The only success code of each state. Other states accept any 2xx (RFC 5321 4.2: the first digit decides). EHLO accepts
 * only 250, because the second 220 of a server that greets twice is not its reply.
 */
const SUCCESS_CODES: Readonly<Partial<Record<SessionState, number>>> = {
  greeting: 220,
  ehlo: 250,
  helo: 250,
  starttls: 220,
  ehlo2: 250,
  helo2: 250,
  auth: 235,
  data: 354,
};
const CHALLENGE_CODES: Readonly<Partial<Record<SessionState, number>>> = { auth: 334, data: 354 };
/** RFC 5321 3.2 and 4.1.1.1: the server does not support EHLO. */
const EHLO_UNKNOWN_CODES: ReadonlySet<number> = new Set([500, 502, 504]);

export function sessionEventOf(
  state: SessionState,
  { code, lines }: Reply,
  helo: Endpoint['helo'] = 'auto',
): SessionEvent {
  if (wrongProtocolOfReply(state, lines[0] ?? '') !== null) return 'refused';
  if (code === CHALLENGE_CODES[state]) return 'challenged';
  if (EHLO_UNKNOWN_CODES.has(code) && (state === 'ehlo' || state === 'ehlo2') && helo === 'auto') return 'unknown';
  const success = SUCCESS_CODES[state];
  return success === undefined ? (code < 300 ? 'accepted' : 'refused') : code === success ? 'accepted' : 'refused';
}

export function recordReply(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  recordFacts(progress, reply, event);
  judgeSessionReply(progress, reply, event);
}

function recordFacts(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  if (reply.code === 421) progress.serviceUnavailable = true;
  switch (progress.state) {
    case 'greeting':
      progress.greeting = reply.lines
        .map((line) => line.slice(4))
        .join('\n')
        .slice(0, LIMITS.keptCharacters);
      return;
    case 'ehlo':
    case 'ehlo2':
      progress.ehloUnknown = event === 'unknown';
      if (event === 'accepted') recordHello(progress, reply, parseExtensions(reply));
      return;
    case 'helo':
    case 'helo2':
      if (event === 'accepted') recordHello(progress, reply, {});
      return;
    case 'auth':
      if (event !== 'challenged') progress.exchange = null;
      return;
    case 'rcpt':
      if (event === 'accepted') progress.accepted++;
      return;
    case 'rset':
      progress.transactions = progress.transactions.slice(1);
      return;
    default:
      return;
  }
}

/** Records an accepted EHLO or HELO. */
function recordHello(progress: SessionProgress, { lines }: Reply, extensions: Extensions): void {
  progress.helloText = (lines[0] ?? '').slice(4, LIMITS.keptCharacters);
  if (progress.secured) progress.afterTls = extensions;
  else progress.beforeTls = extensions;
  if (wantsStartTls(progress)) return;
  judgeSecurity(progress, extensions);
  if (progress.endpoint.auth !== undefined) prepareAuth(progress);
}

function judgeSecurity({ endpoint, secured, findings }: SessionProgress, extensions: Extensions): void {
  const offered = extensions.STARTTLS !== undefined;
  if (secured && offered) {
    const phase = endpoint.security === 'tls' ? 'ehlo' : 'ehlo2';
    findings.push(finding('starttls-again', { phase, detail: 'STARTTLS is among the keywords inside TLS' }));
  } else if (!secured && endpoint.security === 'starttls') {
    findings.push(
      finding('starttls-not-offered', { detail: `offered: ${Object.keys(extensions).join(' ') || 'nothing'}` }),
    );
  }
}

/** Only `security: none` sends a password in clear text. `starttls-if-offered` does not: the STARTTLS keyword may have been stripped. */
function prepareAuth(progress: SessionProgress): void {
  const { endpoint, secured, findings } = progress;
  const { auth } = endpoint;
  if (auth === undefined) return;
  if (!secured && endpoint.security !== 'none') {
    if (endpoint.security === 'starttls-if-offered')
      findings.push(finding('auth-withheld', { detail: 'STARTTLS is not offered' }));
    return;
  }
  const offered = mechanismsOf(currentExtensions(progress));
  const mechanism = chooseMechanism(auth.mechanism, offered, secured);
  if (mechanism !== null) progress.exchange = createSaslExchange(mechanism, auth, LIMITS.commandOctets);
  else
    findings.push(
      finding('auth-not-offered', {
        detail: `offered: ${offered.join(' ') || 'nothing'}, wanted: ${auth.mechanism ?? 'PLAIN, LOGIN or CRAM-MD5'}`,
      }),
    );
}
