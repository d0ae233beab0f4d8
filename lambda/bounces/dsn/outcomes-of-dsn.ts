/** Makes outcomes of a report that a mailbox got, without naming a person or a message. */
import { createHash } from 'node:crypto';
import type { Dsn, DsnRecipient } from '../../standards/dsn/dsn.ts';
import { fieldText } from '../../standards/mime/encoded-word.ts';
import type { HeaderField } from '../../standards/mime/header.ts';
import { hideMessage } from '../hide-addresses.ts';
import type { BounceRecord, DeliveryOutcome } from '../outcome.ts';
import { namedRecipients } from './named-recipients.ts';

export interface ReceivedDsn {
  readonly dsn: Dsn;
  /** Of the message, or of its beginning. */
  readonly raw: Buffer;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
}

const KINDS = { failed: 'bounced', delayed: 'deferred', delivered: null, relayed: null, expanded: null } as const;

/**
 * Null if it reports neither a failure nor a delay.
 * @param providerOfDomain by the MX records of the domain of a recipient, for reports that do not say which host was asked
 */
export function recordOfDsn(
  { dsn, raw, at }: ReceivedDsn,
  providerOf: (recipient: DsnRecipient) => string,
): BounceRecord | null {
  const from = domainOf(fieldOf(dsn.original, 'from')) ?? domainOf(fieldOf(dsn.original, 'return-path')) ?? '-';
  const recipient = [addressIn(fieldOf(dsn.original, 'to')), ...namedRecipients(raw, dsn.form !== 'report')];
  const known = { recipient, subject: fieldText(fieldOf(dsn.original, 'subject')) };
  const outcomes = dsn.recipients.flatMap((recipient): readonly DeliveryOutcome[] => {
    const kind = KINDS[recipient.action];
    if (kind === null) return [];
    const code = recipient.status ?? (kind === 'bounced' ? '5.0.0' : '4.0.0');
    const text = hideMessage(recipient.diagnostic ?? '', known);
    return [{ at, kind, from, provider: providerOf(recipient), code, text, delay: 0 }];
  });
  return outcomes.length === 0 ? null : { id: idOf(raw), outcomes };
}

function idOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('base64url').slice(0, 8);
}

function fieldOf(fields: readonly HeaderField[], name: string): string {
  return fields.find((field) => field.name.toLowerCase() === name)?.value ?? '';
}

function addressIn(value: string): string {
  return /[^\s<>",;:]{1,64}@[^\s<>",;:]{1,255}/.exec(value.slice(0, 2_000))?.[0] ?? '';
}

function domainOf(value: string): string | null {
  const address = addressIn(value);
  const domain = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '');
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(domain) ? domain : null;
}
