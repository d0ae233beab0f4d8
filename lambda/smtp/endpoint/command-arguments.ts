/** Checks the settings that are sent in commands. A line end in one of them would start another command. */

import { isAscii } from './a-label.ts';
import type { Endpoint } from './endpoint.ts';

type CommandArguments = Pick<Endpoint, 'ehloName' | 'mailFrom' | 'rcptTo' | 'auth' | 'expect' | 'message'>;

/** A host name or an address, with or without brackets: RFC 5321 4.1.3. */
const NAME = /^[\w.:[\]-]{1,255}$/;
/** Stricter than RFC 5321 4.1.2: no quoted characters that could end the path. `''` is the null sender. */
const MAILBOX = /^[^\p{Cc}\s<>]{0,320}$/u;
const NON_ASCII = 'has characters outside of ASCII, which few servers accept (SMTPUTF8, RFC 6531)';
/** NUL and SOH separate the fields of a SASL message (RFC 4616 2). */
const USER = /^\P{Cc}+$/u;

/** RFC 5321 4.5.3.1.6 and 2.3.8: at most 998 octets, no CR or LF alone. */
const MESSAGE_LINE = /^[^\P{ASCII}\r\n]{0,998}$/u;

/** @throws TypeError if a setting is not usable in a command. This is an error of the caller, not of the server. */
export function assertCommandArguments(settings: CommandArguments): void {
  const { ehloName, mailFrom = '', rcptTo = [], auth, expect, message } = settings;
  const { accepts = [], rejects = [] } = expect?.rcpt ?? {};
  assertMatches('ehloName', ehloName, NAME, 'is not a host name or an address in brackets');
  assertMailbox('mailFrom', mailFrom);
  for (const address of rcptTo) assertMailbox('rcptTo', address);
  for (const address of accepts) assertMailbox('expect.rcpt.accepts', address);
  for (const address of rejects) assertMailbox('expect.rcpt.rejects', address);
  if (message !== undefined && !isMessage(message))
    throw new TypeError('`message` must be ASCII in lines of at most 998 octets that end with CRLF');
  if (auth !== undefined)
    assertMatches('auth.user', auth.user, USER, 'must not be empty or contain control characters');
}

function isMessage(message: string): boolean {
  const lines = message.split('\r\n');
  return lines.pop() === '' && lines.length > 0 && lines.every((line) => MESSAGE_LINE.test(line));
}

function assertMailbox(setting: string, address: string): void {
  assertMatches(setting, address, MAILBOX, 'is not an e-mail address');
  if (!isAscii(address)) throw new TypeError(`\`${setting}\` ${NON_ASCII}: ${JSON.stringify(address)}`);
}

function assertMatches(setting: string, value: string, pattern: RegExp, problem: string): void {
  if (!pattern.test(value)) throw new TypeError(`\`${setting}\` ${problem}: ${JSON.stringify(value)}`);
}
