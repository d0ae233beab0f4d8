/** Who is asked for at RCPT, and what the answer means. */

import type { Endpoint } from '../endpoint/endpoint.ts';
import { DEFAULT_EXPECTATIONS, type Expectations } from '../endpoint/expectations.ts';
import { FAILURES, type Failure, type FailureCode, finding } from '../failures/failures.ts';
import { refusalFinding } from '../replies/refusals.ts';
import { quoteReply, type Reply } from '../replies/reply-reader.ts';
import type { Finding } from '../sample/sample.ts';

export interface Recipient {
  readonly address: string;
  /** `bogus` and `foreign` must be refused. */
  readonly role: 'accepted' | 'bogus' | 'foreign';
}

export interface MailTransaction {
  readonly recipients: readonly Recipient[];
  /** Ends in DATA instead of RSET. */
  readonly deliver: boolean;
}

/** Mail is sent only to `rcptTo`, never to a recipient that is there to be refused: those have their own transaction. */
export function plannedTransactions(endpoint: Endpoint): readonly MailTransaction[] {
  const { rcptTo = [], deliver = false, expect, mailFrom } = endpoint;
  if (mailFrom === undefined && rcptTo.length === 0 && expect?.rcpt === undefined) return [];
  const accepts = [...(deliver ? [] : rcptTo), ...(expect?.rcpt?.accepts ?? [])];
  const rejects = expect?.rcpt?.rejects ?? [];
  const recipients = [...accepts.map(accepted), ...rejects.map(rejected(endpoint))];
  const asked = recipients.length > 0 || (mailFrom !== undefined && !deliver);
  const delivered = deliver && rcptTo.length > 0;
  return [
    ...(asked ? [{ recipients, deliver: false }] : []),
    ...(delivered ? [{ recipients: rcptTo.map(accepted), deliver: true }] : []),
  ];
}

function accepted(address: string): Recipient {
  return { address, role: 'accepted' };
}

function rejected(endpoint: Endpoint): (address: string) => Recipient {
  const served = servedDomains(endpoint);
  return (address) => ({ address, role: served.has(domainOf(address)) ? 'bogus' : 'foreign' });
}

/** `mx1.example.com` serves `example.com`, too: an owner who has not named it should not read of an open relay. */
function servedDomains({ host, domain, rcptTo = [], expect }: Endpoint): ReadonlySet<string> {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const parents = labels.slice(0, -1).map((_, from) => labels.slice(from).join('.'));
  const { accepts = [], domains = [] } = expect?.rcpt ?? {};
  const said = [...rcptTo, ...accepts, ...domains].map(domainOf);
  return new Set([...parents, ...said, (domain ?? host).toLowerCase()]);
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Codes of any phase that are as good a refusal as one of the recipient. */
const WANTED: ReadonlySet<string> = new Set<FailureCode>([
  'tls-required',
  'auth-required',
  'mailbox-full',
  'sender-refused-temporarily',
]);

/** What the reply to a recipient means; null: it is as it should be. */
export function judgeRecipientReply(recipient: Recipient, reply: Reply, expect: Expectations = {}): Finding | null {
  return reply.code < 400 ? judgeAccepted(recipient, reply, expect) : judgeRefused(recipient, reply, expect);
}

function judgeAccepted({ address, role }: Recipient, reply: Reply, expect: Expectations): Finding | null {
  const { acceptAll, openRelay } = { ...DEFAULT_EXPECTATIONS.rcpt, ...expect.rcpt };
  const seen = { reply: quoteReply(reply) };
  switch (role) {
    case 'accepted':
      return null;
    case 'bogus':
      return finding('accept-all', {
        ...seen,
        detail: `${address} should not exist and is accepted`,
        outcome: acceptAll,
      });
    case 'foreign':
      return finding('open-relay', {
        ...seen,
        detail: `${address} is not served here and is accepted`,
        outcome: openRelay,
      });
    default:
      return role satisfies never;
  }
}

/** A refusal that was wanted can still say more: that this vantage is not welcome, or that the server shuts down. */
function judgeRefused({ address, role }: Recipient, reply: Reply, expect: Expectations): Finding | null {
  const found = refusalFinding('rcpt', 'rcpt', reply, expect.temporary);
  const { phase, vantageFault }: Failure = FAILURES[found.code as FailureCode];
  if (role !== 'accepted' && (phase !== 'any' || WANTED.has(found.code))) return null;
  const lasting = reply.code >= 500 && !vantageFault;
  const outcome = lasting ? (expect.rcpt?.refused ?? found.outcome) : found.outcome;
  return { ...found, outcome, detail: `${address} is refused with ${reply.code}` };
}
