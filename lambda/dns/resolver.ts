/** The resolver that queries are sent to. */

import { Resolver } from 'node:dns/promises';

/** The queries that a probe sends. `Resolver` of node:dns/promises implements them. */
export interface NameResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]>;
  resolveCname(name: string): Promise<string[]>;
}

let system: Resolver | null = null;

/** The resolver of the machine. Two tries fit into the time limit of a query. */
export function systemResolver(): NameResolver {
  system ??= new Resolver({ timeout: 1_500, tries: 2 });
  return system;
}
