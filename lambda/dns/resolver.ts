/** The resolver that queries are sent to. */

import { Resolver } from 'node:dns/promises';
import { askInTurn, type ServerTiming } from './ask-name-servers-in-turn.ts';

/** The queries that a probe sends. `Resolver` of node:dns/promises implements them. */
export interface NameResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]>;
  resolveCname(name: string): Promise<string[]>;
}

let system: NameResolver | null = null;

/** The resolver of the machine. */
export function systemResolver(): NameResolver {
  system ??= resolverOf(new Resolver().getServers());
  return system;
}

/** Milliseconds. The limit is that of a query in `lambda/smtp/bounds/limits.ts`. */
export const TIMING: ServerTiming = { patience: 1_000, retry: 1_500, limit: 5_000 };

/**
 * A resolver with its own deadline per server. c-ares asks all servers in each of its tries and doubles the timeout, so that
 * with two silent servers of three an answer takes up to 15 s.
 */
export function resolverOf(addresses: readonly string[], timing: ServerTiming = TIMING): NameResolver {
  const servers = addresses.map((address) => serverAt(address, timing));
  return {
    resolve4: (name) => askInTurn(servers, (server) => server.resolve4(name), timing),
    resolve6: (name) => askInTurn(servers, (server) => server.resolve6(name), timing),
    resolveMx: (name) => askInTurn(servers, (server) => server.resolveMx(name), timing),
    resolveCname: (name) => askInTurn(servers, (server) => server.resolveCname(name), timing),
  };
}

/** Two packets per query, because UDP may lose one. */
export function serverAt(address: string, { retry }: ServerTiming): Resolver {
  const server = new Resolver({ timeout: retry, tries: 2 });
  server.setServers([address]);
  return server;
}
