/** A connection to a resolver with DNS over TLS: RFC 7858. It is kept for the queries of a run. */

import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import type { DnsServer } from './dns-server.ts';
import { type MessageStream, messageStream } from './message-stream.ts';

/** @param ca PEM of the authorities to trust instead of those of Node */
export function openTlsConnection(server: Extract<DnsServer, { kind: 'tls' }>, ca: string | undefined): MessageStream {
  const { host, port, serverName } = server;
  const socket = connect({
    host,
    port,
    // SNI is for names only (RFC 6066 3).
    servername: isIP(serverName) === 0 ? serverName : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
    ALPNProtocols: ['dot'],
    ...(ca === undefined ? {} : { ca }),
  });
  // A connection on which nothing is asked does not keep the process alive.
  socket.unref();
  return messageStream(socket);
}
