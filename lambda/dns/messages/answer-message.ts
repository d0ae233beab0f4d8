/** Reads the answer to a query: RFC 1035 4.1. It never throws, whatever the octets. */

import { nameReader, type ReadName } from './name-reader.ts';
import type { QueryMessage } from './query-message.ts';
import { type DataType, DECODERS, type RecordData, TYPE_NAMES, TYPE_NUMBERS } from './record-data.ts';

export type DnsRecord = {
  readonly [Type in DataType]: {
    /** The owner, in lower case. */
    readonly name: string;
    readonly type: Type;
    /** Seconds. */
    readonly ttl: number;
    readonly data: RecordData[Type];
  };
}[DataType];

export interface AnswerMessage {
  readonly kind: 'answer';
  /** The name that was asked, in lower case. */
  readonly name: string;
  /** With the bits of EDNS (RFC 6891 6.1.3). */
  readonly rcode: number;
  /** AA. */
  readonly authoritative: boolean;
  /** AD: the server says that it validated the records (RFC 4035 3.2.3). */
  readonly validated: boolean;
  /** RA. */
  readonly recursive: boolean;
  readonly edns: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
}

export type ReadAnswer =
  | AnswerMessage
  /** TC: the rest is to be asked over TCP. */
  | { readonly kind: 'truncated' }
  /** Not an answer to this query. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'damaged' };

/** Records of a section whose data is read. */
const MOST_RECORDS = 1_000;
const HEADER = 12;
const OPT = 41;
const IN = 1;

type Read = (at: number) => ReadName;

export function readAnswer(query: QueryMessage, octets: Buffer): ReadAnswer {
  try {
    return readMessage(query, octets);
  } catch {
    return { kind: 'damaged' };
  }
}

function readMessage(query: QueryMessage, octets: Buffer): ReadAnswer {
  if (octets.length < HEADER || octets.readUInt16BE(0) !== query.id) return { kind: 'foreign' };
  const flags = octets.readUInt16BE(2);
  const read = nameReader(octets);
  const asked = (flags & 0x8000) === 0 ? null : questionOf(query, octets, read);
  if (asked === null) return { kind: 'foreign' };
  if ((flags & 0x0200) !== 0) return { kind: 'truncated' };
  const answers = readSection(octets, read, asked.end, octets.readUInt16BE(6));
  const authority = readSection(octets, read, answers.end, octets.readUInt16BE(8));
  const additional = readSection(octets, read, authority.end, octets.readUInt16BE(10));
  return {
    kind: 'answer',
    name: asked.name,
    rcode: (flags & 0x0f) | ((additional.extendedRcode ?? 0) << 4),
    authoritative: (flags & 0x0400) !== 0,
    validated: (flags & 0x0020) !== 0,
    recursive: (flags & 0x0080) !== 0,
    edns: additional.extendedRcode !== null,
    answers: answers.records,
    authority: authority.records,
  };
}

/** Its name in lower case, and where it ends; null if it is not that of the query. */
function questionOf({ octets: sent, question }: QueryMessage, octets: Buffer, read: Read): ReadName | null {
  if (octets.readUInt16BE(4) !== 1) return null;
  const { name, end } = read(HEADER);
  const lower = name.toLowerCase();
  if (end + 4 > octets.length || lower !== nameReader(sent)(HEADER).name.toLowerCase()) return null;
  const [type, network] = [octets.readUInt16BE(end), octets.readUInt16BE(end + 2)];
  return type === TYPE_NUMBERS[question.type] && network === IN ? { name: lower, end: end + 4 } : null;
}

interface Section {
  readonly records: readonly DnsRecord[];
  readonly end: number;
  /** Of the OPT record; null if there is none. */
  readonly extendedRcode: number | null;
}

function readSection(octets: Buffer, read: Read, start: number, count: number): Section {
  const records: DnsRecord[] = [];
  let at = start;
  let extendedRcode: number | null = null;
  for (let left = count; left > 0; left--) {
    const owner = read(at);
    const data = owner.end + 10;
    const end = data + octets.readUInt16BE(owner.end + 8);
    if (end > octets.length) throw new RangeError('a record is longer than its message');
    const type = octets.readUInt16BE(owner.end);
    if (type === OPT) extendedRcode = octets.readUInt8(owner.end + 4);
    else if (records.length < MOST_RECORDS) records.push(...readRecord(octets, read, { owner, data, end }));
    at = end;
  }
  return { records, end: at, extendedRcode };
}

interface Span {
  readonly owner: ReadName;
  /** Where the data begins. */
  readonly data: number;
  readonly end: number;
}

/** Nothing for a type that is not read. */
function readRecord(octets: Buffer, read: Read, { owner, data, end }: Span): readonly DnsRecord[] {
  const type = TYPE_NAMES.get(octets.readUInt16BE(owner.end));
  if (type === undefined || octets.readUInt16BE(owner.end + 2) !== IN) return [];
  const nameAt = (offset: number) => {
    const found = read(data + offset);
    if (found.end > end) throw new RangeError('a name is longer than its record');
    return { name: found.name, end: found.end - data };
  };
  const value = DECODERS[type]({ octets: octets.subarray(data, end), nameAt });
  return [{ name: owner.name.toLowerCase(), type, ttl: ttlOf(octets, owner.end + 4), data: value } as DnsRecord];
}

/** RFC 2181 8: the highest bit is not used. */
function ttlOf(octets: Buffer, at: number): number {
  const ttl = octets.readUInt32BE(at);
  return ttl > 0x7fffffff ? 0 : ttl;
}
