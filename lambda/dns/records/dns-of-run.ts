/** DNS for one run of posture checks: lookups, questions about signatures, and questions to the servers of a zone. */

import { askInTurn, type ServerTiming } from '../ask-name-servers-in-turn.ts';
import type { DnsFailure } from '../dns-failure.ts';
import type { AnswerMessage } from '../messages/answer-message.ts';
import type { DataType } from '../messages/record-data.ts';
import type { DnsServer } from '../transport/dns-server.ts';
import { dnsTransport } from '../transport/dns-transport.ts';
import { type AskResolvers, askResolvers, trustedServers } from './ask-resolvers.ts';
import { cachedLookup } from './cached-lookup-with-limits.ts';
import { LOOKUP_BOUNDS, type LookupBounds, type QueryBudget, queryBudget } from './query-budget.ts';
import { canBeSent, type RecordLookup } from './records.ts';

export type ServerAnswer = AnswerMessage | { readonly kind: 'failed'; readonly failure: DnsFailure };

/** Asks the server of a zone at an address, without recursion. Never rejects. */
export type AskServer = (address: string, type: DataType, name: string) => Promise<ServerAnswer>;

export type SignedAnswer =
  | { readonly kind: 'answer'; readonly message: AnswerMessage; readonly authenticated: boolean }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

/**
 * Asks a validating resolver on a trusted path for records with their signatures. `unchecked`: also for those whose signatures are wrong.
 * Never rejects.
 */
export type AskValidator = (type: DataType, name: string, unchecked: boolean) => Promise<SignedAnswer>;

/** Why DNSSEC is not judged. */
export type NoValidator =
  /** No resolver on loopback, and no two independent ones with DNS over TLS or HTTPS. */
  | 'no-trusted-path'
  /** The trusted resolver does not validate, or two of them do not agree. */
  | 'not-validating'
  /** The trusted resolver does not answer for the root. */
  | 'no-answer';

export interface RunDns {
  readonly lookup: RecordLookup;
  /** Never through DNS over HTTPS: lists refuse the addresses of public resolvers. */
  readonly listLookup: RecordLookup;
  readonly askServer: AskServer;
  /** Asks for the keys of the root once, to see whether the resolver validates. */
  validator(): Promise<AskValidator | NoValidator>;
  /** Queries of the run. */
  queries(): number;
  close(): void;
}

export interface RunDnsOptions {
  readonly timing: ServerTiming;
  readonly bounds?: LookupBounds;
  /** Servers of the machine, for lists if all others have DNS over HTTPS. */
  readonly systemServers: readonly DnsServer[];
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Of the servers of zones. */
  readonly port?: number;
}

export function dnsOfRun(servers: readonly DnsServer[], options: RunDnsOptions): RunDns {
  const { timing, systemServers, ca, port = 53, bounds = LOOKUP_BOUNDS } = options;
  const transport = dnsTransport(ca);
  const budget = queryBudget(bounds);
  const trusted = trustedServers(servers);
  // Servers that can authenticate answers are asked first.
  const inOrder = [...trusted, ...servers.filter((server) => !trusted.includes(server))];
  const asking = (some: readonly DnsServer[]) => askResolvers(some, transport, timing);
  const lookup = cachedLookup(asking(inOrder), budget);
  const isSame = inOrder.every(({ kind }) => kind !== 'https');
  const listLookup = isSame ? lookup : cachedLookup(asking(listServers(inOrder, systemServers)), budget);
  const askServer: AskServer = async (address, type, name) => {
    const server: DnsServer = { kind: 'plain', text: address, address, port };
    const question = { name, type, recursion: false, signatures: false, unchecked: false };
    const ask = () => askInTurn([server], (one) => transport.ask(one, question, timing.retry), timing);
    const answer = canBeSent(name) ? await budget.run(`${name} at ${address}`, ask) : notSent(name);
    return 'detail' in answer ? { kind: 'failed', failure: answer } : answer;
  };
  let validator: Promise<AskValidator | NoValidator> | null = null;
  return {
    lookup,
    listLookup,
    askServer,
    validator: () => {
      validator ??= findValidator(trusted, asking(trusted), budget);
      return validator;
    },
    queries: budget.queries,
    close: transport.close,
  };
}

function notSent(name: string): DnsFailure {
  return { kind: 'failed', detail: `${name}: this name cannot be queried` };
}

function listServers(servers: readonly DnsServer[], systemServers: readonly DnsServer[]): readonly DnsServer[] {
  const others = servers.filter(({ kind }) => kind !== 'https');
  return others.length > 0 ? others : systemServers;
}

async function findValidator(
  trusted: readonly DnsServer[],
  ask: AskResolvers,
  budget: QueryBudget,
): Promise<AskValidator | NoValidator> {
  if (trusted.length === 0) return 'no-trusted-path';
  const askSigned: AskValidator = async (type, name, unchecked) => {
    const question = { name, type, recursion: true, signatures: true, unchecked };
    const reply = canBeSent(name) ? await budget.run(name, () => ask(question)) : notSent(name);
    return 'kind' in reply ? { kind: 'failed', failure: reply } : { kind: 'answer', ...reply };
  };
  const root = await askSigned('DNSKEY', '', false);
  if (root.kind === 'failed') return 'no-answer';
  return root.authenticated ? askSigned : 'not-validating';
}
