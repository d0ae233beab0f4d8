/** Sends a question to one server, by the protocol of the server. */

import type { AnswerMessage, ReadAnswer } from '../messages/answer-message.ts';
import { type DnsQuestion, type QueryMessage, queryMessage, randomId } from '../messages/query-message.ts';
import { dnsError } from './dns-error.ts';
import type { DnsServer } from './dns-server.ts';
import { exchangeTcp } from './exchange-tcp.ts';
import { exchangeUdp } from './exchange-udp.ts';
import { openHttpsConnection } from './https-connection.ts';
import type { MessageStream } from './message-stream.ts';
import { openTlsConnection } from './tls-connection.ts';

export interface DnsTransport {
  /**
   * The answer, with any response code.
   * @throws Error with a code of c-ares
   */
  ask(server: DnsServer, question: DnsQuestion, within: number): Promise<AnswerMessage>;
  /** Closes the connections that are kept. */
  close(): void;
}

/** @param ca PEM of the authorities to trust instead of those of Node, for DNS over TLS and HTTPS */
export function dnsTransport(ca?: string): DnsTransport {
  const connections = new Map<string, MessageStream>();
  const connectionTo = (server: Encrypted) => {
    const known = connections.get(server.text);
    if (known?.isOpen()) return { stream: known, isKept: true };
    const stream = server.kind === 'tls' ? openTlsConnection(server, ca) : openHttpsConnection(server, ca);
    connections.set(server.text, stream);
    return { stream, isKept: false };
  };
  const askEncrypted = async (server: Encrypted, question: DnsQuestion, until: number): Promise<ReadAnswer> => {
    const { stream, isKept } = connectionTo(server);
    const query = queryMessage(question, server.kind === 'https' ? 0 : freeId(stream));
    try {
      return await stream.ask(query, until - performance.now());
    } catch (error) {
      // A server may close a connection on which nothing was asked for some time (RFC 7766 6.2.3).
      if (!isKept || stream.isOpen()) throw error;
      return askEncrypted(server, question, until);
    }
  };
  return {
    ask: async (server, question, within) => {
      const until = performance.now() + within;
      return server.kind === 'plain'
        ? askPlain(server, question, until)
        : wholeAnswer(await askEncrypted(server, question, until));
    },
    close: () => {
      for (const stream of connections.values()) stream.close();
    },
  };
}

type Encrypted = Exclude<DnsServer, { kind: 'plain' }>;

function freeId(stream: MessageStream): number {
  let id = randomId();
  while (stream.isTaken(id)) id = randomId();
  return id;
}

async function askPlain(server: Extract<DnsServer, { kind: 'plain' }>, question: DnsQuestion, until: number) {
  const answer = await askUdpThenTcp(queryMessage(question), server, until);
  const FORMERR = 1;
  // A server that does not know EDNS (RFC 6891 7).
  if (answer.rcode !== FORMERR || answer.edns) return answer;
  return askUdpThenTcp(queryMessage(question, randomId(), false), server, until);
}

async function askUdpThenTcp(
  query: QueryMessage,
  { address: host, port }: Extract<DnsServer, { kind: 'plain' }>,
  until: number,
): Promise<AnswerMessage> {
  const first = await exchangeUdp(query, { host, port }, until - performance.now());
  if (first.kind !== 'truncated') return wholeAnswer(first);
  return wholeAnswer(await exchangeTcp(query, { host, port }, until - performance.now()));
}

function wholeAnswer(answer: ReadAnswer): AnswerMessage {
  switch (answer.kind) {
    case 'answer':
      return answer;
    case 'truncated':
      throw dnsError('EBADRESP', 'the answer is truncated over TCP');
    case 'foreign':
      throw dnsError('EBADRESP', 'the answer is to another question');
    case 'damaged':
      throw dnsError('EBADRESP', 'the answer is damaged');
    default:
      return answer satisfies never;
  }
}
