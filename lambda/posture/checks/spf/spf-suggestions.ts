/** SPF records as they should be. */

import { isIPv6 } from 'node:net';
import { isSpfRecord, parseSpfRecord, type Term } from '../../../standards/spf/record.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import type { MailHosts } from '../../mail-hosts.ts';

/** The first record of a domain. `senders`: addresses that are known to send. */
export function firstSpfRecord(domain: string, senders: readonly string[], hosts: MailHosts): readonly string[] {
  const sends = senders.length > 0 || hosts.kind === 'hosts';
  const terms = [...(hosts.kind === 'hosts' ? ['mx'] : []), ...senders.map(addressTerm)];
  return [txtRecord(domain, ['v=spf1', ...terms, sends ? '~all' : '-all'].join(' '))];
}

export function addressTerm(address: string): string {
  return `${isIPv6(address) ? 'ip6' : 'ip4'}:${address}`;
}

/** One record with the terms of several. Empty if one of them cannot be read. */
export function mergedSpfRecord(domain: string, texts: readonly string[]): readonly string[] {
  const records = texts.map(parseSpfRecord);
  if (records.some(({ errors }) => errors.length > 0)) return [];
  const terms = records.flatMap((record) => record.terms);
  const others = terms.filter(({ kind }) => kind !== 'all').map(({ text }) => text);
  const ends = terms.filter(({ kind }) => kind === 'all').map(({ text }) => text);
  const end = ['-all', '~all', '?all'].find((one) => ends.includes(one)) ?? (ends.length > 0 ? '~all' : null);
  return [txtRecord(domain, ['v=spf1', ...new Set(others), ...(end === null ? [] : [end])].join(' '))];
}

/** The record with other terms: those for which `change` has null are removed. */
export function changedSpfRecord(
  domain: string,
  terms: readonly Term[],
  change: (term: Term) => string | null,
): readonly string[] {
  const texts = terms.map(change).filter((text) => text !== null);
  return [txtRecord(domain, ['v=spf1', ...texts].join(' '))];
}

/** The record with the terms before `all` and `redirect`. */
export function extendedSpfRecord(domain: string, terms: readonly Term[], more: readonly string[]): readonly string[] {
  const texts = terms.map(({ text }) => text);
  const end = terms.findIndex(({ kind }) => kind === 'all' || kind === 'redirect');
  const at = end === -1 ? texts.length : end;
  return [txtRecord(domain, ['v=spf1', ...texts.slice(0, at), ...more, ...texts.slice(at)].join(' '))];
}

/** A record that receivers do not see, with its beginning corrected. Empty if the rest cannot be read. */
export function respeltSpfRecord(domain: string, text: string): readonly string[] {
  const rest = text.replace(/^[\s"'“”]*(?:v\s*[=:]\s*)?spf ?1?[;,:.]?/i, '').replace(/["'“”]+$/, '');
  const meant = `v=spf1 ${rest.trim()}`;
  return isSpfRecord(meant) && parseSpfRecord(meant).errors.length === 0 ? [txtRecord(domain, meant)] : [];
}
