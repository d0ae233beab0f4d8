/** Refusals that say themselves what is wrong: by their enhanced status code (RFC 3463) or by the words of servers. */

import type { FailureCode } from '../failures/failures.ts';
import type { SessionState } from './session-state.ts';

const MAIL_OR_RCPT: readonly SessionState[] = ['mail', 'rcpt'];
const RCPT: readonly SessionState[] = ['rcpt'];
const MAILBOX: readonly SessionState[] = ['rcpt', 'data', 'message'];
const TRANSACTION: readonly SessionState[] = ['mail', 'rcpt', 'data', 'message'];

/** The words begin with the reply code, so that a row can say which ones it is for. First match wins. */
// biome-ignore format: a table reads by its rows
const CAUSES: readonly (readonly [FailureCode, readonly SessionState[], RegExp])[] = [
  ['rcpt-greylisted', RCPT, /^4.*gr[ae]y ?-?list/i],
  // "Later" alone is what servers in trouble say: X.7.1 makes it policy, a time to wait makes it a promise.
  ['rcpt-greylisted', RCPT, /^45[01][ -]4\.7\.1\b.*(?:later|minute|second)/i],
  ['rcpt-greylisted', RCPT, /^45[01][ -](?:4\.7\.1 |(?!\d\.)).*(?:try again|come back|retry) in \d/i],
  // Postfix's postscreen hangs up on every new client that passes its tests in the session.
  ['rcpt-greylisted', RCPT, /^450 4\.3\.2 Service currently unavailable/],
  // The probe of an address that cannot be made is a server in trouble, one that runs is not.
  ['rcpt-unverified', RCPT, /^45[01][ -](?!.*(?:connect|refused|timed? ?out|lookup|unreachable|error)).*(?:\bunverified\b|verification (?:is )?in progress)/i],
  ['mailbox-full', MAILBOX, /^4.*(?:\b4\.2\.2\b|over[ -]?quota|mailbox[\w ]* full)/i],
  ['rcpt-too-many', RCPT, /^(?:4\d\d[ -]4\.5\.3\b|552[ -]5\.5\.3\b|(?:4\d\d|552).*too many recipients)/i],
  ['storage-insufficient', TRANSACTION, /^452(?![ -]4\.[^3]\.)/],
  ['storage-exceeded', TRANSACTION, /^552(?![ -]5\.[^23]\.)/],
  ['tls-required', [...MAIL_OR_RCPT, 'auth'], /^5.*(?:must issue an? STARTTLS|STARTTLS (?:command )?(?:first|required)|(?:TLS|SSL|encryption) (?:is )?(?:required|needed)|requires? (?:TLS|STARTTLS|encryption))/i],
  // RFC 7372 and RFC 7505: SPF, several checks of the sender, and a sender's domain that takes no mail.
  ['rcpt-sender-refused', RCPT, /^5.*(?:\b5\.7\.2[367]\b|\b5\.1\.[78]\b|\b(?:spf|dmarc)\b(?!@)|\bsender (?:e-?mail )?(?:address|domain|verify|is |was |rejected|refused|denied|not ))/i],
  ['auth-required', MAIL_OR_RCPT, /^(?:530|5.*(?:authentication (?:is )?required|must (?:first )?(?:authenticate|log ?in)|not authenticated|(?:log ?in|auth\w*) first))/i],
  // `rcpthosts` is qmail's list of its domains.
  ['rcpt-relay-refused', RCPT, /^5.*(?:\brelay(?:ing)?\b.*\b(?:denied|prohibited|refused|rejected|disabled|not (?:allowed|permitted|authori[sz]ed))|(?:unable|not (?:allowed|permitted|authori[sz]ed)) to relay|do(?:es)? not relay|\brcpthosts\b)/i],
];

/** `text` is a reply of 4xx or 5xx; null: it says no more than its code. */
export function refusalCause(state: SessionState, text: string): FailureCode | null {
  return CAUSES.find(([, states, words]) => states.includes(state) && words.test(text))?.[0] ?? null;
}
