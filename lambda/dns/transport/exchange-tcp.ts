/** Sends a query over a TCP connection of its own: RFC 7766. */

import { connect } from 'node:net';
import type { ReadAnswer } from '../messages/answer-message.ts';
import type { QueryMessage } from '../messages/query-message.ts';
import type { DnsEndpoint } from './exchange-udp.ts';
import { messageStream } from './message-stream.ts';

/** @throws Error with a code of c-ares */
export async function exchangeTcp(
  query: QueryMessage,
  { host, port }: DnsEndpoint,
  within: number,
): Promise<ReadAnswer> {
  const stream = messageStream(connect({ host, port }));
  try {
    return await stream.ask(query, within);
  } finally {
    stream.close();
  }
}
