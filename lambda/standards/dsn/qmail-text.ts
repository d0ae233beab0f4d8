/** Bounces of qmail and of those that write as it does (QSBMF, qmail's bouncesaying and Yahoo). Never throws. */

import { type Dsn, type DsnRecipient, MOST_RECIPIENTS } from './dsn.ts';
import { domainOfAddress, hostName, oneLine, statusIn } from './words.ts';

/** The first paragraph, and the line that ends the report. */
const BEGINNING =
  /^\s*Hi\. (?:This is|The) [^\n]{0,200}|^\s*Sorry, (?:we were|I was|it was) (?:unable|not possible) to deliver your message/i;
const END =
  /^-{3} (?:Below this line is a copy|Enclosed are the original headers|Undelivered message follows|End of bounce)/m;
const RECIPIENT = /^<([^<>\s]{1,320})>:\s?(.*)$/s;
/** `192.0.2.1 does not like`, `Remote host mx.example.net said`, `Connected to mx.example.net but`, and of Yahoo `[0] - mx.example.net`. */
const REMOTE = /^([\d.]{7,15}) |\b(?:Remote host|Connected to) \(?([\w-]+(?:\.[\w-]+)+)\)?|\] - ([\w-]+(?:\.[\w-]+)+)$/;

export function parseQmailText(text: string): Omit<Dsn, 'original'> | null {
  if (!BEGINNING.test(text)) return null;
  const report = text.split(END, 1)[0] ?? '';
  const recipients = report
    .split(/\n[ \t]*\n/)
    .slice(0, MOST_RECIPIENTS)
    .flatMap(recipientOf);
  if (recipients.length === 0) return null;
  const host = /\bprogram at ([\w.-]{1,253})/.exec(report.slice(0, 1_000))?.[1] ?? null;
  return { form: 'qmail', reportingHost: hostName(host?.replace(/\.$/, '') ?? null), recipients };
}

/** A paragraph per recipient. qmail reports only what it gave up. */
function recipientOf(paragraph: string): readonly DsnRecipient[] {
  const [, address, said = ''] = RECIPIENT.exec(paragraph.trim()) ?? [];
  if (address === undefined) return [];
  return [
    {
      action: 'failed',
      status: statusIn(said.replace(/^[\s\S]{0,900}?(?=[45]\d\d[ -][45]\.)/, '')) ?? statusIn(said),
      diagnostic: oneLine(said),
      remoteHost: remoteHostIn(said.slice(0, 1_000).trim()),
      domain: domainOfAddress(address),
    },
  ];
}

function remoteHostIn(said: string): string | null {
  const [, first, second, third] = REMOTE.exec(said) ?? [];
  return hostName(first ?? second ?? third ?? null);
}
