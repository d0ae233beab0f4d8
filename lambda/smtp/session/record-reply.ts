/** Records a reply: its event, its facts and its findings. */

import { LIMITS } from '../bounds/limits.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { finding } from '../failures/failures.ts';
import { mechanismsOf, parseExtensions } from '../replies/extensions.ts';
import type { Reply } from '../replies/reply-reader.ts';
import type { SessionEvent, SessionState } from '../replies/session-state.ts';
import { wrongProtocolOfReply } from '../replies/wrong-protocol.ts';
import type { Extensions, Finding } from '../sample/sample.ts';
import { chooseMechanisms, createSaslExchange, offersOnlyUnknown } from '../sasl/mechanisms.ts';
import { judgeSessionReply } from './judge-reply.ts';
import { currentExtensions, type SessionProgress } from './progress.ts';
import { PHASES, wantsStartTls } from './transitions.ts';

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
/** RFC 4954 4, RFC 5321 4.2.2: the server offers the mechanism and does not implement it. */
const MECHANISM_UNKNOWN_CODES: ReadonlySet<number> = new Set([502, 504]);

export function sessionEventOf({ state, endpoint, mechanisms }: SessionProgress, { code, lines }: Reply): SessionEvent {
  if (wrongProtocolOfReply(state, lines[0] ?? '') !== null) return 'refused';
  if (code === CHALLENGE_CODES[state]) return 'challenged';
  if (isHelloUnknown(state, code, endpoint.helo)) return 'unknown';
  if (state === 'auth' && MECHANISM_UNKNOWN_CODES.has(code) && mechanisms.length > 0) return 'unknown';
  const success = SUCCESS_CODES[state];
  return success === undefined ? (code < 300 ? 'accepted' : 'refused') : code === success ? 'accepted' : 'refused';
}

function isHelloUnknown(state: SessionState, code: number, helo: Endpoint['helo'] = 'auto'): boolean {
  return (state === 'ehlo' || state === 'ehlo2') && EHLO_UNKNOWN_CODES.has(code) && helo === 'auto';
}

export function recordReply(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  recordFacts(progress, reply, event);
  if (progress.pipelining === 'repeated') reportPipelining(progress);
  judgeSessionReply(progress, reply, event);
}

/** The server answers a command alone that it did not answer within a group. */
function reportPipelining(progress: SessionProgress): void {
  progress.pipelining = 'broken';
  const detail = 'a command of a group was answered only when it was repeated alone';
  progress.findings.push(finding('pipelining-broken', { phase: PHASES[progress.state] ?? 'rcpt', detail }));
}

function recordFacts(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  if (reply.code === 421) progress.serviceUnavailable = true;
  switch (progress.state) {
    case 'greeting':
      progress.greeting = replyText(reply);
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
      if (event !== 'challenged') endExchange(progress, event);
      return;
    case 'rcpt':
      if (event === 'accepted') progress.accepted++;
      return;
    case 'rset':
      progress.transactions = progress.transactions.slice(1);
      return;
    case 'message':
      if (event === 'accepted') progress.acceptance = replyText(reply);
      return;
    default:
      return;
  }
}

/** Without the codes. */
function replyText({ lines }: Reply): string {
  return lines
    .map((line) => line.slice(4))
    .join('\n')
    .slice(0, LIMITS.keptCharacters);
}

function endExchange(progress: SessionProgress, event: SessionEvent): void {
  const isUnproven = progress.exchange?.serverProof() === 'missing';
  progress.exchange = null;
  if (event === 'unknown') startExchange(progress);
  if (event === 'accepted' && isUnproven)
    progress.findings.push(
      finding('auth-challenge-malformed', { detail: 'the server did not prove its own identity' }),
    );
}

/** Starts the exchange of the next mechanism. */
function startExchange(progress: SessionProgress): void {
  const { endpoint, mechanisms } = progress;
  const [mechanism, ...others] = mechanisms;
  if (mechanism === undefined || endpoint.auth === undefined) return;
  progress.mechanisms = others;
  progress.exchange = createSaslExchange(mechanism, { ...endpoint, auth: endpoint.auth }, LIMITS.commandOctets);
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
  progress.mechanisms = chooseMechanisms(auth.mechanism, offered, secured);
  if (progress.mechanisms.length > 0) startExchange(progress);
  else findings.push(noMechanism(auth.mechanism, offered));
}

function noMechanism(wanted: string | undefined, offered: readonly string[]): Finding {
  const list = offered.join(' ') || 'nothing';
  return wanted === undefined && offersOnlyUnknown(offered)
    ? finding('auth-mechanism-unsupported', { detail: `offered: ${list}` })
    : finding('auth-not-offered', { detail: `offered: ${list}, wanted: ${wanted ?? 'a mechanism with a password'}` });
}
