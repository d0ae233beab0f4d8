/** Resolves the name of a host to its addresses. */

import { isIP } from 'node:net';
import { withinDeadline } from './deadline.ts';
import { type DnsFailure, resolutionFailure } from './dns-failure.ts';
import { hostsFileAddresses } from './hosts-file.ts';
import type { NameResolver } from './resolver.ts';

export interface AddressQuery {
  readonly family: 'any' | 4 | 6;
  /** The hosts file comes before DNS, as in nsswitch.conf. Senders do not use it for MX hosts. */
  readonly hostsFile: boolean;
  /** Milliseconds that a family is waited for after the other one was answered. */
  readonly otherFamily: number;
}

export interface HostAddresses {
  /** IPv4 and IPv6 in turn (RFC 8305 4), IPv4 first; at least one. */
  readonly addresses: readonly string[];
  /** One family has addresses, and the query for the other one failed or was not answered in time. */
  readonly problem: DnsFailure | null;
}

/** Addresses of a host. Address literals and names in the hosts file need no query. */
export async function resolveAddresses(
  host: string,
  resolver: NameResolver,
  query: AddressQuery,
): Promise<HostAddresses | DnsFailure> {
  const { family } = query;
  const found = await lookUp(host, resolver, query);
  if (family === 'any' || !('kind' in found) || found.kind !== 'nxdomain') return found;
  // The hosts file may list the name. Some name servers answer NXDOMAIN if only the type is missing (RFC 4074 4.2).
  const other = await lookUp(host, resolver, { ...query, family: family === 4 ? 6 : 4 });
  return 'kind' in other ? found : noAddress(host, family, other.addresses[0] ?? '');
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

function lookUp(host: string, resolver: NameResolver, query: AddressQuery): Promise<HostAddresses | DnsFailure> {
  const listed = listedAddresses(host, query);
  if (listed.length > 0) return Promise.resolve({ addresses: inTurn(listed), problem: null });
  return query.family === 'any'
    ? queryBoth(host, resolver, query.otherFamily)
    : queryOne(host, query.family, resolver).then((found) =>
        'kind' in found ? found : { addresses: found, problem: null },
      );
}

/** `localhost` is never a query (RFC 6761 6.3). */
function listedAddresses(host: string, { family, hostsFile }: AddressQuery): readonly string[] {
  if (!hostsFile && !/^localhost\.?$/i.test(host)) return [];
  return hostsFileAddresses(host).filter((address) => family === 'any' || isIP(address) === family);
}

function inTurn(addresses: readonly string[]): readonly string[] {
  const four = addresses.filter((address) => isIP(address) === 4);
  const six = addresses.filter((address) => isIP(address) === 6);
  const longer = four.length < six.length ? six : four;
  return longer.flatMap((_, nth) => [four[nth] ?? [], six[nth] ?? []].flat());
}

type FamilyAnswer = readonly string[] | DnsFailure;

const RECORDS = { 4: 'A', 6: 'AAAA' } as const;

/** Never rejects. */
async function queryOne(host: string, family: 4 | 6, resolver: NameResolver): Promise<FamilyAnswer> {
  try {
    const addresses = await (family === 4 ? resolver.resolve4(host) : resolver.resolve6(host));
    return addresses.length > 0 ? addresses : { kind: 'no-data', detail: `${host}: no address` };
  } catch (error) {
    return resolutionFailure(host, error);
  }
}

/** A family whose answer is late or lost does not hold up the other one for longer than `within` milliseconds. */
async function queryBoth(host: string, resolver: NameResolver, within: number): Promise<HostAddresses | DnsFailure> {
  const [four, six] = [queryOne(host, 4, resolver), queryOne(host, 6, resolver)];
  await firstDecisive([four, six]);
  const [a, aaaa] = await Promise.all([withinDeadline(four, host, within), withinDeadline(six, host, within)]);
  if ('kind' in a && 'kind' in aaaa) return worseFailure(a, aaaa);
  const addresses = [a, aaaa].flatMap((answer) => ('kind' in answer ? [] : answer));
  return { addresses: inTurn(addresses), problem: familyProblem(host, a, 4) ?? familyProblem(host, aaaa, 6) };
}

/** Resolves with the first answer that settles the lookup, or with the last one. */
async function firstDecisive(queries: readonly [Promise<FamilyAnswer>, Promise<FamilyAnswer>]): Promise<void> {
  const decisive = queries.map(async (query, nth) => {
    const answer = await query;
    // An NXDOMAIN for AAAA alone may mean that only the type is missing (RFC 4074 4.2).
    if ('kind' in answer && !(answer.kind === 'nxdomain' && nth === 0)) throw answer;
  });
  await Promise.any(decisive).catch(() => {});
}

/** `no-data` for one family says nothing if the query for the other family failed. */
function worseFailure(a: DnsFailure, aaaa: DnsFailure): DnsFailure {
  return a.kind === 'no-data' ? aaaa : a;
}

/** A missing family is no problem: `no-data`. NXDOMAIN says that the whole name is missing (RFC 8020 2), which is not true here. */
function familyProblem(host: string, answer: FamilyAnswer, family: 4 | 6): DnsFailure | null {
  if (!('kind' in answer) || answer.kind === 'no-data') return null;
  const [type, answered] = [RECORDS[family], RECORDS[family === 4 ? 6 : 4]];
  return answer.kind === 'timeout'
    ? { kind: 'slow-family', detail: `${host}: no answer for ${type} in time, only for ${answered}` }
    : { kind: 'broken-family', detail: `${answer.detail} for ${type}; ${answered} is answered` };
}
