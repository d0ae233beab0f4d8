/** Sends a query over UDP: RFC 1035 4.2.1. */

import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type ReadAnswer, readAnswer } from '../messages/answer-message.ts';
import type { QueryMessage } from '../messages/query-message.ts';
import { dnsError } from './dns-error.ts';

export interface DnsEndpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * The first datagram that answers the query. Others, such as guesses of a third party, are ignored. Each query has a socket, so that
 * the system chooses a random port for it (RFC 5452 9.2).
 * @throws Error with a code of c-ares
 */
export function exchangeUdp(query: QueryMessage, { host, port }: DnsEndpoint, within: number): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      clearTimeout(again);
      socket.close();
      settle();
    };
    const refuse = () => end(() => reject(dnsError('ECONNREFUSED')));
    const send = () => socket.send(query.octets, (error) => error !== null && refuse());
    const timer = setTimeout(() => end(() => reject(dnsError('ETIMEOUT'))), within);
    // UDP may lose one packet.
    const again = setTimeout(send, within / 2);
    socket.on('error', refuse);
    socket.on('message', (octets) => {
      const answer = readAnswer(query, octets);
      if (answer.kind !== 'foreign') end(() => resolve(answer));
    });
    // A connected socket takes datagrams of this server alone. Without a route the function is called with an error.
    const connected: (error?: Error) => void = (error) => (error === undefined ? send() : refuse());
    socket.connect(port, host, connected);
  });
}
