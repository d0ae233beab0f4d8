/**
 * Reads an event of Amazon SES on the default bus of EventBridge. Never throws.
 * https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html; `detail` is the record of event publishing:
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
import { createHash } from 'node:crypto';
import { statusIn } from '../../standards/dsn/words.ts';
import { hideMessage } from '../hide-addresses.ts';
import type { OutcomeKind } from '../outcome.ts';

/** The events that are read, by their `detail-type`. A rule passes these and no others. */
export const SES_EVENTS = {
  'Email Delivered': 'delivered',
  'Email Bounced': 'bounced',
  'Email Complaint Received': 'complained',
  'Email Delivery Delayed': 'deferred',
  'Email Rejected': 'rejected',
} as const satisfies Readonly<Record<string, OutcomeKind>>;

export const SES_SOURCE = 'aws.ses';

/** An event without addresses. Domains of recipients are used to find their provider, and are not kept. */
export interface SesRecord {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: OutcomeKind;
  /** The domain of the sender. */
  readonly from: string;
  /** Seconds since SES accepted the message. */
  readonly delay: number;
  readonly recipients: readonly SesRecipient[];
}

export interface SesRecipient {
  readonly domain: string | null;
  readonly code: string;
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A call of SES has 50 recipients at most. */
const MOST_RECIPIENTS = 50;

/** Null if it is none of these events, or is damaged. */
export function readSesEvent(event: unknown): SesRecord | null {
  const { source, 'detail-type': type, detail } = fields(event);
  if (source !== SES_SOURCE || typeof type !== 'string' || !Object.hasOwn(SES_EVENTS, type)) return null;
  const kind = SES_EVENTS[type as keyof typeof SES_EVENTS];
  const part = partOf(kind, fields(detail));
  const mail = fields(fields(detail).mail);
  const { messageId } = mail;
  const at = timeOf(part.timestamp) ?? timeOf(fields(event).time);
  if (typeof messageId !== 'string' || messageId === '' || at === null || isNotCounted(part)) return null;
  const recipients = recipientsOf(kind, part, mail).slice(0, MOST_RECIPIENTS);
  if (recipients.length === 0) return null;
  const sent = timeOf(mail.timestamp) ?? at;
  // Recipients of one message may be reached in the same millisecond, each with an event.
  const id = idOf([kind, messageId, String(part.feedbackId ?? ''), String(at), ...addressesIn(part)]);
  return { id, at, kind, from: senderOf(mail), delay: Math.max(0, (at - sent) / 1000), recipients };
}

const PARTS: Readonly<Record<OutcomeKind, string>> = {
  delivered: 'delivery',
  bounced: 'bounce',
  complained: 'complaint',
  deferred: 'deliveryDelay',
  rejected: 'reject',
};

function partOf(kind: OutcomeKind, detail: Fields): Fields {
  return fields(detail[PARTS[kind]]);
}

/** What AWS does not count either, or what corrects a report. */
function isNotCounted(part: Fields): boolean {
  // SES did not send it: the address is on the list of the account.
  if ([part.bounceSubType, part.complaintSubType].includes('OnAccountSuppressionList')) return true;
  // The recipient says that the message is no spam (RFC 6430).
  return textOf(part.complaintFeedbackType).toLowerCase() === 'not-spam' || isAutomaticReply(part);
}

/** A message of somebody who is out of office: the message before it was delivered, and no server reports anything. */
function isAutomaticReply({ bounceType, bounceSubType, bouncedRecipients }: Fields): boolean {
  if (bounceType !== 'Transient' || bounceSubType !== 'General') return false;
  return list(bouncedRecipients).every((one) => {
    const { action, status, diagnosticCode } = fields(one);
    return [action, status, diagnosticCode].every((said) => textOf(said) === '');
  });
}

function recipientsOf(kind: OutcomeKind, part: Fields, mail: Fields): readonly SesRecipient[] {
  switch (kind) {
    case 'delivered': {
      return list(part.recipients).map((address) => ({ domain: domainOf(address), code: '2.0.0', text: '' }));
    }
    case 'bounced':
      return list(part.bouncedRecipients).map((one) => failedRecipient(fields(one), bounceClass(part), mail));
    case 'deferred':
      return list(part.delayedRecipients).map((one) => failedRecipient(fields(one), '4', mail));
    case 'complained':
      // Which of the recipients complained is not known if there are several of one domain.
      return list(part.complainedRecipients)
        .slice(0, 1)
        .map((one) => ({ domain: domainOf(fields(one).emailAddress), code: '-', text: '' }));
    case 'rejected':
      return list(mail.destination)
        .slice(0, 1)
        .map(() => ({ domain: null, code: '-', text: '' }));
    default:
      return kind satisfies never;
  }
}

const LISTS = ['recipients', 'bouncedRecipients', 'delayedRecipients', 'complainedRecipients'] as const;

function addressesIn(part: Fields): readonly string[] {
  const all = LISTS.flatMap((name) => list(part[name])).map((one) => textOf(fields(one).emailAddress) || textOf(one));
  return all.slice(0, MOST_RECIPIENTS);
}

/** `Name <user@example.com>` without its name. */
function bareAddress(address: unknown): string {
  return /<([^<>]*)>\s*$/.exec(textOf(address).slice(-320))?.[1] ?? textOf(address).slice(-320);
}

function displayName(address: unknown): string {
  const [name = ''] = textOf(address).slice(0, 320).replaceAll('"', '').split('<', 1);
  return name.includes('@') ? '' : name;
}

function bounceClass({ bounceType }: Fields): string {
  return bounceType === 'Transient' ? '4' : '5';
}

/** The code of the reply says more than `status`, which SES sets to a general one at times. */
function failedRecipient(recipient: Fields, kind: string, { commonHeaders, destination }: Fields): SesRecipient {
  const { emailAddress, status, diagnosticCode } = recipient;
  const said = textOf(diagnosticCode).replace(/^\s*smtp;\s*/i, '');
  const general = `${kind}.0.0`;
  const stated = statusIn(textOf(status).slice(0, 200)) ?? general;
  const replied = statusIn(said.slice(0, 200));
  const code = replied === null || replied.startsWith('2') ? stated : replied;
  const { subject, to } = fields(commonHeaders);
  // One reply may quote another recipient of the same message.
  const others = [...list(destination).slice(0, MOST_RECIPIENTS), ...list(to).slice(0, MOST_RECIPIENTS)];
  const known = [emailAddress, ...others.map(bareAddress), ...others.map(displayName)];
  return { domain: domainOf(emailAddress), code, text: hideMessage(said, { recipient: known, subject }) };
}

/** The domain of `From` as SES tags it, or that of the source: `Name <sender@example.com>`. */
function senderOf({ tags, source }: Fields): string {
  const [tagged] = list(fields(tags)['ses:from-domain']);
  return hostName(tagged) ?? domainOf(source) ?? '-';
}

function domainOf(address: unknown): string | null {
  if (typeof address !== 'string') return null;
  const bare = address.slice(-320).replace(/>\s*$/, '');
  return bare.includes('@') ? hostName(bare.slice(bare.lastIndexOf('@') + 1)) : null;
}

function hostName(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = value.toLowerCase().replace(/\.$/, '');
  return /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?$/.test(name) ? name : null;
}

/** An id of a message is random and is not kept, so that the hash tells nothing of it, or of the addresses. */
function idOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 8);
}

function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
