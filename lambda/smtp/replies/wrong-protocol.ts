/** Detects another protocol than SMTP by the first words of the server. */

import type { FailureCode } from '../failures/failures.ts';
import type { SessionState } from './session-state.ts';

const FIRST_WORDS: readonly (readonly [RegExp, FailureCode])[] = [
  [/^SSH-\d/, 'not-smtp-ssh'],
  [/^HTTP\/\d|^<(?:!doctype|html)/i, 'not-smtp-http'],
  [/^(?:\+OK|-ERR)\b/, 'not-smtp-pop3'],
  [/^\* (?:OK|PREAUTH|BYE)\b/, 'not-smtp-imap'],
  [/^220[ -].*\b(?:Pure-?FTPd|vsFTPd|ProFTPD|FTP server|FTP FileZilla)\b/i, 'not-smtp-ftp'],
  // RFC 2033
  [/^220[ -](?!.*\bE?SMTP\b).*\bLMTP\b(?![.-])/, 'not-smtp-lmtp'],
  // A TLS record: alert (21) or handshake (22), version 3.x (RFC 8446 5.1).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the octets
  [/^[\x15\x16]\x03[\x00-\x04]/, 'tls-on-plain-port'],
];

const HELLOS: ReadonlySet<SessionState> = new Set(['ehlo', 'helo', 'ehlo2', 'helo2']);

/** The failure code for a complete reply. FTP and LMTP also greet with 220, and LMTP servers answer EHLO with a request for LHLO (RFC 2033 4.1). */
export function wrongProtocolOfReply(state: SessionState, text: string): FailureCode | null {
  if (state === 'greeting') return text.includes('FTP') || text.includes('LMTP') ? wrongProtocolOf(text) : null;
  return HELLOS.has(state) && /^5.*\bLHLO\b/.test(text) ? 'not-smtp-lmtp' : null;
}

/** The failure code for the first octets of the server, as Latin-1; null if the protocol is unknown. */
export function wrongProtocolOf(text: string): FailureCode | null {
  return FIRST_WORDS.find(([words]) => words.test(text))?.[1] ?? null;
}
