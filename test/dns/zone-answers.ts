/** The answers of a name server with fixed records: a subset of RFC 1035. */

/**
 * What a name server does instead of an answer. `silence`: nothing. `other-question`: the answer is about another name. `other-id`:
 * the answer has another ID. `other-port`: the answer comes from another port. `truncated`: asks for TCP, and ends each connection.
 * `garbage`: octets after the header that are no records. `no-edns`: FORMERR for a query with EDNS. `endless`: a chain of 1,000 aliases.
 * `no-question`: the answer has no question.
 */
export type Misbehaviour =
  | 'silence'
  | 'servfail'
  | 'refused'
  | 'notimp'
  | 'nxdomain'
  | 'other-question'
  | 'other-id'
  | 'other-port'
  | 'no-question'
  | 'no-edns'
  | 'endless'
  | 'garbage'
  | 'truncated';

/** The records of a name. A name without an entry is answered with NXDOMAIN. */
export type Records = {
  readonly A?: readonly string[] | Misbehaviour | Late;
  readonly AAAA?: readonly string[] | Misbehaviour | Late;
  readonly CNAME?: string;
  readonly NS?: readonly string[] | Misbehaviour;
  /** `ns1.example.com ops.example.com 1 7200 3600 1209600 3600`. */
  readonly SOA?: readonly string[] | Misbehaviour;
  /** `257 3 13 <base64>`. */
  readonly DNSKEY?: readonly string[] | Misbehaviour;
  /** `10 mx1.example.com`. */
  readonly MX?: readonly string[] | Misbehaviour;
  /** A character is an octet. Strings of 255 octets are made of it. */
  readonly TXT?: readonly string[] | Misbehaviour;
  readonly PTR?: readonly string[] | Misbehaviour;
  /** `3 1 1 8cb0…`. */
  readonly TLSA?: readonly string[] | Misbehaviour;
};
export type Zone = Readonly<Record<string, Records | Misbehaviour>>;

/** Records that are sent after some milliseconds. */
export interface Late {
  readonly after: number;
  readonly records: readonly string[];
}

const TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, DNSKEY: 48, TLSA: 52 } as const;
type Type = keyof typeof TYPES;

/** The header and the question, with the TC bit. */
export function truncated(query: Buffer): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8380, 2);
  header.fill(0, 6);
  return Buffer.concat([header, query.subarray(12, questionOf(query).end)]);
}

export function queryText(query: Buffer): string {
  const { name, type } = questionOf(query);
  return `${typeName(type)} ${name}`;
}

function typeName(type: number): Type | undefined {
  return (Object.keys(TYPES) as Type[]).find((key) => TYPES[key] === type);
}

export function delayOf(query: Buffer, zone: Zone): number {
  const asked = recordsAsked(query, zone);
  return typeof asked === 'object' && 'after' in asked ? asked.after : 0;
}

export function recordsAsked(query: Buffer, zone: Zone): Records[Type] | Misbehaviour {
  const { name, type } = questionOf(query);
  const entry = zone[name];
  const kind = typeName(type);
  return typeof entry === 'string' ? entry : kind === undefined ? undefined : entry?.[kind];
}

const TRUNCATED = 0x0200;
const FORMERR = 1;
const CODES = {
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
} as const;

export function answerTo(query: Buffer, zone: Zone, authenticated: boolean): Buffer | null {
  const { name, type, end } = questionOf(query);
  const asked = recordsAsked(query, zone);
  if (asked === 'silence') return null;
  const question = query.subarray(12, end);
  const reply = (code: number, answers: readonly Buffer[], flags = 0x8180) => {
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(flags | (authenticated ? 0x20 : 0) | code, 2);
    header.writeUInt16BE(answers.length, 6);
    header.fill(0, 8);
    return Buffer.concat([header, question, ...answers]);
  };
  if (zone[name] === undefined) return reply(CODES.nxdomain, []);
  if (asked === 'other-id' || asked === 'other-question')
    return lie(asked, reply(0, [record(name, type, encodeName(name))]));
  if (asked === 'no-question') return withoutQuestion(reply(CODES.servfail, []), end);
  if (asked === 'no-edns') return query.readUInt16BE(10) > 0 ? reply(FORMERR, []) : reply(0, [addressRecord(name)]);
  if (asked === 'other-port') return reply(0, [addressRecord(name)]);
  if (asked === 'endless') return reply(0, endlessAliases(name));
  if (asked === 'garbage') return reply(0, [Buffer.from('c0ffc0ffffffffffff', 'hex')]);
  if (asked === 'truncated') return reply(0, [], 0x8180 | TRUNCATED);
  if (typeof asked === 'string' && asked in CODES) return reply(CODES[asked as keyof typeof CODES], []);
  return reply(0, answersFor(name, type, zone));
}

