/** Whether a header meets the conditions of a search, as a server of IMAP would find it (RFC 9051 6.4.4). */

import type { MessageQuery } from '../mailbox/session/mailbox-session.ts';

const DAY = 86_400_000;

export function headerMatches(header: Buffer, { since, header: wanted }: MessageQuery): boolean {
  const fields = fieldsOf(header);
  return (since === undefined || isSince(fields, since)) && (wanted === undefined || hasField(fields, wanted));
}

type Field = readonly [name: string, value: string];

/** Fields with their continuation lines, up to the empty line: RFC 5322 2.2. */
function fieldsOf(header: Buffer): readonly Field[] {
  const [head = ''] = header.toString('latin1').split(/\r?\n\r?\n/, 1);
  return head
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .map((line): Field => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
}

function hasField(fields: readonly Field[], [name, text]: readonly [string, string]): boolean {
  return fields.some(
    ([field, value]) => field === name.toLowerCase() && value.toLowerCase().includes(text.toLowerCase()),
  );
}

/** The newest Received field has the time of arrival at its end. A message without a readable time is not left out. */
function isSince(fields: readonly Field[], since: number): boolean {
  const received = fields
    .find(([name]) => name === 'received')?.[1]
    .split(';')
    .at(-1);
  const time = Date.parse(withoutComment(received ?? fields.find(([name]) => name === 'date')?.[1] ?? ''));
  return Number.isNaN(time) || time >= Math.floor(since / DAY) * DAY;
}

function withoutComment(date: string): string {
  return date.replace(/\([^()]*\)/g, '').trim();
}
