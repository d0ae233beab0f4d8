/** The MX hosts of a domain with their addresses. */

import type { DnsFailure } from '../dns/dns-failure.ts';
import { isAddressLiteral } from '../dns/mail-exchangers.ts';
import { type DnsAnswer, type RecordLookup, valuesOf } from '../dns/records/records.ts';
import { comparableName } from '../standards/domain-name.ts';

/** MX hosts of a domain that are looked at. */
const MOST_HOSTS = 20;

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
  const names = [...new Set(sorted.map(({ host }) => comparableName(host)))].filter(Boolean);
  if (names.length === 0) return { kind: 'null-mx' };
  const hosts = await Promise.all(names.slice(0, MOST_HOSTS).map((name) => mailHost(name, lookup)));
  return { kind: 'hosts', hosts, total: answer.total ?? names.length, implicit: false };
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
