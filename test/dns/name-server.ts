/** A name server on loopback with fixed answers, over UDP and TCP. */

import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';
import type { DnsServer } from '../../lambda/dns/transport/dns-server.ts';
import { answerTo, delayOf, queryText, recordsAsked, truncated, type Zone } from './zone-answers.ts';

export type { Records, Zone } from './zone-answers.ts';

export interface NameServer {
  /** `127.0.0.1:53535`. */
  readonly address: string;
  readonly plain: DnsServer;
  readonly resolver: Resolver;
  /** The queries that arrived: `A mx1.example.com`. */
  readonly queries: readonly string[];
  /** The octets of each query over UDP, and the port that it came from. */
  readonly datagrams: readonly { readonly octets: Buffer; readonly port: number }[];
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

/** What a client waits for in vain. */
const UNANSWERED = /"(?:silence|other-question|other-id|other-port|no-question|truncated)"/;

/** Whether a client of this zone waits until its limit. Another one may wait for long: on a busy machine answers take their time. */
export function isUnanswered(zone: Zone): boolean {
  return UNANSWERED.test(JSON.stringify(zone));
}

export async function serveNames(zone: Zone, options: number | NameServerOptions = {}): Promise<NameServer> {
  const { timeout = isUnanswered(zone) ? 1_000 : 20_000, authenticated = false } =
    typeof options === 'number' ? { timeout: options } : options;
  const socket = createSocket('udp4');
  const elsewhere = createSocket('udp4');
  const queries: string[] = [];
  const datagrams: { octets: Buffer; port: number }[] = [];
  const later = new Set<NodeJS.Timeout>();
  socket.on('message', (query, from) => {
    queries.push(queryText(query));
    datagrams.push({ octets: query, port: from.port });
    const whole = answerTo(query, zone, authenticated);
    if (whole === null) return;
    const answer = whole.length > UDP_OCTETS ? truncated(query) : whole;
    const sender = recordsAsked(query, zone) === 'other-port' ? elsewhere : socket;
    later.add(setTimeout(() => sender.send(answer, from.port, from.address), delayOf(query, zone)));
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const streams = await serveStreams(portOf(socket), (query) =>
    recordsAsked(query, zone) === 'truncated' ? null : answerTo(query, zone, authenticated),
  );
  if (streams === null) {
    // Another process has the port for TCP.
    socket.close();
    elsewhere.close();
    return serveNames(zone, options);
  }
  const address = `127.0.0.1:${portOf(socket)}`;
  const resolver = new Resolver({ timeout, tries: 1 });
  resolver.setServers([address]);
  const close = () => {
    for (const timer of later) clearTimeout(timer);
    socket.close();
    elsewhere.close();
    streams.close();
  };
  const plain = { kind: 'plain', text: address, address: '127.0.0.1', port: portOf(socket) } as const;
  return { address, plain, resolver, queries, datagrams, close };
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

function portOf(socket: Socket): number {
  return socket.address().port;
}
