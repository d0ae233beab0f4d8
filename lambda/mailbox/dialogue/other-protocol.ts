/** Detects another protocol than the one that was asked for, by the first words of the server. */

import type { MailboxFailureCode } from '../failures/mailbox-failures.ts';

export interface OtherProtocol {
  readonly code: MailboxFailureCode;
  readonly name: string;
}

const FIRST_WORDS: readonly (readonly [RegExp, MailboxFailureCode, string])[] = [
  [/^SSH-\d/, 'wrong-protocol', 'SSH'],
  [/^HTTP\/\d|^<(?:!doctype|html)/i, 'wrong-protocol', 'HTTP'],
  [/^[245]\d\d[ -]/, 'wrong-protocol', 'SMTP or FTP'],
  [/^\* (?:OK|PREAUTH|BYE)\b/i, 'wrong-protocol', 'IMAP'],
  [/^(?:\+OK|-ERR)\b/, 'wrong-protocol', 'POP3'],
  // ManageSieve, RFC 5804
  [/^"(?:IMPLEMENTATION|SIEVE)"/i, 'wrong-protocol', 'ManageSieve'],
  // A TLS record: alert (21) or handshake (22), version 3.x (RFC 8446 5.1).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the octets
  [/^[\x15\x16]\x03[\x00-\x04]/, 'tls-on-plain-port', 'TLS'],
];

/** The protocol of a text, given as Latin-1; null if it is unknown, or `own`. */
export function otherProtocolOf(text: string, own: 'IMAP' | 'POP3'): OtherProtocol | null {
  const found = FIRST_WORDS.find(([words]) => words.test(text));
  return found === undefined || found[2] === own ? null : { code: found[1], name: found[2] };
}
