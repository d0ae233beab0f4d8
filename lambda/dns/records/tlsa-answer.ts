/** Encodes the query for TLSA records, and decodes its answer: RFC 1035 4, RFC 6698 2.1. node:dns of Node 20 cannot. */

import { randomInt } from 'node:crypto';

export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  /** Hexadecimal, in lower case. */
  readonly data: string;
  /** The AD bit of the answer: the resolver says that it validated the record (RFC 4035 3.2.3). */
  readonly authenticated: boolean;
}

export type TlsaAnswer =
  | { readonly kind: 'records'; readonly records: readonly TlsaRecord[] }
  /** The name of the error as c-ares has it. */
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'truncated' }
  /** Not an answer to this query. */
  | { readonly kind: 'foreign' };

const TLSA = 52;
const MOST_RECORDS = 100;
const ERRORS: Readonly<Record<number, string>> = { 2: 'ESERVFAIL', 3: 'ENOTFOUND', 5: 'EREFUSED' };

/** The query, with a random ID, recursion desired, and AD (RFC 6840 5.7: the client understands it). */
export function tlsaQuery(name: string): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(randomInt(65_536), 0);
  header.writeUInt16BE(0x0120, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(1, 10);
  const labels = name.replace(/\.$/, '').split('.');
  const question = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  // EDNS0 (RFC 6891): UDP answers of up to 1,232 octets.
  const edns = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...question, Buffer.from([0, 0, TLSA, 0, 1]), edns]);
}

/** Never throws, whatever the octets. */
export function readTlsaAnswer(query: Buffer, answer: Buffer): TlsaAnswer {
  const end = questionEnd(query);
  if (answer.length < end || answer.readUInt16BE(0) !== query.readUInt16BE(0)) return { kind: 'foreign' };
  const flags = answer.readUInt16BE(2);
  if ((flags & 0x8000) === 0 || !sameQuestion(query, answer, end)) return { kind: 'foreign' };
  if ((flags & 0x0200) !== 0) return { kind: 'truncated' };
  const code = flags & 0x000f;
  if (code !== 0) return { kind: 'error', code: ERRORS[code] ?? 'EBADRESP' };
  const records = readRecords(answer, end, (flags & 0x0020) !== 0);
  if (records === null) return { kind: 'error', code: 'EBADRESP' };
  return records.length === 0 ? { kind: 'error', code: 'ENODATA' } : { kind: 'records', records };
}

function questionEnd(query: Buffer): number {
  return query.indexOf(0, 12) + 5;
}

function sameQuestion(query: Buffer, answer: Buffer, end: number): boolean {
  const text = (message: Buffer) => message.toString('latin1', 12, end).toLowerCase();
  return answer.readUInt16BE(4) === 1 && text(query) === text(answer);
}

/** Null if the message is damaged. Owner names are not compared: a resolver may answer with a chain of aliases. */
function readRecords(message: Buffer, start: number, authenticated: boolean): readonly TlsaRecord[] | null {
  const records: TlsaRecord[] = [];
  let at = start;
  for (let left = message.readUInt16BE(6); left > 0; left--) {
    const fixed = nameEnd(message, at);
    if (fixed === null || fixed + 10 > message.length) return null;
    const [type, length] = [message.readUInt16BE(fixed), message.readUInt16BE(fixed + 8)];
    at = fixed + 10 + length;
    if (at > message.length) return null;
    if (type !== TLSA || length < 3 || records.length === MOST_RECORDS) continue;
    const [usage = 0, selector = 0, matching = 0] = message.subarray(fixed + 10);
    const data = message.toString('hex', fixed + 13, at);
    records.push({ usage, selector, matching, data, authenticated });
  }
  return records;
}

/** Where the name at `start` ends. A pointer ends it (RFC 1035 4.1.4), so that no loop is possible. */
function nameEnd(message: Buffer, start: number): number | null {
  for (let at = start; at < message.length; ) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
  return null;
}
