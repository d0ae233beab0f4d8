/** Finds the DMARC record that applies to a domain by the DNS tree walk: RFC 9989 4.10. Never throws. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { RecordLookup } from '../../dns/records/records.ts';
import { type DmarcRecord, isDmarcRecord, parseDmarcRecord } from './record.ts';

export interface PublishedRecord {
  /** The domain, without `_dmarc`. */
  readonly domain: string;
  readonly text: string;
  readonly record: DmarcRecord;
}

export type DmarcDiscovery =
  | { readonly kind: 'found'; readonly published: PublishedRecord; readonly organizational: string }
  | { readonly kind: 'none'; readonly organizational: string }
  /** The domain itself has several records, which count as none. */
  | { readonly kind: 'several'; readonly domain: string; readonly texts: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

/** Domains that the walk asks. Of a longer domain, the last seven labels follow it (4.10). */
const MOST_QUERIES = 8;

/** The domain and its parents in the order of the walk. */
export function walkedDomains(domain: string): readonly string[] {
  const labels = domain.toLowerCase().replace(/\.$/, '').split('.');
  const parents = labels.slice(Math.max(1, labels.length - MOST_QUERIES + 1));
  return [labels.join('.'), ...parents.map((_, nth) => parents.slice(nth).join('.'))];
}

interface Walked {
  readonly records: readonly PublishedRecord[];
  readonly several: { readonly domain: string; readonly texts: readonly string[] } | null;
}

export async function discoverDmarc(domain: string, lookup: RecordLookup): Promise<DmarcDiscovery> {
  const walked = await walkTree(domain, lookup);
  if ('kind' in walked) return { kind: 'failed', failure: walked };
  const [own] = walkedDomains(domain);
  const organizational = organizationalDomain(own ?? domain, walked.records);
  if (walked.several !== null && walked.several.domain === own) return { kind: 'several', ...walked.several };
  // 4.10.1: the record of the domain, of its organizational domain, or of the public suffix.
  const published =
    walked.records.find((one) => one.domain === own) ??
    walked.records.find((one) => one.domain === organizational) ??
    walked.records.find(({ record }) => record.publicSuffix === 'y');
  return published === undefined ? { kind: 'none', organizational } : { kind: 'found', published, organizational };
}

/** The records from the domain upwards. A failure says nothing about any record, so that it ends the walk. */
async function walkTree(domain: string, lookup: RecordLookup): Promise<Walked | DnsFailure> {
  const records: PublishedRecord[] = [];
  let several: Walked['several'] = null;
  for (const one of walkedDomains(domain)) {
    const answer = await lookup('TXT', `_dmarc.${one}`);
    if (answer.kind === 'failed') return answer.failure;
    const texts = answer.kind === 'found' ? answer.values.filter(isDmarcRecord) : [];
    if (texts.length > 1) several ??= { domain: one, texts };
    // Several records count as none (4.10).
    if (texts.length !== 1) continue;
    const [text = ''] = texts;
    const published = { domain: one, text, record: parseDmarcRecord(text) };
    records.push(published);
    if (published.record.publicSuffix !== 'u') break;
  }
  return { records, several };
}

/** 4.10.2: below a public suffix, at `psd=n`, or the record with the fewest labels. */
function organizationalDomain(domain: string, records: readonly PublishedRecord[]): string {
  const last = records.at(-1);
  if (last === undefined) return domain;
  if (last.record.publicSuffix !== 'y' || last.domain === domain) return last.domain;
  const labels = last.domain.split('.').length + 1;
  return domain.split('.').slice(-labels).join('.');
}
