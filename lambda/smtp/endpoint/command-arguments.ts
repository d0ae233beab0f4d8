/** What of an endpoint goes into commands: with a line end in it, it would be a command of its own. */

import { isAscii } from './a-label.ts';
import type { Endpoint } from './endpoint.ts';

type CommandArguments = Pick<Endpoint, 'ehloName' | 'mailFrom' | 'rcptTo' | 'auth' | 'expect'>;

/** A host name or an address, in brackets or not: RFC 5321 4.1.3. */
const NAME = /^[\w.:[\]-]{1,255}$/;
/** Less than RFC 5321 4.1.2 lets be quoted, and nothing that ends the path it stands in; `''` is the null sender. */
const MAILBOX = /^[^\p{Cc}\s<>]{0,320}$/u;
const NON_ASCII = 'has letters beyond ASCII, which are for servers with SMTPUTF8 (RFC 6531) alone';
/** NUL and SOH part the fields of a SASL message (RFC 4616 2). */
const USER = /^\P{Cc}+$/u;

/** @throws TypeError where a command would say something else than was meant: that is ours, not the server's. */
export function assertCommandArguments({ ehloName, mailFrom = '', rcptTo = [], auth, expect }: CommandArguments): void {
  const { accepts = [], rejects = [] } = expect?.rcpt ?? {};
  assertMatches('ehloName', ehloName, NAME, 'is no host name, nor an address in brackets');
  assertMailbox('mailFrom', mailFrom);
  for (const address of rcptTo) assertMailbox('rcptTo', address);
  for (const address of accepts) assertMailbox('expect.rcpt.accepts', address);
  for (const address of rejects) assertMailbox('expect.rcpt.rejects', address);
  if (auth !== undefined) assertMatches('auth.user', auth.user, USER, 'is empty, or has control characters');
}

function assertMailbox(setting: string, address: string): void {
  assertMatches(setting, address, MAILBOX, 'is no e-mail address');
  if (!isAscii(address)) throw new TypeError(`\`${setting}\` ${NON_ASCII}: ${JSON.stringify(address)}`);
}

function assertMatches(setting: string, value: string, pattern: RegExp, problem: string): void {
  if (!pattern.test(value)) throw new TypeError(`\`${setting}\` ${problem}: ${JSON.stringify(value)}`);
}
