/** A name server on loopback with fixed answers, over UDP and TCP: a subset of RFC 1035. */

import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';

/**
 * What a name server does instead of an answer. `silence`: nothing. `other-question`: the answer is about another name. `other-id`:
 * the answer has another ID. `truncated`: asks for TCP, and ends each connection. `garbage`: octets after the header that are no records.
 */
export type Misbehaviour =
  | 'silence'
  | 'servfail'
  | 'refused'
  | 'notimp'
  | 'nxdomain'
  | 'other-question'
  | 'other-id'
  | 'garbage'
  | 'truncated';

/** The records of a name. A name without an entry is answered with NXDOMAIN. */
export type Records = {
  readonly A?: readonly string[] | Misbehaviour | Late;
  readonly AAAA?: readonly string[] | Misbehaviour | Late;
  readonly CNAME?: string;
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

const TYPES = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 } as const;
type Type = keyof typeof TYPES;

export interface NameServer {
  /** `127.0.0.1:53535`. */
  readonly address: string;
  readonly resolver: Resolver;
  /** The queries that arrived: `A mx1.example.com`. */
  readonly queries: readonly string[];
  close(): void;
}

/** The largest answer over UDP. A larger one is truncated, and asked again over TCP. */
const UDP_OCTETS = 1_232;

export interface NameServerOptions {
  /** Milliseconds for which the resolver waits for an answer. */
  readonly timeout?: number;
  /** The AD bit of all answers. */
  readonly authenticated?: boolean;
}

export async function serveNames(zone: Zone, options: number | NameServerOptions = {}): Promise<NameServer> {
  const { timeout = 300, authenticated = false } = typeof options === 'number' ? { timeout: options } : options;
  const socket = createSocket('udp4');
  const queries: string[] = [];
  const later = new Set<NodeJS.Timeout>();
  socket.on('message', (query, from) => {
    queries.push(queryText(query));
    const whole = answerTo(query, zone, authenticated);
    if (whole === null) return;
    const answer = whole.length > UDP_OCTETS ? truncated(query) : whole;
    later.add(setTimeout(() => socket.send(answer, from.port, from.address), delayOf(query, zone)));
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const streams = await serveStreams(portOf(socket), (query) =>
    recordsAsked(query, zone) === 'truncated' ? null : answerTo(query, zone, authenticated),
  );
  if (streams === null) {
    // Another process has the port for TCP.
    socket.close();
    return serveNames(zone, options);
  }
  const address = `127.0.0.1:${portOf(socket)}`;
  const resolver = new Resolver({ timeout, tries: 1 });
  resolver.setServers([address]);
  const close = () => {
    for (const timer of later) clearTimeout(timer);
    socket.close();
    streams.close();
  };
  return { address, resolver, queries, close };
}

/** The same over TCP: each message has its length before it (RFC 1035 4.2.2). Null if the port is taken. */
async function serveStreams(port: number, answerOf: (query: Buffer) => Buffer | null): Promise<Server | null> {
  const server = createServer((socket: TcpSocket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const answer = answerOf(data.subarray(2));
      if (answer === null) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.end(Buffer.concat([length, answer]));
    });
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** The header and the question, with the TC bit. */
function truncated(query: Buffer): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8380, 2);
  header.fill(0, 6);
  return Buffer.concat([header, query.subarray(12, questionOf(query).end)]);
}

function queryText(query: Buffer): string {
  const { name, type } = questionOf(query);
  return `${typeName(type)} ${name}`;
}

function typeName(type: number): Type | undefined {
  return (Object.keys(TYPES) as Type[]).find((key) => TYPES[key] === type);
}

function delayOf(query: Buffer, zone: Zone): number {
  const asked = recordsAsked(query, zone);
  return typeof asked === 'object' && 'after' in asked ? asked.after : 0;
}

function recordsAsked(query: Buffer, zone: Zone): Records[Type] | Misbehaviour {
  const { name, type } = questionOf(query);
  const entry = zone[name];
  const kind = typeName(type);
  return typeof entry === 'string' ? entry : kind === undefined ? undefined : entry?.[kind];
}

function portOf(socket: Socket): number {
  return socket.address().port;
}

const TRUNCATED = 0x0200;
const CODES = {
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
  'other-question': 0,
  'other-id': 0,
  garbage: 0,
} as const;

function answerTo(query: Buffer, zone: Zone, authenticated: boolean): Buffer | null {
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
    case 'PTR':
      return encodeName(value);
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

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}
