/** Sends a query for TLSA records to one name server: UDP, and TCP if the answer is truncated (RFC 7766). */

import { createSocket } from 'node:dgram';
import { connect, isIP, isIPv6 } from 'node:net';
import { readTlsaAnswer, type TlsaRecord, tlsaQuery } from './tlsa-answer.ts';

/** @throws Error with the code of c-ares, as the methods of node:dns do */
export async function queryTlsa(server: string, name: string, within: number): Promise<readonly TlsaRecord[]> {
  const query = tlsaQuery(name);
  const { host, port } = serverEndpoint(server);
  const first = await exchangeUdp(query, host, port, within);
  const answer = readTlsaAnswer(query, first);
  if (answer.kind === 'records') return answer.records;
  if (answer.kind !== 'truncated') throw dnsError(answer.kind === 'error' ? answer.code : 'EBADRESP');
  const whole = readTlsaAnswer(query, await exchangeTcp(query, host, port, within));
  if (whole.kind === 'records') return whole.records;
  throw dnsError(whole.kind === 'error' ? whole.code : 'EBADRESP');
}

/** `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1`, `[2001:db8::1]:53`. */
function serverEndpoint(server: string): { readonly host: string; readonly port: number } {
  const [, host = server, port = '53'] = isIP(server) ? [] : (/^\[?(.*?)\]?:(\d+)$/.exec(server) ?? []);
  return { host, port: Number(port) };
}

function dnsError(code: string): Error {
  return Object.assign(new Error(`queryTlsa ${code}`), { code });
}

/** The first datagram that answers the query. Others, such as guesses of a third party, are ignored. */
function exchangeUdp(query: Buffer, host: string, port: number, within: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const end = (settle: () => void) => {
      clearTimeout(timer);
      clearTimeout(again);
      socket.close();
      settle();
    };
    const send = () => socket.send(query);
    const timer = setTimeout(() => end(() => reject(dnsError('ETIMEOUT'))), within);
    // UDP may lose one packet.
    const again = setTimeout(send, within / 2);
    socket.on('error', () => end(() => reject(dnsError('ECONNREFUSED'))));
    socket.on('message', (message) => {
      if (readTlsaAnswer(query, message).kind !== 'foreign') end(() => resolve(message));
    });
    // A connected socket takes datagrams of this server alone.
    socket.connect(port, host, send);
  });
}

function exchangeTcp(query: Buffer, host: string, port: number, within: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const parts: Buffer[] = [];
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(dnsError('ETIMEOUT'))), within);
    socket.on('error', () => end(() => reject(dnsError('ECONNREFUSED'))));
    socket.on('close', () => end(() => reject(dnsError('EBADRESP'))));
    socket.on('data', (part) => {
      parts.push(part);
      const whole = Buffer.concat(parts);
      const length = whole.length < 2 ? Number.POSITIVE_INFINITY : whole.readUInt16BE(0) + 2;
      if (whole.length >= length) end(() => resolve(whole.subarray(2, length)));
    });
    const prefix = Buffer.alloc(2);
    prefix.writeUInt16BE(query.length);
    socket.write(Buffer.concat([prefix, query]));
  });
}
