/** Bounces and warnings of Exim as text. Newer ones are reports of RFC 3464, if so configured. Never throws. */

import { fieldValue, type HeaderField } from '../mime/header.ts';
import { type Dsn, type DsnAction, type DsnRecipient, MOST_RECIPIENTS } from './dsn.ts';
import { addressIn, domainOfAddress, hostName, oneLine, replyIn, statusIn } from './words.ts';

const FAILED = /\bThe following address(?:\(es\)|es)? failed:/m;
const DELAYED = /^The address(?:es)? to which the message has not yet been delivered (?:is|are):/m;
const END = /^(?:-{4,}|No action is required|Reporting-MTA:)/;

export function parseEximText(fields: readonly HeaderField[], text: string): Omit<Dsn, 'original'> | null {
  const [found, action] = sectionOf(text);
  const failed = fieldValue(fields, 'x-failed-recipients');
  if (found === null)
    return failed === null ? null : bounceOf(fields, failed.split(',').slice(0, MOST_RECIPIENTS).map(unexplained));
  return bounceOf(fields, recipientsIn(found, action));
}

function bounceOf(fields: readonly HeaderField[], recipients: readonly DsnRecipient[]): Omit<Dsn, 'original'> | null {
  if (recipients.length === 0) return null;
  const from = fieldValue(fields, 'from') ?? '';
  return { form: 'exim', reportingHost: domainOfAddress(from), recipients };
}

/** The list of addresses, with what each host said. */
function sectionOf(text: string): readonly [string | null, DsnAction] {
  for (const [pattern, action] of [
    [FAILED, 'failed'],
    [DELAYED, 'delayed'],
  ] as const) {
    const found = pattern.exec(text);
    if (found !== null) return [text.slice(found.index + found[0].length), action];
  }
  return [null, 'failed'];
}

/** An address has two spaces before it, and what is said of it four. */
function recipientsIn(section: string, action: DsnAction): readonly DsnRecipient[] {
  const entries: { address: string; said: string[] }[] = [];
  for (const line of section.split('\n')) {
    if (END.test(line) || entries.length > MOST_RECIPIENTS) break;
    const address = /^ {2}\S/.test(line) ? addressIn(line) : null;
    if (address !== null) entries.push({ address, said: [] });
    else if (line.trim() !== '') entries.at(-1)?.said.push(line.trim());
  }
  return entries.map(({ address, said }) => explained(address, said, action));
}

function explained(address: string, said: readonly string[], action: DsnAction): DsnRecipient {
  const reply = said.map(replyIn).find((one) => one !== null) ?? null;
  const text = said.join(' ');
  return {
    action,
    status: statusIn(reply ?? text),
    diagnostic: oneLine(reply ?? text),
    remoteHost: hostName(/(?:^|\s)host ([\w.-]{1,253})/.exec(text.slice(0, 1_000))?.[1] ?? null),
    domain: domainOfAddress(address),
  };
}

function unexplained(address: string): DsnRecipient {
  return { action: 'failed', status: null, diagnostic: null, remoteHost: null, domain: domainOfAddress(address) };
}
