/** Resolves a domain to the hosts that accept its mail: RFC 5321 5.1, RFC 7505. */

import { isIP } from 'node:net';
import { aliasesOf } from './aliases.ts';
import { type DnsFailure, resolutionFailure } from './dns-failure.ts';
import type { NameResolver } from './resolver.ts';

/** How many hosts and aliases of a domain count. */
export interface MailExchangerLimits {
  readonly mxHosts: number;
  /** Aliases followed from an MX host. */
  readonly aliases: number;
}

export interface MailExchanger {
  readonly host: string;
  readonly preference: number;
}

export interface MailExchangers {
  /** Best preference first; at least one. */
  readonly hosts: readonly MailExchanger[];
  /** The domain has no MX record: its own address is used (RFC 5321 5.1). */
  readonly implicit: boolean;
  readonly problems: readonly DnsFailure[];
}

export async function resolveMailExchangers(
  domain: string,
  resolver: NameResolver,
  limits: MailExchangerLimits,
): Promise<MailExchangers | DnsFailure> {
  const records = await queryMailExchangers(domain, resolver);
  if ('kind' in records) return records;
  if (records.length === 0) return { hosts: [{ host: domain, preference: 0 }], implicit: true, problems: [] };
  // The root as the only exchange means "no service". It means nothing beside other exchanges (RFC 7505 3).
  const named = records.filter(({ host }) => host !== '' && host !== '.');
  if (named.length === 0) return { kind: 'mx-null', detail: `${domain} has the MX record "0 ."` };
  const beside = named.length < records.length ? [nullBesideOthers(domain)] : [];
  const hosts = distinct(named.toSorted((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1)));
  return {
    hosts: hosts.slice(0, limits.mxHosts),
    implicit: false,
    problems: [...beside, ...judgeNumber(hosts.length, limits)],
  };
}

function nullBesideOthers(domain: string): DnsFailure {
  return { kind: 'mx-null-beside-others', detail: `${domain} has the MX record "0 ." beside others` };
}

/** Removes duplicate hosts. The best preference of a host counts. */
function distinct(sorted: readonly MailExchanger[]): readonly MailExchanger[] {
  const names = sorted.map(({ host }) => host.toLowerCase().replace(/\.$/, ''));
  return sorted.filter((_, nth) => names.indexOf(names[nth] ?? '') === nth);
}

async function queryMailExchangers(
  domain: string,
  resolver: NameResolver,
): Promise<readonly MailExchanger[] | DnsFailure> {
  try {
    const records = await resolver.resolveMx(domain);
    return records.map(({ exchange, priority }) => ({ host: exchange, preference: priority }));
  } catch (error) {
    const failed = resolutionFailure(domain, error);
    return failed.kind === 'no-data' ? [] : failed;
  }
}

function judgeNumber(number: number, { mxHosts }: MailExchangerLimits): readonly DnsFailure[] {
  return number > mxHosts
    ? [{ kind: 'mx-too-many', detail: `${number} MX hosts, of which ${mxHosts} are probed` }]
    : [];
}

/** An MX record that names an address, with or without brackets: RFC 1035 3.3.9 requires a host. */
export function isAddressLiteral(host: string): boolean {
  return isIP(host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')) !== 0;
}

/** The defect of the name of an MX host; null if the name is not an alias. */
export async function checkExchangerName(
  host: string,
  resolver: NameResolver,
  limits: MailExchangerLimits,
): Promise<DnsFailure | null> {
  const chain = await aliasesOf(host, resolver, limits.aliases);
  if (chain.length === 1) return null;
  const detail = chain.join(' is an alias of ');
  const looping = new Set(chain).size < chain.length || chain.length > limits.aliases;
  return { kind: looping ? 'mx-alias-loop' : 'mx-alias', detail };
}