function lie(kind: 'other-id' | 'other-question', answer: Buffer): Buffer {
  const at = kind === 'other-id' ? 1 : 13;
  answer[at] = (answer[at] ?? 0) ^ 1;
  return answer;
}

function addressRecord(name: string): Buffer {
  return record(name, TYPES.A, encode('A', '192.0.2.1'));
}

function withoutQuestion(answer: Buffer, end: number): Buffer {
  answer.writeUInt16BE(0, 4);
  return Buffer.concat([answer.subarray(0, 12), answer.subarray(end)]);
}

function endlessAliases(name: string): readonly Buffer[] {
  return Array.from({ length: 1_000 }, (_, nth) =>
    record(nth === 0 ? name : `a${nth}.example.net`, TYPES.CNAME, encodeName(`a${nth + 1}.example.net`)),
  );
}

/** Answers an alias with the records of its target, as recursive resolvers do. */
function answersFor(name: string, type: number, zone: Zone, depth = 0): readonly Buffer[] {
  const entry = zone[name];
  if (depth > 8 || entry === undefined || typeof entry === 'string') return [];
  if (entry.CNAME !== undefined && type !== TYPES.CNAME) {
    return [record(name, TYPES.CNAME, encodeName(entry.CNAME)), ...answersFor(entry.CNAME, type, zone, depth + 1)];
  }
  const kind = typeName(type);
  const values = kind === undefined ? [] : valuesOf(entry[kind]);
  return values.map((value) => record(name, type, encode(kind as Type, value)));
}

function valuesOf(records: Records[Type]): readonly string[] {
  return [typeof records === 'object' && 'after' in records ? records.records : (records ?? [])].flat();
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function encode(kind: Type, value: string): Buffer {
  switch (kind) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'AAAA':
      return addressBytes(value);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return encodeName(value);
    case 'SOA': {
      const [primary = '', contact = '', ...numbers] = value.split(' ');
      const fixed = Buffer.alloc(20);
      for (const [nth, number] of numbers.entries()) fixed.writeUInt32BE(Number(number), 4 * nth);
      return Buffer.concat([encodeName(primary), encodeName(contact), fixed]);
    }
    case 'DNSKEY': {
      const [flags, protocol, algorithm, key = ''] = value.split(' ');
      const head = [Number(flags) >> 8, Number(flags) & 0xff, Number(protocol), Number(algorithm)];
      return Buffer.concat([Buffer.from(head), Buffer.from(key, 'base64')]);
    }
    case 'TXT': {
      const strings = value.match(/.{1,255}/gs) ?? [''];
      return Buffer.concat(
        strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])),
      );
    }
    case 'TLSA': {
      const [usage = '3', selector = '1', matching = '1', data = ''] = value.split(' ');
      return Buffer.concat([Buffer.from([usage, selector, matching].map(Number)), Buffer.from(data, 'hex')]);
    }
    case 'MX': {
      const [preference = '0', exchange = ''] = value.split(' ');
      return Buffer.concat([Buffer.from([Number(preference) >> 8, Number(preference) & 0xff]), encodeName(exchange)]);
    }
    default:
      throw new TypeError(kind satisfies never);
  }
}

function addressBytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array(8 - before.length - after.length).fill(0), ...after] as number[];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

export function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}
