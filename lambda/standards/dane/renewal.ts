/** Whether mail survives the next renewal of a certificate whose server has TLSA records: RFC 7671 8.1, RFC 7672 3.1. Never throws. */

import { authenticate, type DaneVerdict } from './authenticate.ts';
import type { DaneChain, DaneReference } from './match-record.ts';
import type { TlsaData } from './tlsa.ts';

export type RenewalRisk =
  /** The zone itself no longer has a record for the key. Senders refuse it when caches forget the records that they have. */
  | { readonly kind: 'record-going'; readonly records: readonly TlsaData[] }
  /** The certificate ends soon, and no record is published for another key. */
  | { readonly kind: 'no-successor'; readonly days: number; readonly record: TlsaData };

const DAY = 86_400_000;

/** A renewal happens about now, and a record must be published for two TTLs before its key is served. */
const SOON = 14;

export interface PublishedRecords {
  /** As resolvers have them. */
  readonly cached: readonly TlsaData[];
  /** As a server of the zone has them now; null if it was not asked. */
  readonly fresh: readonly TlsaData[] | null;
}

/** Null if there is no risk, or if the chain is not authenticated anyway. */
export function renewalRisk(
  { cached, fresh }: PublishedRecords,
  chain: DaneChain,
  reference: DaneReference,
): RenewalRisk | null {
  const now = authenticate(cached, chain, reference);
  if (now.kind !== 'authenticated') return null;
  const matching = matchingRecords(now);
  if (fresh !== null && authenticate(fresh, chain, reference).kind === 'refused')
    return { kind: 'record-going', records: matching };
  return successorRisk(fresh ?? cached, chain, reference);
}

function successorRisk(records: readonly TlsaData[], chain: DaneChain, reference: DaneReference): RenewalRisk | null {
  const verdict = authenticate(records, chain, reference);
  const matching = matchingRecords(verdict);
  const [leaf] = chain.certificates;
  const [record] = matching;
  if (leaf === undefined || record === undefined) return null;
  const days = Math.floor((Date.parse(leaf.validTo) - reference.now) / DAY);
  // An authority outlives the certificates that it issues.
  const isBoundToLeaf = matching.every(({ usage }) => usage === 3);
  const hasSuccessor = verdict.records.some(({ match }) => match.kind === 'other-key');
  return isBoundToLeaf && !hasSuccessor && days < SOON ? { kind: 'no-successor', days, record } : null;
}

function matchingRecords({ records }: DaneVerdict): readonly TlsaData[] {
  return records.flatMap(({ record, match }) => (match.kind === 'matches' ? [record] : []));
}
