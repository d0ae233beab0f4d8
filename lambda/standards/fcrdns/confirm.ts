/** Forward-confirmed reverse DNS: RFC 1912 2.1, and `iprev` of RFC 8601 2.7.3. Never throws. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { RecordLookup } from '../../dns/records/records.ts';
import { addressOctets, inNetwork, reverseName } from '../ip-address.ts';

export type ReverseConfirmation =
  /** `names`: all names that have the address. */
  | { readonly kind: 'confirmed'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'no-name' }
  /** The names do not have the address. */
  | { readonly kind: 'not-confirmed'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

/** Names of one address that are looked up. */
const MOST_NAMES = 10;

export async function confirmReverseName(address: string, lookup: RecordLookup): Promise<ReverseConfirmation> {
  const answer = await lookup('PTR', reverseName(address));
  if (answer.kind === 'failed') return { kind: 'failed', failure: answer.failure };
  if (answer.kind === 'none') return { kind: 'no-name' };
  const names = answer.values.slice(0, MOST_NAMES);
  const type = addressOctets(address)?.length === 4 ? 'A' : 'AAAA';
  const answers = await Promise.all(names.map((name) => lookup(type, name)));
  const [confirmed, ...others] = names.filter((_, nth) => {
    const found = answers[nth];
    return found?.kind === 'found' && found.values.some((value) => inNetwork(value, address, 128));
  });
  if (confirmed !== undefined) return { kind: 'confirmed', name: confirmed, names: [confirmed, ...others] };
  const failed = answers.find((one) => one.kind === 'failed');
  return failed === undefined ? { kind: 'not-confirmed', names } : { kind: 'failed', failure: failed.failure };
}
