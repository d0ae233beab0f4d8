/** Resolves the name of a host to its addresses. */

import { isIP } from 'node:net';
import { type DnsFailure, resolutionFailure } from './dns-failure.ts';
import { hostsFileAddresses } from './hosts-file.ts';
import type { NameResolver } from './resolver.ts';

/** Addresses of a host, IPv4 first; at least one. Address literals and names in the hosts file need no query. */
export async function resolveAddresses(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | DnsFailure> {
  const literal = literalAddress(host, family);
  if (literal !== null) return literal;
  const found = await lookUp(host, family, resolver);
  if (family === 'any' || !('kind' in found) || found.kind !== 'nxdomain') return found;
  // The hosts file may list the name. Some name servers answer NXDOMAIN if only the type is missing (RFC 4074 4.2).
  const other = await lookUp(host, family === 4 ? 6 : 4, resolver);
  return 'kind' in other ? found : noAddress(host, family, other[0] ?? '');
}

/** The address if `host` is an address literal; null if it is a name. */
export function literalAddress(host: string, family: 'any' | 4 | 6): readonly string[] | DnsFailure | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!isIP(bare)) return null;
  return family === 'any' || isIP(bare) === family ? [bare] : noAddress(host, family, bare);
}

function noAddress(host: string, family: 4 | 6, only: string): DnsFailure {
  return { kind: 'no-data', detail: `${host}: no IPv${family} address, only ${only}` };
}

/** The hosts file comes before DNS, as in nsswitch.conf. */
async function lookUp(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | DnsFailure> {
  const listed = hostsFileAddresses(host).filter((address) => family === 'any' || isIP(address) === family);
  return listed.length > 0 ? listed : queryAddresses(host, family, resolver);
}

async function queryAddresses(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | DnsFailure> {
  const queries = [
    ...(family === 6 ? [] : [resolver.resolve4(host)]),
    ...(family === 4 ? [] : [resolver.resolve6(host)]),
  ];
  const answers = await Promise.allSettled(queries);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return addresses.length > 0 ? addresses : worstFailure(answers, host);
}

/** `no-data` for one family says nothing if the query for the other family failed. */
function worstFailure(answers: readonly PromiseSettledResult<unknown>[], host: string): DnsFailure {
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [resolutionFailure(host, answer.reason)] : [],
  );
  return (
    failures.find(({ kind }) => kind !== 'no-data') ?? failures[0] ?? { kind: 'no-data', detail: `${host}: no address` }
  );
}
