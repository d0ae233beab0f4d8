/** Aliases of a name: CNAME records (RFC 1034 3.6.2). */

import { withinDeadline } from './deadline.ts';
import type { DnsFailure } from './dns-failure.ts';
import type { NameResolver } from './resolver.ts';

/** The name and its chain of aliases. The chain ends at a name that repeats, or after `atMost` aliases. */
export async function aliasesOf(host: string, resolver: NameResolver, atMost: number): Promise<readonly string[]> {
  const chain = [host.toLowerCase()];
  while (chain.length <= atMost && new Set(chain).size === chain.length) {
    const next = await aliasOf(chain.at(-1) ?? host, resolver);
    if (next === null) break;
    chain.push(next.toLowerCase());
  }
  return chain;
}

async function aliasOf(name: string, resolver: NameResolver): Promise<string | null> {
  try {
    return (await resolver.resolveCname(name))[0] ?? null;
  } catch {
    // No alias, or no answer. The probe of the host reports names that do not resolve.
    return null;
  }
}

/** How far aliases are followed, and for how many milliseconds. */
export interface AliasLimits {
  readonly aliases: number;
  readonly within: number;
}

/** A name that is an alias may miss its target, or lead back to itself: the failure says so in its detail. */
export async function withAliases(
  failure: DnsFailure,
  host: string,
  resolver: NameResolver,
  { aliases, within }: AliasLimits,
): Promise<DnsFailure> {
  if (failure.kind !== 'nxdomain' && failure.kind !== 'no-data') return failure;
  const chain = await withinDeadline(aliasesOf(host, resolver, aliases), host, within);
  if ('kind' in chain || chain.length === 1) return failure;
  return { ...failure, detail: `${failure.detail}; ${chain.join(' is an alias of ')}` };
}
