/** The MX hosts of a domain with their addresses, and the addresses that may send its mail. */

import type { DnsFailure } from '../dns/dns-failure.ts';
import { isAddressLiteral } from '../dns/mail-exchangers.ts';
import { type DnsAnswer, type RecordLookup, valuesOf } from '../dns/records/records.ts';
import { addressOctets } from '../standards/ip-address.ts';
import { isSpfRecord, parseSpfRecord } from '../standards/spf/record.ts';
import type { PostureContext } from './posture-context.ts';

/** MX hosts of a domain that are looked at. */
const MOST_HOSTS = 20;
/** Addresses of a domain whose names and listings are looked up. */
const MOST_ADDRESSES = 24;

export interface MailHost {
  readonly name: string;
  readonly addresses: readonly string[];
  /** A query for an address was not answered. */
  readonly failure: DnsFailure | null;
}

export type MailHosts =
  | { readonly kind: 'hosts'; readonly hosts: readonly MailHost[]; readonly total: number; readonly implicit: boolean }
  | { readonly kind: 'null-mx' }
  | { readonly kind: 'no-domain' }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

export async function mailHosts(domain: string, lookup: RecordLookup): Promise<MailHosts> {
  const answer = await lookup('MX', domain);
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'none') return answer.exists ? implicitHost(domain, lookup) : { kind: 'no-domain' };
  const sorted = answer.values.toSorted((a, b) => a.preference - b.preference);
  const names = [...new Set(sorted.map(({ host }) => host.toLowerCase().replace(/\.$/, '')))].filter(Boolean);
  if (names.length === 0) return { kind: 'null-mx' };
  const hosts = await Promise.all(names.slice(0, MOST_HOSTS).map((name) => mailHost(name, lookup)));
  return { kind: 'hosts', hosts, total: names.length, implicit: false };
}

async function implicitHost(domain: string, lookup: RecordLookup): Promise<MailHosts> {
  return { kind: 'hosts', hosts: [await mailHost(domain, lookup)], total: 1, implicit: true };
}

async function mailHost(name: string, lookup: RecordLookup): Promise<MailHost> {
  if (isAddressLiteral(name)) return { name, addresses: [], failure: null };
  return { name, ...(await hostAddresses(name, lookup)) };
}

/** Addresses of both families. */
export async function hostAddresses(name: string, lookup: RecordLookup): Promise<Omit<MailHost, 'name'>> {
  const answers: readonly DnsAnswer<string>[] = await Promise.all([lookup('A', name), lookup('AAAA', name)]);
  const failed = answers.find((answer) => answer.kind === 'failed');
  return { addresses: answers.flatMap(valuesOf), failure: failed?.failure ?? null };
}

export interface MailAddress {
  readonly address: string;
  /** `given` by the user; of an `ip4` or `ip6` term of the domain's own SPF record; of an MX host. */
  readonly source: 'given' | 'spf' | 'mx';
}

export interface MailAddresses {
  readonly addresses: readonly MailAddress[];
  /** A query that was not answered, so that addresses may be missing. */
  readonly failure: DnsFailure | null;
}

/**
 * Addresses that send mail, or may. An address of an included record is that of a provider, and is not taken.
 * @param smallestPrefix of IPv4 networks of the SPF record whose addresses are all taken
 */
export async function mailAddresses(context: PostureContext, smallestPrefix: number): Promise<MailAddresses> {
  const { domain, lookup, senders } = context;
  const [texts, found] = await Promise.all([lookup('TXT', domain), mailHosts(domain, lookup)]);
  const hosts = found.kind === 'hosts' ? found.hosts : [];
  const all: readonly MailAddress[] = [
    ...senders.map((address) => ({ address, source: 'given' as const })),
    ...valuesOf(texts)
      .filter(isSpfRecord)
      .flatMap((text) => spfAddresses(text, smallestPrefix))
      .map((address) => ({ address, source: 'spf' as const })),
    ...hosts.flatMap(({ addresses }) => addresses).map((address) => ({ address, source: 'mx' as const })),
  ];
  const distinct = all.filter(({ address }, nth) => all.findIndex((one) => one.address === address) === nth);
  const failed = [texts, found].find((answer) => answer.kind === 'failed');
  const failure = failed?.failure ?? hosts.find((host) => host.failure !== null)?.failure ?? null;
  return { addresses: distinct.slice(0, MOST_ADDRESSES), failure };
}

function spfAddresses(text: string, smallestPrefix: number): readonly string[] {
  return parseSpfRecord(text).terms.flatMap((term) => {
    if (term.kind === 'ip6') return term.bits === 128 && term.qualifier === '+' ? [term.network] : [];
    if (term.kind !== 'ip4' || term.qualifier !== '+' || term.bits < smallestPrefix) return [];
    return networkAddresses(term.network, term.bits);
  });
}

function networkAddresses(network: string, bits: number): readonly string[] {
  const octets = addressOctets(network) ?? [];
  const size = 2 ** (32 - bits);
  const last = octets[3] ?? 0;
  const first = last - (last % size);
  return Array.from({ length: size }, (_, nth) => [...octets.slice(0, 3), first + nth].join('.'));
}
