/** Asks resolvers in turn, and says whether the answer is authenticated by DNSSEC. */

import { askInTurn, type ServerTiming } from '../ask-name-servers-in-turn.ts';
import type { AnswerMessage, DnsRecord } from '../messages/answer-message.ts';
import type { DnsQuestion } from '../messages/query-message.ts';
import { dnsError, rcodeError } from '../transport/dns-error.ts';
import { type DnsServer, isOnLoopback, provenName } from '../transport/dns-server.ts';
import type { DnsTransport } from '../transport/dns-transport.ts';

export interface ResolverReply {
  /** Its response code is NOERROR or NXDOMAIN. */
  readonly message: AnswerMessage;
  /** The records are validated, and the path to the resolver is trusted. */
  readonly authenticated: boolean;
}

/** @throws Error with a code of c-ares */
export type AskResolvers = (question: DnsQuestion) => Promise<ResolverReply>;

const NXDOMAIN = 3;

export function askResolvers(
  servers: readonly DnsServer[],
  transport: DnsTransport,
  timing: ServerTiming,
): AskResolvers {
  const askOne = async (server: DnsServer, question: DnsQuestion) => {
    const message = await transport.ask(server, question, timing.retry);
    const code = rcodeError(message.rcode);
    // NXDOMAIN is an answer of the domain. Other codes are those of one resolver, and the next one may have an answer.
    if (code !== null && message.rcode !== NXDOMAIN) throw dnsError(code);
    return { server, message };
  };
  return async (question) => {
    const { server, message } = await askInTurn(servers, (one) => askOne(one, question), timing);
    if (!message.validated) return { message, authenticated: false };
    if (isOnLoopback(server)) return { message, authenticated: true };
    const others = servers.filter((other) => areIndependent(server, other));
    if (others.length === 0) return { message, authenticated: false };
    const second = askInTurn(others, (one) => askOne(one, question), timing);
    return {
      message,
      authenticated: await second.then(
        (other) => agree(message, other.message),
        () => false,
      ),
    };
  };
}

/** Two names that certificates prove. Nobody can answer in place of both. */
function areIndependent(one: DnsServer, other: DnsServer): boolean {
  const [a, b] = [provenName(one), provenName(other)];
  return a !== null && b !== null && a !== b;
}

/** The same response code and records, both validated. */
function agree(one: AnswerMessage, other: AnswerMessage): boolean {
  return other.validated && one.rcode === other.rcode && recordsText(one) === recordsText(other);
}

/** Without TTLs, which differ by the age of a cache, and without signatures, of which a zone may have several. */
function recordsText({ answers }: AnswerMessage): string {
  const texts = answers.flatMap(({ name, type, data }: DnsRecord) =>
    type === 'RRSIG' ? [] : [`${name} ${type} ${JSON.stringify(data)}`],
  );
  return texts.sort().join('\n');
}

/**
 * The servers that can authenticate an answer: those on loopback; otherwise those with DNS over TLS or HTTPS, if there are two
 * independent ones. None: DNSSEC is not judged.
 */
export function trustedServers(servers: readonly DnsServer[]): readonly DnsServer[] {
  const local = servers.filter(isOnLoopback);
  if (local.length > 0) return local;
  return servers.filter((server) => servers.some((other) => areIndependent(server, other)));
}
