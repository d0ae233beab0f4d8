/** Reads answers of DNS lists: RFC 5782. Never throws. */

import { comparableName } from '../domain-name.ts';
import { addressOctets, inNetwork, reversedLabels } from '../ip-address.ts';
import type { DnsList } from './dns-list.ts';

/** The name that asks a list about an address (2.1, 2.4). */
export function listQuery(address: string, zone: string): string {
  return `${reversedLabels(address)}.${zone}`;
}

/** The name that asks a list about a domain (3). */
export function domainQuery(domain: string, zone: string): string {
  return `${comparableName(domain)}.${zone}`;
}

/** Entries that a list must have, and must not have (5). Of IPv6, they are mapped IPv4 addresses in full. */
const TEST_ENTRIES = {
  4: { listed: '2.0.0.127', unlisted: '1.0.0.127' },
  6: { listed: v6Labels('7f000002'), unlisted: v6Labels('7f000001') },
  domain: { listed: 'test', unlisted: 'invalid' },
} as const;

export type TestedEntries = keyof typeof TEST_ENTRIES;

/** The nibbles of `::ffff:<hex>` in reverse order. */
function v6Labels(hex: string): string {
  return [...`${'0'.repeat(20)}ffff${hex}`].toReversed().join('.');
}

export function testQueries(entries: TestedEntries, { zone, testEntry }: Pick<DnsList, 'zone' | 'testEntry'>) {
  const { listed, unlisted } = TEST_ENTRIES[entries];
  const own = entries === 'domain' ? (testEntry ?? listed) : listed;
  return { listed: `${own}.${zone}`, unlisted: `${unlisted}.${zone}` };
}

export type ListAnswer =
  | { readonly kind: 'listed'; readonly codes: readonly string[] }
  /** The list does not answer this resolver. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Not an answer of a list: a resolver that invents addresses, or a zone that was sold. */
  | { readonly kind: 'foreign'; readonly code: string };

/** Of the addresses that a query was answered with, of which there is at least one. A refusal is never a listing. */
export function readListAnswer(values: readonly string[], refusals: readonly string[] = []): ListAnswer {
  const foreign = values.find((value) => addressOctets(value)?.[0] !== 127);
  if (foreign !== undefined) return { kind: 'foreign', code: foreign };
  const refused = values.find((value) => inNetwork(value, '127.255.255.0', 24) || refusals.includes(value));
  return refused === undefined ? { kind: 'listed', codes: values } : { kind: 'refused', code: refused };
}
