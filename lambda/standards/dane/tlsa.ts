/** Which TLSA records a mail sender uses: RFC 7672 3.1, RFC 6698 2.1. Never throws. */

import type { TlsaRecord } from '../../dns/messages/record-data.ts';

/** The fields of a record: RFC 6698 2.1. */
export type TlsaData = Pick<TlsaRecord, 'usage' | 'selector' | 'matching' | 'data'>;

export interface JudgedTlsa {
  /** `3 1 1 8cb0fc6c…`. */
  readonly text: string;
  /** Why senders do not use the record; null if they do. */
  readonly unusable: { readonly kind: 'usage' | 'syntax'; readonly reason: string } | null;
}

/** Octets of the data by the matching type: SHA-256 and SHA-512. Type 0 is the whole certificate or key. */
const DIGEST_OCTETS: Readonly<Record<number, number>> = { 1: 32, 2: 64 };

export function judgeTlsa(record: TlsaData): JudgedTlsa {
  const { usage, selector, matching, data } = record;
  const short = data.length > 16 ? `${data.slice(0, 16)}…` : data;
  return { text: `${usage} ${selector} ${matching} ${short}`, unusable: usageFault(usage) ?? syntaxFault(record) };
}

/** 3.1.3: senders have no list of authorities that both sides trust, so that usages 0 and 1 are unusable. */
function usageFault(usage: number): JudgedTlsa['unusable'] {
  if (usage === 2 || usage === 3) return null;
  const reason = usage < 2 ? `usage ${usage} (PKIX) is not for mail` : `usage ${usage} is not known`;
  return { kind: 'usage', reason };
}

function syntaxFault({ selector, matching, data }: TlsaData): JudgedTlsa['unusable'] {
  const wrong = (reason: string) => ({ kind: 'syntax', reason }) as const;
  if (selector > 1) return wrong(`selector ${selector} is not known`);
  if (matching > 2) return wrong(`matching type ${matching} is not known`);
  const octets = DIGEST_OCTETS[matching];
  const has = data.length / 2;
  if (octets !== undefined && has !== octets)
    return wrong(`matching type ${matching} has ${octets} octets, not ${has}`);
  return has === 0 ? wrong('it has no data') : null;
}

/** The name of the records of a mail server (RFC 7672 2.2.3). */
export function tlsaName(host: string): string {
  return `_25._tcp.${host.replace(/\.$/, '')}`;
}

/** As a zone file has it, for the key of a certificate: `3 1 1`, which RFC 7672 3.1.1 recommends. */
export function recommendedRecord(name: string, keySha256: string): string {
  return `${name}. IN TLSA 3 1 1 ${keySha256}`;
}
