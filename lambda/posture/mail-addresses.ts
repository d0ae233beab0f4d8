/** The addresses that send the mail of a domain, or may: those that are given, and those that DNS names. */

import type { DnsFailure } from '../dns/dns-failure.ts';
import { type RecordLookup, valuesOf } from '../dns/records/records.ts';
import { isPublicAddress } from '../dns/special-addresses.ts';
import { addressOctets } from '../standards/ip-address.ts';
import { isSpfRecord, parseSpfRecord, type Term } from '../standards/spf/record.ts';
import { hostAddresses, type MailHost, mailHosts } from './mail-hosts.ts';
import type { PostureContext } from './posture-context.ts';

/** Addresses of a domain whose names and listings are looked up. */
const MOST_ADDRESSES = 24;
/** Hosts of `a` terms whose addresses are looked up. */
const MOST_SPF_HOSTS = 8;

export interface MailAddress {
  readonly address: string;
  /**
   * `given` by the user; shown by a round trip, so that it surely sends (`trip`); named by the domain's own SPF record (`ip4`, `ip6`, `mx`, or `a` with a host of the domain); of an MX
   * host; or of the domain itself (`a`), which may be a web server.
   */
  readonly source: 'given' | 'trip' | 'spf' | 'mx' | 'a';
}

export interface MailAddresses {
  readonly addresses: readonly MailAddress[];
  /** Addresses of networks beyond the most that are looked up. */
  readonly omitted: number;
  /** A query that was not answered, so that addresses may be missing. */
  readonly failure: DnsFailure | null;
}

/**
 * Addresses that send mail, or may. An address of an included record is that of a provider, and is not taken.
 * @param smallestPrefix of IPv4 networks of the SPF record whose addresses are all taken
 */
export async function mailAddresses(context: PostureContext, smallestPrefix: number): Promise<MailAddresses> {
  const { domain, lookup, senders, tripAddresses = [] } = context;
  const [texts, found, own] = await Promise.all([
    lookup('TXT', domain),
    mailHosts(domain, lookup),
    hostAddresses(domain, lookup),
  ]);
  const terms = valuesOf(texts).filter(isSpfRecord).flatMap(termsThatPass);
  const spfHosts = await Promise.all(spfHostNames(terms, domain).map((name) => mailHost(name, lookup)));
  const mxHosts = found.kind === 'hosts' ? found.hosts : [];
  const mxSends = terms.some((term) => term.kind === 'mx' && isOf(term.domain, domain));
  const networks = terms.map((term) => networkOfTerm(term, smallestPrefix));
  const learnt: readonly MailAddress[] = [
    ...from('trip', tripAddresses),
    ...from('spf', networks.filter(({ length }) => length === 1).flat()),
    ...from('spf', addressesOf(spfHosts)),
    ...from(mxSends ? 'spf' : 'mx', addressesOf(mxHosts)),
    ...from('a', own.addresses),
    // Few addresses of a network send: they come last, where there are too many.
    ...from('spf', networks.filter(({ length }) => length > 1).flat()),
  ];
  // No DNS list has private addresses, and they have no public name.
  const all = [...from('given', senders), ...learnt.filter(({ address }) => isPublicAddress(address))];
  const distinct = all.filter(({ address }, nth) => all.findIndex((one) => one.address === address) === nth);
  const failed = [texts, found].find((answer) => answer.kind === 'failed');
  const hosts = [...spfHosts, ...mxHosts, own];
  const failure = failed?.failure ?? hosts.find((host) => host.failure !== null)?.failure ?? null;
  const sending = new Set(all.flatMap(({ address, source }) => (source === 'spf' ? [address] : [])));
  const mayBeOther = ({ address, source }: MailAddress) => (source === 'mx' || source === 'a') && sending.has(address);
  const addresses = distinct
    .slice(0, MOST_ADDRESSES)
    .map((one) => (mayBeOther(one) ? { ...one, source: 'spf' as const } : one));
  return { addresses, omitted: distinct.length - addresses.length, failure };
}

function from(source: MailAddress['source'], addresses: readonly string[]): readonly MailAddress[] {
  return addresses.map((address) => ({ address, source }));
}

async function mailHost(name: string, lookup: RecordLookup): Promise<MailHost> {
  return { name, ...(await hostAddresses(name, lookup)) };
}

function addressesOf(hosts: readonly MailHost[]): readonly string[] {
  return hosts.flatMap(({ addresses }) => addresses);
}

function termsThatPass(text: string): readonly Term[] {
  return parseSpfRecord(text).terms.filter((term) => 'qualifier' in term && term.qualifier === '+');
}

function isOf(named: string | null, domain: string): boolean {
  return named === null || named.toLowerCase() === domain;
}

/** Hosts of `a` terms that are the domain, or below it. A name with a macro has no record of its own. */
function spfHostNames(terms: readonly Term[], domain: string): readonly string[] {
  const names = terms.flatMap((term) => (term.kind === 'a' ? [(term.domain ?? domain).toLowerCase()] : []));
  const own = names.filter((name) => !name.includes('%') && `.${name}`.endsWith(`.${domain}`));
  return [...new Set(own)].slice(0, MOST_SPF_HOSTS);
}

function networkOfTerm(term: Term, smallestPrefix: number): readonly string[] {
  if (term.kind === 'ip6') return term.bits === 128 ? [term.network] : [];
  if (term.kind !== 'ip4' || term.bits < smallestPrefix) return [];
  return networkAddresses(term.network, term.bits);
}

function networkAddresses(network: string, bits: number): readonly string[] {
  const octets = addressOctets(network) ?? [];
  const size = 2 ** (32 - bits);
  const last = octets[3] ?? 0;
  const first = last - (last % size);
  return Array.from({ length: size }, (_, nth) => [...octets.slice(0, 3), first + nth].join('.'));
}
