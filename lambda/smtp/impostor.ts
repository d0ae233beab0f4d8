/** What listens where SMTP was expected: told by its first words. */

import type { FailureCode } from './failures.ts';

const FIRST_WORDS: readonly (readonly [RegExp, FailureCode])[] = [
  [/^SSH-\d/, 'not-smtp-ssh'],
  [/^HTTP\/\d|^<(?:!doctype|html)/i, 'not-smtp-http'],
  [/^(?:\+OK|-ERR)\b/, 'not-smtp-pop3'],
  [/^\* (?:OK|PREAUTH|BYE)\b/, 'not-smtp-imap'],
  [/^220[ -].*\b(?:Pure-?FTPd|vsFTPd|ProFTPD|FTP server|FTP FileZilla)\b/i, 'not-smtp-ftp'],
  // A TLS record: alert (21) or handshake (22), version 3.x (RFC 8446 5.1).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the octets
  [/^[\x15\x16]\x03[\x00-\x04]/, 'tls-on-plain-port'],
];

/** FTP greets with 220, too. */
export function isFtp(greeting: string): boolean {
  return greeting.includes('FTP') && impostorOf(greeting) === 'not-smtp-ftp';
}

/** `text` is Latin-1, from the first octet on; null where it is nothing known. */
export function impostorOf(text: string): FailureCode | null {
  return FIRST_WORDS.find(([words]) => words.test(text))?.[1] ?? null;
}

/**
 * A ClientHello (RFC 5246 7.4.1.2), of ASCII octets only. Told to a server that never greeted, it makes TLS servers
 * show an alert or a ServerHello, and web servers a 400; a mail server that hangs says nothing to it, either.
 */
export const CLIENT_HELLO = record(hello([0x002f, 0x0035, 0x003c, 0x003d]));

function hello(ciphers: readonly number[]): string {
  const random = 'smtp-quorum asks who you are....';
  const suites = ciphers.map(uint16).join('');
  const body = `\x03\x03${random}\x00${uint16(suites.length)}${suites}\x01\x00`;
  return `\x01\x00${uint16(body.length)}${body}`;
}

function record(message: string): string {
  return `\x16\x03\x01${uint16(message.length)}${message}`;
}

function uint16(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}
