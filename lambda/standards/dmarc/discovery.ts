/** Finds the DMARC record that applies to a domain by the DNS tree walk: RFC 9989 4.10. Never throws. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { RecordLookup } from '../../dns/records/records.ts';
import { comparableName } from '../domain-name.ts';
import { type DmarcRecord, isDmarcRecord, parseDmarcRecord } from './record.ts';

export interface PublishedRecord {
  /** The domain, without `_dmarc`. */
  readonly domain: string;
  readonly text: string;
  readonly record: DmarcRecord;
}

/** What the walk found at one domain. */
export interface WalkStep {
  /** The domain, without `_dmarc`. */
  readonly domain: string;
  /** Texts that are DMARC records. Several count as none. */
  readonly texts: readonly string[];
  readonly failure: DnsFailure | null;
}

export type DmarcDiscovery = { readonly steps: readonly WalkStep[] } & (
  | { readonly kind: 'found'; readonly published: PublishedRecord; readonly organizational: string }
  | { readonly kind: 'none'; readonly organizational: string }
  /** The domain itself has several records, which count as none; `inherited` is that of a parent. */
  | {
      readonly kind: 'several';
      readonly domain: string;
      readonly texts: readonly string[];
      readonly inherited: PublishedRecord | null;
      readonly organizational: string;
    }
  | { readonly kind: 'failed'; readonly failure: DnsFailure }
);

/** Domains that the walk asks. Of a longer domain, the last seven labels follow it (4.10). */
const MOST_QUERIES = 8;

/** The domain and its parents in the order of the walk. */
export function walkedDomains(domain: string): readonly string[] {
  const labels = comparableName(domain).split('.');
  const parents = labels.slice(Math.max(1, labels.length - MOST_QUERIES + 1));
  return [labels.join('.'), ...parents.map((_, nth) => parents.slice(nth).join('.'))];
}

export async function discoverDmarc(domain: string, lookup: RecordLookup): Promise<DmarcDiscovery> {
  const steps = await walkTree(domain, lookup);
  const failure = steps.at(-1)?.failure ?? null;
  if (failure !== null) return { kind: 'failed', failure, steps };
  const [first] = steps;
  const own = first?.domain ?? domain;
  const records = steps.flatMap(publishedRecord);
  const organizational = organizationalDomain(own, records);
  // 4.10.1: the record of the domain, of its organizational domain, or of the public suffix.
  const published =
    records.find((one) => one.domain === own) ??
    records.find((one) => one.domain === organizational) ??
    records.find(({ record }) => record.publicSuffix === 'y');
  if (first !== undefined && first.texts.length > 1) {
    return { kind: 'several', domain: own, texts: first.texts, inherited: published ?? null, organizational, steps };
  }
  return published === undefined
    ? { kind: 'none', organizational, steps }
    : { kind: 'found', published, organizational, steps };
}

/** Several records count as none (4.10). */
function publishedRecord({ domain, texts }: WalkStep): readonly PublishedRecord[] {
  const [text] = texts;
  return text === undefined || texts.length > 1 ? [] : [{ domain, text, record: parseDmarcRecord(text) }];
}

/** The domain and those above it. A failure says nothing about any record, so that it ends the walk. */
async function walkTree(domain: string, lookup: RecordLookup): Promise<readonly WalkStep[]> {
  const steps: WalkStep[] = [];
  for (const one of walkedDomains(domain)) {
    const answer = await lookup('TXT', `_dmarc.${one}`);
    const texts = answer.kind === 'found' ? answer.values.filter(isDmarcRecord) : [];
    const step = { domain: one, texts, failure: answer.kind === 'failed' ? answer.failure : null };
    steps.push(step);
    const [published] = publishedRecord(step);
    if (step.failure !== null || (published !== undefined && published.record.publicSuffix !== 'u')) break;
  }
  return steps;
}

/** 4.10.2: below a public suffix, at `psd=n`, or the record with the fewest labels. */
function organizationalDomain(domain: string, records: readonly PublishedRecord[]): string {
  const last = records.at(-1);
  if (last === undefined) return domain;
  if (last.record.publicSuffix !== 'y' || last.domain === domain) return last.domain;
  const labels = last.domain.split('.').length + 1;
  return domain.split('.').slice(-labels).join('.');
}
