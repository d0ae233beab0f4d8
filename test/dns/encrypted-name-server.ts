/** A resolver on loopback with DNS over TLS or DNS over HTTPS, and a certificate of the tests. */

import { createSecureServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { type DnsServer, parseDnsServer } from '../../lambda/dns/transport/dns-server.ts';
import { makeCertificate, type ServerCertificate } from '../../local/demo/certificate.ts';
import { answerTo, queryText, type Zone } from './zone-answers.ts';

export interface EncryptedNameServer {
  readonly server: DnsServer;
  readonly ca: string;
  readonly queries: readonly string[];
  /** Connections that were made. */
  connections(): number;
  /** Ends the connections, as after an idle time. */
  disconnect(): void;
  close(): void;
}

export interface EncryptedOptions {
  /** The name in the certificate. */
  readonly name?: string;
  readonly certificate?: ServerCertificate;
  readonly authenticated?: boolean;
}

/** The authority of another one is of no use to it: each has its own. */
export async function serveOverTls(zone: Zone, options: EncryptedOptions = {}): Promise<EncryptedNameServer> {
  const { name = 'dns.example.com', authenticated = false } = options;
  const certificate = options.certificate ?? (await makeCertificate([name]));
  const queries: string[] = [];
  const server = createServer({ key: certificate.key, cert: certificate.cert, ALPNProtocols: ['dot'] }, (socket) => {
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (part: Buffer) => {
      pending = Buffer.concat([pending, part]);
      while (pending.length >= 2 && pending.length >= pending.readUInt16BE(0) + 2) {
        const query = pending.subarray(2, pending.readUInt16BE(0) + 2);
        pending = pending.subarray(query.length + 2);
        queries.push(queryText(query));
        const answer = answerTo(query, zone, authenticated);
        if (answer !== null)
          socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
      }
    });
  });
  const { port, ...rest } = await listening(server);
  return { ...rest, server: parsed(`tls://127.0.0.1:${port}#${name}`), ca: certificate.ca, queries };
}

export type Respond = (stream: ServerHttp2Stream, query: Buffer) => void;

/** @param respond instead of the answer of the zone */
export async function serveOverHttps(
  zone: Zone,
  options: EncryptedOptions & { readonly respond?: Respond } = {},
): Promise<EncryptedNameServer> {
  const { name = 'localhost', authenticated = false, respond } = options;
  const certificate = options.certificate ?? (await makeCertificate([name]));
  const queries: string[] = [];
  const server = createSecureServer({ key: certificate.key, cert: certificate.cert });
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    const parts: Buffer[] = [];
    for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
    const query = Buffer.concat(parts);
    queries.push(`${headers[':method']} ${headers[':path']} ${headers['content-type']} ${queryText(query)}`);
    if (respond !== undefined) return respond(stream, query);
    const answer = answerTo(query, zone, authenticated);
    if (answer !== null) {
      stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
      stream.end(answer);
    }
  });
  const { port, ...rest } = await listening(server);
  return { ...rest, server: parsed(`https://${name}:${port}/dns-query`), ca: certificate.ca, queries };
}

async function listening(server: Server | Http2Server) {
  const sockets = new Set<{ destroy(): void }>();
  let made = 0;
  server.on('secureConnection', (socket) => {
    made++;
    sockets.add(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const close = () => {
    disconnect();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, connections: () => made, disconnect, close };
}

function parsed(text: string): DnsServer {
  const server = parseDnsServer(text);
  if (server.kind === 'fault') throw new Error(server.message);
  return server;
}
