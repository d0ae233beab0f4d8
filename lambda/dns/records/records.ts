/** Records as the standards read them. The lookup is passed in, so that a test or a cache can replace the resolver. */

import type { DnsFailure } from '../dns-failure.ts';
import type { MailExchanger } from '../mail-exchangers.ts';
import type { TlsaRecord } from './tlsa-answer.ts';

/** The value of a record by its type. A TXT record is its strings joined, one character per octet (RFC 1035 3.3.14). */
export interface RecordValues {
  readonly A: string;
  readonly AAAA: string;
  readonly MX: MailExchanger;
  readonly TXT: string;
  readonly PTR: string;
  readonly CNAME: string;
  readonly TLSA: TlsaRecord;
}

export type RecordType = keyof RecordValues;

export type DnsAnswer<Value> =
  | { readonly kind: 'found'; readonly values: readonly Value[] }
  /** `exists`: the name has records of other types (no data). Otherwise the name does not exist (NXDOMAIN). */
  | { readonly kind: 'none'; readonly exists: boolean }
  /** Nothing is known: no answer, SERVFAIL, refused. It never means that there is no record. */
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

/** Never rejects. */
export type RecordLookup = <Type extends RecordType>(
  type: Type,
  name: string,
) => Promise<DnsAnswer<RecordValues[Type]>>;

/** The values of an answer; none if there are none, or if the lookup failed. */
export function valuesOf<Value>(answer: DnsAnswer<Value>): readonly Value[] {
  return answer.kind === 'found' ? answer.values : [];
}

/** A name that a query can have: RFC 1035 2.3.4, in ASCII. */
export function isQueryName(name: string): boolean {
  const bare = name.replace(/\.$/, '');
  return (
    /^[\x20-\x7e]+$/.test(bare) &&
    bare.length <= 253 &&
    bare.split('.').every((label) => label.length > 0 && label.length <= 63)
  );
}
