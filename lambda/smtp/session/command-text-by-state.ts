/** The command of each state. */

import type { SessionState } from '../replies/session-state.ts';
import type { SessionProgress } from './progress.ts';
import { CLIENT_HELLO } from './raw-tls-client-hello.ts';

/** Commands without their CRLF; null if nothing is sent. */
const COMMANDS: Readonly<Record<SessionState, (progress: SessionProgress, nth: number) => string | null>> = {
  greeting: () => null,
  'client-hello': () => CLIENT_HELLO,
  ehlo: ({ endpoint }) => `EHLO ${endpoint.ehloName}`,
  helo: ({ endpoint }) => `HELO ${endpoint.ehloName}`,
  starttls: () => 'STARTTLS',
  handshake: () => null,
  ehlo2: ({ endpoint }) => `EHLO ${endpoint.ehloName}`,
  helo2: ({ endpoint }) => `HELO ${endpoint.ehloName}`,
  auth: ({ exchange }) => exchange?.command ?? null,
  mail: ({ endpoint }) => `MAIL FROM:<${endpoint.mailFrom ?? ''}>`,
  rcpt: ({ transactions }, nth) => `RCPT TO:<${transactions[0]?.recipients[nth]?.address ?? ''}>`,
  rset: () => 'RSET',
  data: () => 'DATA',
  message: ({ endpoint }) => messageData(endpoint),
  quit: () => 'QUIT',
  ended: () => null,
};

/** `nth`: the index of the recipient for RCPT. */
export function commandOf(progress: SessionProgress, state: SessionState, nth = progress.recipient): string | null {
  return COMMANDS[state](progress, nth);
}

/**
 * The states whose commands are sent in one group with MAIL if PIPELINING is offered. RFC 2920 3.1 allows EHLO, DATA and
 * QUIT only at the end of a group. DATA is not pipelined, because mail is sent only after its reply.
 */
export function pipelinedAfterMail({ transactions }: SessionProgress): SessionState[] {
  const [current, ...later] = transactions;
  const recipients = (current?.recipients ?? []).map((): SessionState => 'rcpt');
  if (current?.deliver === true) return recipients;
  return later.length > 0 ? [...recipients, 'rset'] : [...recipients, 'rset', 'quit'];
}

/** The mail data, with the final dot. RFC 5321 4.5.2: a line that begins with a dot has another one before it. */
function messageData({ message, ehloName, mailFrom = '', rcptTo = [] }: SessionProgress['endpoint']): string {
  return message === undefined ? messageOf(ehloName, mailFrom, rcptTo) : `${message.replace(/^\./gm, '..')}.`;
}

/** A message as of RFC 5322, with the final dot. `Auto-Submitted` (RFC 3834) prevents automatic responses. */
function messageOf(name: string, from: string, to: readonly string[]): string {
  const headers = [
    `From: <${from || `postmaster@${name}`}>`,
    `To: ${to.map((address) => `<${address}>`).join(', ')}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${crypto.randomUUID()}@${name}>`,
    'Subject: smtp-quorum probe',
    'Auto-Submitted: auto-generated',
  ];
  return [...headers, '', 'This mail was sent to see whether this server takes mail.', '.'].join('\r\n');
}
