/** Delivery status notifications: RFC 3464, in multipart/report of RFC 6522. Never throws. */

import { parseFields } from '../mime/header.ts';
import { allParts, type MessagePart, parseMessage } from '../mime/parts.ts';
import { decodeBody } from '../mime/transfer-encoding.ts';

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** What a report says of one recipient. The recipient itself is not kept: only whether two of them are one. */
export interface DsnRecipient {
  readonly action: DsnAction;
  /** `5.1.1`; null if the report has none. */
  readonly status: string | null;
  /** What the remote host said, without its type. It may have addresses: hide them before it is kept. */
  readonly diagnostic: string | null;
  /** Host that was asked, in lower case. */
  readonly remoteHost: string | null;
  /** Domain of the recipient, in lower case. */
  readonly domain: string | null;
}

export interface Dsn {
  readonly reportingHost: string | null;
  readonly recipients: readonly DsnRecipient[];
  /** The header of the message that was not delivered, or its start; null if the report has none. */
  readonly original: MessagePart | null;
}

const MOST_RECIPIENTS = 1_000;
const ACTIONS: readonly string[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];

/** @param text octets as characters (latin1) @returns null for a message that is no report of RFC 3464 */
export function parseDsn(text: string): Dsn | null {
  const parts = allParts(parseMessage(text));
  const status = parts.find(
    ({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status',
  );
  if (status === undefined) return null;
  const [first = '', ...others] = decodedText(status)
    .trim()
    .split(/\r?\n[ \t]*\r?\n/);
  const recipients = others.slice(0, MOST_RECIPIENTS).flatMap((block) => recipientOf(block));
  return { reportingHost: typedValue(parseFields(first), 'reporting-mta'), recipients, original: originalOf(parts) };
}

function decodedText({ fields, body }: MessagePart): string {
  const encoding = fields.find(({ name }) => name === 'content-transfer-encoding')?.value ?? null;
  return decodeBody(body, encoding).toString('latin1');
}

function recipientOf(block: string): readonly DsnRecipient[] {
  const fields = parseFields(block);
  const of = (name: string) => fields.find((field) => field.name === name)?.value ?? null;
  const action = (of('action') ?? '').split(/[\s(;]/, 1)[0]?.toLowerCase() ?? '';
  if (!ACTIONS.includes(action)) return [];
  const address = typedValue(fields, 'original-recipient') ?? typedValue(fields, 'final-recipient');
  return [
    {
      action: action as DsnAction,
      status: /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(of('status') ?? '')?.[1] ?? null,
      diagnostic: typedText(of('diagnostic-code')),
      remoteHost: hostName(typedValue(fields, 'remote-mta')),
      domain: domainOf(address),
    },
  ];
}

/** `rfc822;user@example.com`, `dns; mx.example.com (192.0.2.1)`: what follows the type. */
function typedValue(fields: ReturnType<typeof parseFields>, name: string): string | null {
  return typedText(fields.find((field) => field.name === name)?.value ?? null);
}

function typedText(value: string | null): string | null {
  if (value === null) return null;
  const semicolon = value.indexOf(';');
  const text = (/^[A-Za-z0-9-]+\s*;/.test(value) ? value.slice(semicolon + 1) : value).trim();
  return text === '' ? null : text;
}

function hostName(text: string | null): string | null {
  const [name = ''] = (text ?? '').split(/[\s([]/, 1);
  return /^[A-Za-z0-9.-]{1,253}$/.test(name) ? name.toLowerCase().replace(/\.$/, '') : null;
}

function domainOf(address: string | null): string | null {
  const at = address?.lastIndexOf('@') ?? -1;
  return at === -1 ? null : hostName((address ?? '').slice(at + 1).replace(/>.*$/, ''));
}

function originalOf(parts: readonly MessagePart[]): MessagePart | null {
  const part = parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(type),
  );
  return part === undefined ? null : parseMessage(`${decodedText(part).replace(/^\s+/, '')}\r\n\r\n`);
}
