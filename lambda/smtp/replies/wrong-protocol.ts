/** What listens where SMTP was expected: told by its first words. */

import type { FailureCode } from '../failures/failures.ts';
import type { SessionState } from '../session/transitions.ts';

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

/** Of a whole reply: FTP and LMTP greet with 220, too, and LMTP servers ask for LHLO where they hear EHLO (RFC 2033 4.1). */
export function wrongProtocolOfReply(state: SessionState, text: string): FailureCode | null {
  if (state === 'greeting') return text.includes('FTP') || text.includes('LMTP') ? wrongProtocolOf(text) : null;
  return HELLOS.has(state) && /^5.*\bLHLO\b/.test(text) ? 'not-smtp-lmtp' : null;
}

/** `text` is Latin-1, from the first octet on; null where it is nothing known. */
export function wrongProtocolOf(text: string): FailureCode | null {
  return FIRST_WORDS.find(([words]) => words.test(text))?.[1] ?? null;
}

/**
 * A ClientHello (RFC 8446 4.1.2), of ASCII octets only, all lengths included. Told to a server that never greeted, it makes
 * TLS servers show a ServerHello or an alert, and web servers a 400; a mail server that hangs says nothing to it, either.
 * It can be agreed to in TLS 1.3 and 1.2: some close without a word where nothing fits.
 */
export const CLIENT_HELLO = record(
  hello(
    [0x1301, 0x002f, 0x0035, 0x003c],
    [
      extension(0x002b, `\x04${[0x0304, 0x0303].map(uint16).join('')}`),
      extension(0x000a, list(uint16(0x001d) + uint16(0x0017))),
      extension(0x000d, list([0x0403, 0x0804, 0x0401].map(uint16).join(''))),
      // Any 32 octets are a key of X25519; nobody is going to use what is agreed on.
      extension(0x0033, list(uint16(0x001d) + list('any 32 octets make an x25519 key'))),
    ],
  ),
);

function hello(ciphers: readonly number[], extensions: readonly string[]): string {
  const random = 'smtp-quorum asks who you are....';
  const body = `\x03\x03${random}\x00${list(ciphers.map(uint16).join(''))}\x01\x00${list(extensions.join(''))}`;
  return `\x01\x00${list(body)}`;
}

function extension(type: number, data: string): string {
  return `${uint16(type)}${list(data)}`;
}

/** With its length before it. */
function list(octets: string): string {
  return `${uint16(octets.length)}${octets}`;
}

function record(message: string): string {
  return `\x16\x03\x01${list(message)}`;
}

function uint16(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}
