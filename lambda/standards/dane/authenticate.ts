/** Whether a sender that uses DANE accepts the chain of a server: RFC 7672 2.2, 3.1, RFC 7671 9. Never throws. */

import { type DaneChain, type DaneReference, matchRecord, type RecordMatch } from './match-record.ts';
import { judgeTlsa, type TlsaData } from './tlsa.ts';

export interface JudgedRecord {
  readonly record: TlsaData;
  readonly match: RecordMatch;
}

export interface DaneVerdict {
  /**
   * `authenticated`: mail is delivered. `refused`: mail is deferred, and later returned. `unauthenticated`: no record can be
   * used, and senders require TLS but do not verify the certificate (2.2). `unknown`: what is served does not show it.
   */
  readonly kind: 'authenticated' | 'refused' | 'unauthenticated' | 'unknown';
  readonly records: readonly JudgedRecord[];
}

export function authenticate(records: readonly TlsaData[], chain: DaneChain, reference: DaneReference): DaneVerdict {
  const usable = records.filter((record) => judgeTlsa(record).unusable === null);
  const judged = records.map((record): JudgedRecord => {
    const isWeaker = usable.includes(record) && usable.some((other) => isStronger(other, record));
    return { record, match: isWeaker ? { kind: 'weaker-digest' } : matchRecord(record, chain, reference) };
  });
  return { kind: verdictOf(usable, judged), records: judged };
}

function verdictOf(usable: readonly TlsaData[], judged: readonly JudgedRecord[]): DaneVerdict['kind'] {
  if (usable.length === 0) return 'unauthenticated';
  const has = (kind: RecordMatch['kind']) => judged.some(({ match }) => match.kind === kind);
  if (has('matches')) return 'authenticated';
  return has('unknown-name') || has('anchor-not-served') ? 'unknown' : 'refused';
}

/** Of one usage and selector only the strongest digest counts. The whole certificate or key (0) always counts. */
function isStronger(other: TlsaData, record: TlsaData): boolean {
  const isSameKind = other.usage === record.usage && other.selector === record.selector;
  return isSameKind && record.matching === 1 && other.matching === 2;
}
