/** The failure code of a reply that is not a success. */

import { LIMITS } from '../bounds/limits.ts';
import type { Severity } from '../endpoint/expectations.ts';
import { FAILURES, type Failure, type FailureCode, finding } from '../failures/failures.ts';
import type { Finding, Phase } from '../sample/sample.ts';
import { matchRefusal } from './refusal-match.ts';
import { quoteReply, type Reply } from './reply-reader.ts';
import type { SessionState } from './session-state.ts';
import { wrongProtocolOfReply } from './wrong-protocol.ts';

/** By reply code, or by its first digit. */
type Refusals = Readonly<Partial<Record<number, FailureCode>>>;

const GREETING: Refusals = { 4: 'greeting-refused-temporarily', 521: 'greeting-no-mail', 5: 'greeting-refused' };
/** RFC 5321 4.3.2: 250 is the one good answer; any other 2xx belongs to something else, as a second greeting does. */
const HELLO: Refusals = { 2: 'reply-unsolicited', 4: 'ehlo-refused-temporarily', 5: 'ehlo-refused' };
const DATA: Refusals = { 4: 'data-refused-temporarily', 5: 'data-refused' };

const REFUSALS: Readonly<Partial<Record<SessionState, Refusals>>> = {
  greeting: GREETING,
  ehlo: HELLO,
  helo: HELLO,
  ehlo2: HELLO,
  helo2: HELLO,
  starttls: { 4: 'starttls-refused-temporarily', 5: 'starttls-refused' },
  auth: { 4: 'auth-unavailable', 535: 'auth-rejected', 5: 'auth-refused' },
  mail: { 4: 'mail-refused-temporarily', 5: 'mail-refused' },
  rcpt: { 4: 'rcpt-refused-temporarily', 556: 'rcpt-null-mx', 5: 'rcpt-refused' },
  data: DATA,
  message: DATA,
};

/** `temporary` is the policy for 4xx replies, where there is one. */
export function refusalFinding(
  state: SessionState,
  phase: Phase,
  reply: Reply,
  temporary: Severity | undefined,
): Finding {
  const code = refusalCode(state, reply);
  const seen = {
    phase,
    reply: quoteReply(reply),
    detail: `${reply.code < 400 ? 'answered' : 'refused'} with ${reply.code}`,
  };
  const failure: Failure = FAILURES[code];
  const policy = failure.temporary && !failure.vantageFault && reply.code < 500 && temporary !== undefined;
  return finding(code, policy ? { ...seen, outcome: temporary } : seen);
}

export function refusalCode(state: SessionState, reply: Reply): FailureCode {
  const protocol = wrongProtocolOfReply(state, reply.lines.join(' ').slice(0, LIMITS.keptCharacters));
  return protocol ?? (reply.code < 400 ? null : matchRefusal(state, reply)) ?? codeOfTable(state, reply.code);
}

function codeOfTable(state: SessionState, code: number): FailureCode {
  if (code === 421) return 'service-unavailable';
  const refusals = REFUSALS[state];
  return refusals?.[code] ?? refusals?.[Math.floor(code / 100)] ?? 'reply-unexpected';
}
