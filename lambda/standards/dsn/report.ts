/** The part of a report that programs read: RFC 3464 2. Never throws. */

import { fieldValue, type HeaderField, parseFields } from '../mime/header.ts';
import { DSN_ACTIONS, type Dsn, type DsnAction, type DsnRecipient, MOST_RECIPIENTS } from './dsn.ts';
import { actionOfStatus, domainOfAddress, hostName, oneLine, statusIn } from './words.ts';

export function isDeliveryStatus(type: string): boolean {
  return /^message\/(?:global-)?delivery-status$/.test(type);
}

/** @returns null if it says nothing of any recipient */
export function parseReport(text: string): Omit<Dsn, 'original'> | null {
  const blocks = text
    .trim()
    .split(/\r?\n[ \t]{0,100}(?:\r?\n[ \t]{0,100}){0,100}\r?\n/)
    .slice(0, MOST_RECIPIENTS + 1)
    .map(parseFields)
    .flatMap(blocksOf);
  const recipients = blocks.flatMap(recipientOf).slice(0, MOST_RECIPIENTS);
  if (recipients.length === 0) return null;
  return { form: 'report', reportingHost: hostName(typedValue(blocks[0] ?? [], 'reporting-mta')), recipients };
}

/** Some leave out the empty line between two recipients, too. */
function blocksOf(fields: readonly HeaderField[]): readonly (readonly HeaderField[])[] {
  const isOriginal = (at: number) => fields[at]?.name === 'original-recipient';
  // The recipient that the sender wrote is before the final one (RFC 3464 2.3).
  const starts = fields.flatMap(({ name }, at) =>
    name === 'final-recipient' ? [isOriginal(at - 1) ? at - 1 : at] : [],
  );
  if (starts.length < 2) return [fields];
  return starts.map((_, nth) => fields.slice(nth === 0 ? 0 : starts[nth], starts[nth + 1]));
}

/** The fields of the message have none of these; some servers leave out the empty line after them. */
function recipientOf(fields: readonly HeaderField[]): readonly DsnRecipient[] {
  const address = typedValue(fields, 'original-recipient') ?? typedValue(fields, 'final-recipient');
  const diagnostic = typedValue(fields, 'diagnostic-code');
  const written = statusIn(fieldValue(fields, 'status') ?? '');
  const action = actionOf(fieldValue(fields, 'action') ?? '') ?? actionOfStatus(written);
  if (action === null || (address === null && written === null)) return [];
  return [
    {
      action,
      status: moreExact(written, statusIn(diagnostic ?? '')),
      diagnostic: oneLine(diagnostic),
      remoteHost: hostName(typedValue(fields, 'remote-mta')),
      domain: domainOfAddress(address ?? ''),
    },
  ];
}

function actionOf(text: string): DsnAction | null {
  const [word = ''] = text.toLowerCase().split(/[^a-z]/, 1);
  return DSN_ACTIONS.find((action) => action === word) ?? null;
}

/** Many write `5.0.0`, and the code of the remote host in its reply only. */
function moreExact(status: string | null, other: string | null): string | null {
  if (status === null) return other;
  return /^[245]\.0\.0$/.test(status) && other !== null && other[0] === status[0] ? other : status;
}

/** `rfc822;user@example.com`, `dns; mx.example.com (192.0.2.1)`: what follows the type. */
function typedValue(fields: readonly HeaderField[], name: string): string | null {
  const value = fieldValue(fields, name) ?? '';
  const text = value.replace(/^[A-Za-z0-9-]{1,40}\s{0,9};/, '').trim();
  return text === '' ? null : text;
}
