/** Records as the standards read them. The lookup is passed in, so that a test or a cache can replace the resolver. */

import type { DnsFailure } from '../dns-failure.ts';
import type { RecordData } from '../messages/record-data.ts';

/** The value of a record by its type. A TXT record is its strings joined, one character per octet (RFC 1035 3.3.14). */
export type RecordValues = Omit<RecordData, 'RRSIG'>;

export type RecordType = keyof RecordValues;

export type DnsAnswer<Value> =
  | {
      readonly kind: 'found';
      readonly values: readonly Value[];
      /** Records of the answer, if they are more than the values. */
      readonly total?: number;
      /** Seconds for which the records may be kept: the least of them and of the aliases to them. */
      readonly ttl?: number;
      /** DNSSEC: a resolver validated the records, and nobody between it and this machine can change its answer. */
      readonly authenticated?: boolean;
    }
  /** `exists`: the name has records of other types (no data). Otherwise the name does not exist (NXDOMAIN). */
  | { readonly kind: 'none'; readonly exists: boolean; readonly authenticated?: boolean }
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

/** Whether the name can be sent: dns-packet cannot write a dot inside of a label, which is escaped. */
export function canBeSent(name: string): boolean {
  return name === '' || (isQueryName(name) && !name.includes('\\'));
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
