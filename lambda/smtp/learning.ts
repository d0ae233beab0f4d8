/** What a reply teaches: the happening it amounts to, the facts in it, and what is wrong with it. */

import { chooseMechanism, createExchange } from './auth.ts';
import type { Endpoint } from './endpoint.ts';
import { DEFAULT_EXPECTATIONS, type ReplyPhase } from './expectations.ts';
import { extensionsOf, mechanismsOf } from './extensions.ts';
import { finding } from './failures.ts';
import { impostorAt } from './impostor.ts';
import { LIMITS } from './limits.ts';
import { extensionsNow, type Progress } from './progress.ts';
import { judgeRecipient } from './recipients.ts';
import { refused } from './refusals.ts';
import type { Reply } from './reply.ts';
import type { Extensions } from './sample.ts';
import { type Happening, PHASES, type State, wantsStartTls } from './transitions.ts';

/**
 * Codes of states that take only theirs; all others take any 2xx (RFC 5321 4.2: the first digit decides). EHLO is among
 * them for the sake of servers that greet twice: their second 220 is not its answer.
 */
const ONLY: Readonly<Partial<Record<State, number>>> = {
  greeting: 220,
  ehlo: 250,
  helo: 250,
  starttls: 220,
  ehlo2: 250,
  helo2: 250,
  auth: 235,
  data: 354,
};
const CHALLENGES: Readonly<Partial<Record<State, number>>> = { auth: 334, data: 354 };
/** RFC 5321 3.2 and 4.1.1.1: the server knows no EHLO. */
const KNOWS_NO_EHLO: ReadonlySet<number> = new Set([500, 502, 504]);

export function happeningOf(state: State, { code, lines }: Reply, helo: Endpoint['helo'] = 'auto'): Happening {
  if (impostorAt(state, lines[0] ?? '') !== null) return 'refused';
  if (code === CHALLENGES[state]) return 'challenged';
  if (KNOWS_NO_EHLO.has(code) && (state === 'ehlo' || state === 'ehlo2') && helo === 'auto') return 'unknown';
  const only = ONLY[state];
  return only === undefined ? (code < 300 ? 'accepted' : 'refused') : code === only ? 'accepted' : 'refused';
}

export function learn(progress: Progress, reply: Reply, happening: Happening): void {
  keepFacts(progress, reply, happening);
  judge(progress, reply, happening);
}

function keepFacts(progress: Progress, reply: Reply, happening: Happening): void {
  if (reply.code === 421) progress.dismissed = true;
  switch (progress.state) {
    case 'greeting':
      progress.greeting = reply.lines
        .map((line) => line.slice(4))
        .join('\n')
        .slice(0, LIMITS.keptCharacters);
      return;
    case 'ehlo':
    case 'ehlo2':
      progress.ehloUnknown = happening === 'unknown';
      if (happening === 'accepted') meet(progress, reply, extensionsOf(reply));
      return;
    case 'helo':
    case 'helo2':
      if (happening === 'accepted') meet(progress, reply, {});
      return;
    case 'auth':
      if (happening !== 'challenged') progress.exchange = null;
      return;
    case 'rcpt':
      if (happening === 'accepted') progress.accepted++;
      return;
    case 'rset':
      progress.transactions = progress.transactions.slice(1);
      return;
    default:
      return;
  }
}

function judge(progress: Progress, reply: Reply, happening: Happening): void {
  const { state, endpoint } = progress;
  const phase = PHASES[state];
  if (phase === null || phase === 'quit' || happening === 'unknown') return;
  if (state === 'mail') progress.senderRefused = happening === 'refused';
  if (state === 'rcpt') {
    judgeNextRecipient(progress, reply);
    return;
  }
  // A phase ends with another reply than its 334 or 354.
  if (happening === 'challenged' || judgeExpectedCode(progress, reply)) return;
  // After a challenge that could not be answered, the refusal is of our own making.
  const known = progress.findings.some(({ code }) => code === 'auth-challenge-malformed');
  if (happening === 'refused' && !known)
    progress.findings.push(refused(state, phase, reply, endpoint.expect?.temporary));
}

function judgeNextRecipient(progress: Progress, reply: Reply): void {
  const recipient = progress.transactions[0]?.recipients[progress.recipient++];
  if (recipient === undefined || progress.senderRefused) return;
  if (recipient.role === 'accepted' && judgeExpectedCode(progress, reply)) return;
  const found = judgeRecipient(recipient, reply, progress.endpoint.expect);
  if (found !== null) progress.findings.push(found);
}

/** True where the code was spelled out in the expectations, met or not. */
function judgeExpectedCode({ state, endpoint, findings }: Progress, reply: Reply): boolean {
  const phase = PHASES[state] as ReplyPhase;
  const expected = endpoint.expect?.replies?.[phase];
  if (expected === undefined) return false;
  const codes = [expected.code].flat();
  if (codes.includes(reply.code)) return true;
  const detail = `${reply.code} instead of ${codes.join(' or ')}`;
  const outcome = expected.otherwise ?? DEFAULT_EXPECTATIONS.replies;
  findings.push(finding('reply-code-mismatch', { phase, detail, reply: reply.lines.join('\n'), outcome }));
  return true;
}

/** The server has introduced itself. */
function meet(progress: Progress, { lines }: Reply, extensions: Extensions): void {
  progress.introduction = (lines[0] ?? '').slice(4, LIMITS.keptCharacters);
  if (progress.secured) progress.afterTls = extensions;
  else progress.beforeTls = extensions;
  if (wantsStartTls(progress)) return;
  judgeSecurity(progress, extensions);
  if (progress.endpoint.auth !== undefined) prepareAuth(progress);
}

function judgeSecurity({ endpoint, secured, findings }: Progress, extensions: Extensions): void {
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

/** Only `security: none` sends a password in clear: whoever asked for TLS if offered must not lose it to a stripped keyword. */
function prepareAuth(progress: Progress): void {
  const { endpoint, secured, findings } = progress;
  const { auth } = endpoint;
  if (auth === undefined) return;
  if (!secured && endpoint.security !== 'none') {
    if (endpoint.security === 'starttls-if-offered')
      findings.push(finding('auth-withheld', { detail: 'STARTTLS is not offered' }));
    return;
  }
  const offered = mechanismsOf(extensionsNow(progress));
  const mechanism = chooseMechanism(auth.mechanism, offered, secured);
  if (mechanism !== null) progress.exchange = createExchange(mechanism, auth, LIMITS.commandOctets);
  else
    findings.push(
      finding('auth-not-offered', {
        detail: `offered: ${offered.join(' ') || 'nothing'}, wanted: ${auth.mechanism ?? 'PLAIN, LOGIN or CRAM-MD5'}`,
      }),
    );
}
