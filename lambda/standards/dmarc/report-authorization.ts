/** Whether another domain accepts the reports of a domain: RFC 9990 4. Never throws. */

import type { RecordLookup } from '../../dns/records/records.ts';
import { discoverDmarc } from './discovery.ts';
import { isDmarcRecord, reportDomain } from './record.ts';

export interface ReportAuthorization {
  readonly uri: string;
  /** `unknown`: a query was not answered. */
  readonly state: 'own' | 'authorized' | 'refused' | 'unknown';
  /** The name whose TXT record authorizes the reports. */
  readonly name: string;
  readonly detail: string;
}

/** Of a mailto URI; null for another one. `organizational`: the organizational domain of `domain`, which has the record. */
export async function authorizeReports(
  uri: string,
  domain: string,
  organizational: string,
  lookup: RecordLookup,
): Promise<ReportAuthorization | null> {
  const receiver = reportDomain(uri);
  if (receiver === null) return null;
  const name = `${domain}._report._dmarc.${receiver}`;
  const found = (state: ReportAuthorization['state'], detail: string) => ({ uri, state, name, detail });
  if (receiver === organizational || receiver.endsWith(`.${organizational}`)) return found('own', receiver);
  const answer = await lookup('TXT', name);
  if (answer.kind === 'failed') return found('unknown', answer.failure.detail);
  if (answer.kind === 'found' && answer.values.some(isDmarcRecord)) return found('authorized', receiver);
  // Both may have the same organizational domain: the query for it is needed only now.
  const other = await discoverDmarc(receiver, lookup);
  if (other.kind === 'failed') return found('unknown', other.failure.detail);
  const same = other.kind !== 'several' && other.organizational === organizational;
  return found(same ? 'own' : 'refused', `${name} has no DMARC record`);
}
