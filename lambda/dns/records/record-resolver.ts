/** The queries of a posture check: those of a probe, and TXT, PTR and TLSA. */

import { askInTurn, type ServerTiming } from '../ask-name-servers-in-turn.ts';
import { type NameResolver, resolverOf, serverAt, TIMING } from '../resolver.ts';
import type { TlsaRecord } from './tlsa-answer.ts';
import { queryTlsa } from './tlsa-exchange.ts';

export interface RecordResolver extends NameResolver {
  resolveTxt(name: string): Promise<string[][]>;
  resolvePtr(name: string): Promise<string[]>;
  resolveTlsa(name: string): Promise<readonly TlsaRecord[]>;
}

/** Asks the name servers in turn, each with a deadline of its own. */
export function recordResolverOf(addresses: readonly string[], timing: ServerTiming = TIMING): RecordResolver {
  const servers = addresses.map((address) => serverAt(address, timing));
  return {
    ...resolverOf(addresses, timing),
    resolveTxt: (name) => askInTurn(servers, (server) => server.resolveTxt(name), timing),
    resolvePtr: (name) => askInTurn(servers, (server) => server.resolvePtr(name), timing),
    resolveTlsa: (name) => askInTurn(addresses, (server) => queryTlsa(server, name, timing.retry), timing),
  };
}
