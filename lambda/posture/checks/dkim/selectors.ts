/** The DKIM selectors of a domain: those that are given, or common ones. DNS cannot list them (RFC 6376 3.1). */

import type { DnsFailure } from '../../../dns/dns-failure.ts';
import { type DnsAnswer, type RecordLookup, valuesOf } from '../../../dns/records/records.ts';
import { isDkimKeyRecord, parseDkimKeyRecord } from '../../../standards/dkim/key-record.ts';

/** Selectors that mail servers and providers use by default. They are tried if none is given. */
export const COMMON_SELECTORS: readonly string[] = [
  ...['default', 'dkim', 'mail', 'google', 'selector1', 'selector2', 's1', 's2', 'k1', 'k2', 'k3', 'fm1', 'fm2', 'fm3'],
  ...['protonmail', 'zoho', 'mx', 'smtp', 'key1', 'key2', 'sig1', 'dkim1', 'mxvault', 'pm'],
];

export interface Selector {
  /** `s1._domainkey.example.com`. */
  readonly name: string;
  readonly answer: DnsAnswer<string>;
}

export async function askSelectors(
  domain: string,
  selectors: readonly string[],
  lookup: RecordLookup,
): Promise<readonly Selector[]> {
  const names = (selectors.length > 0 ? selectors : COMMON_SELECTORS).map((one) => `${one}._domainkey.${domain}`);
  return Promise.all(names.map(async (name) => ({ name, answer: await lookup('TXT', name) })));
}

export function keyRecords(answer: DnsAnswer<string>): readonly string[] {
  return valuesOf(answer).filter(isDkimKeyRecord);
}

/** Nobody says that a common selector is in use. A domain that sends no mail often has an empty key for all of them. */
export function isSigning({ answer }: Selector): boolean {
  return keyRecords(answer).some((text) => parseDkimKeyRecord(text).key.kind !== 'revoked');
}

/** Whether receivers can verify a signature with the key: RFC 6376 3.6.1, RFC 8301. */
function isUsable(text: string): boolean {
  const { key, hashes, forMail, problems } = parseDkimKeyRecord(text);
  const strong = key.kind === 'ed25519' || (key.kind === 'rsa' && key.bits >= 1024);
  return strong && forMail && problems.length === 0 && (hashes === null || hashes.includes('sha256'));
}

/** The name below which all selectors are: it does not exist if there is none (RFC 8020). */
export function domainKeyName(domain: string): string {
  return `_domainkey.${domain}`;
}

export type SigningKeys =
  | { readonly kind: 'usable' | 'none' }
  /** `failure`: a query was not answered. Otherwise the domain may have a selector that is not known. */
  | { readonly kind: 'unknown'; readonly failure: DnsFailure | null };

/** Whether the domain has a key that signatures can be verified with. */
export async function signingKeys(
  domain: string,
  selectors: readonly string[],
  lookup: RecordLookup,
): Promise<SigningKeys> {
  const asked = await askSelectors(domain, selectors, lookup);
  if (asked.some(({ answer }) => keyRecords(answer).some(isUsable))) return { kind: 'usable' };
  const failed = asked.find(({ answer }) => answer.kind === 'failed')?.answer;
  if (failed?.kind === 'failed') return { kind: 'unknown', failure: failed.failure };
  if (selectors.length > 0) return { kind: 'none' };
  const above = await lookup('TXT', domainKeyName(domain));
  if (above.kind === 'failed') return { kind: 'unknown', failure: above.failure };
  return above.kind === 'none' && !above.exists ? { kind: 'none' } : { kind: 'unknown', failure: null };
}
