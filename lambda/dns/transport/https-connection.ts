/** A connection to a resolver with DNS over HTTPS: RFC 8484, over HTTP/2 (5.2). No redirect is followed; octets and time are bounded. */

import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { type ReadAnswer, readAnswer } from '../messages/answer-message.ts';
import type { QueryMessage } from '../messages/query-message.ts';
import { dnsError } from './dns-error.ts';
import type { DnsServer } from './dns-server.ts';
import type { MessageStream } from './message-stream.ts';

/** RFC 8484 6. */
const MOST_OCTETS = 65_535;
const MEDIA_TYPE = 'application/dns-message';

/** @param ca PEM of the authorities to trust instead of those of Node */
export function openHttpsConnection(
  server: Extract<DnsServer, { kind: 'https' }>,
  ca: string | undefined,
): MessageStream {
  const url = new URL(server.url);
  const session = connect(url.origin, { settings: { enablePush: false }, ...(ca === undefined ? {} : { ca }) });
  let failure = 'the connection was closed';
  session.on('error', (error: Error) => {
    failure = error.message;
  });
  // A connection on which nothing is asked does not keep the process alive.
  session.unref();
  const isOpen = () => !session.closed && !session.destroyed;
  const ask = (query: QueryMessage, within: number) => askOver(session, url.pathname, query, within, () => failure);
  // Each query has a stream, so that many may have one ID: RFC 8484 4.1 asks for 0.
  return { isOpen, isTaken: () => false, ask, close: () => session.destroy() };
}

function askOver(
  session: ClientHttp2Session,
  path: string,
  query: QueryMessage,
  within: number,
  failure: () => string,
): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    if (session.closed || session.destroyed) return reject(dnsError('ECONNREFUSED', failure()));
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': MEDIA_TYPE,
      accept: MEDIA_TYPE,
      'content-length': query.octets.length,
    });
    const timer = setTimeout(() => {
      reject(dnsError('ETIMEOUT'));
      stream.close(constants.NGHTTP2_CANCEL);
    }, within);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    readBody(stream).then(
      (octets) => settle(() => resolve(readAnswer(query, octets))),
      (error: unknown) => {
        const isOurs = error instanceof Error && 'reason' in error;
        settle(() => reject(isOurs ? error : dnsError('ECONNREFUSED', failure())));
      },
    );
    stream.end(query.octets);
  });
}

async function readBody(stream: ClientHttp2Stream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let octets = 0;
  let problem: string | null = 'no answer';
  stream.on('response', (headers) => {
    problem = faultOf(headers[':status'] ?? 0, headers['content-type'] ?? '');
  });
  for await (const part of stream as AsyncIterable<Buffer>) {
    octets += part.length;
    if (problem !== null || octets > MOST_OCTETS) break;
    parts.push(part);
  }
  if (octets > MOST_OCTETS) problem = `an answer of more than ${MOST_OCTETS} octets`;
  if (problem !== null) throw dnsError('EBADRESP', problem);
  return Buffer.concat(parts);
}

function faultOf(status: number, contentType: string): string | null {
  if (status !== 200) return `HTTP status ${status}`;
  return contentType.split(';')[0]?.trim() === MEDIA_TYPE ? null : `an answer of type '${contentType}'`;
}
