/** Compares one TLSA record with the chain that a server presents: RFC 6698 2.1, RFC 7671 5, RFC 7672 3.1. Never throws. */

import { createHash } from 'node:crypto';
import { comparableName } from '../domain-name.ts';
import { judgeTlsa, type TlsaData } from './tlsa.ts';

/** Lower-case hexadecimal. A stored digest may be cut, to 16 digits at least. */
interface DaneDigests {
  readonly sha256: string;
  readonly sha512: string;
}

export interface DaneCertificate {
  readonly certificate: DaneDigests;
  /** Of the subject public key info. */
  readonly key: DaneDigests;
  /** ISO 8601 UTC. */
  readonly validTo: string;
  /** Whether it issued the certificate before it. True for the leaf. */
  readonly linked: boolean;
}

export interface DaneChain {
  /** DNS names of the leaf. */
  readonly names: readonly string[];
  /** Whether the leaf has names that are not known here. */
  readonly moreNames: boolean;
  /** The leaf, then those that issued it, in order. */
  readonly certificates: readonly DaneCertificate[];
}

export interface DaneReference {
  /** RFC 7672 3.2.2: the MX host with the TLSA records, and the domain of the recipients. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

export type RecordMatch =
  | { readonly kind: 'matches' }
  | { readonly kind: 'other-key' }
  /** Senders do not use the record. */
  | { readonly kind: 'unusable' }
  /** RFC 7671 9: a record with a stronger digest is used instead. */
  | { readonly kind: 'weaker-digest' }
  /** DNS has the whole authority, which is not served: whether it issued the chain is not known here. */
  | { readonly kind: 'anchor-not-served' }
  /** The authority is served, but did not issue the certificate. */
  | { readonly kind: 'not-an-issuer' }
  | { readonly kind: 'wrong-name' }
  | { readonly kind: 'expired'; readonly validTo: string }
  /** The matching name may be among those that are not known. */
  | { readonly kind: 'unknown-name' };

const ANCHOR = 2;

/** Digest agility is that of the whole set: see `authenticate`. */
export function matchRecord(record: TlsaData, chain: DaneChain, reference: DaneReference): RecordMatch {
  if (judgeTlsa(record).unusable !== null) return { kind: 'unusable' };
  if (record.usage === ANCHOR) return matchAnchor(record, chain, reference);
  // RFC 7672 3.1.1: neither names nor dates count.
  const [leaf] = chain.certificates;
  return { kind: leaf !== undefined && hasData(leaf, record) ? 'matches' : 'other-key' };
}

/** RFC 7671 5.2: the anchor is above the leaf, and the path up to it, its dates and the name of the leaf are verified. */
function matchAnchor(record: TlsaData, { certificates, ...names }: DaneChain, reference: DaneReference): RecordMatch {
  const at = certificates.findIndex((one, depth) => depth > 0 && one.linked && hasData(one, record));
  if (at === -1) {
    const isServed = certificates.slice(1).some((one) => hasData(one, record));
    return { kind: isServed ? 'not-an-issuer' : record.matching === 0 ? 'anchor-not-served' : 'other-key' };
  }
  const expired = certificates.slice(0, at + 1).find(({ validTo }) => Date.parse(validTo) < reference.now);
  if (expired !== undefined) return { kind: 'expired', validTo: expired.validTo };
  const isNamed = names.names.some((name) => reference.names.some((wanted) => isNameOf(name, wanted)));
  return { kind: isNamed ? 'matches' : names.moreNames ? 'unknown-name' : 'wrong-name' };
}

/** RFC 7672 3.2.3: an asterisk stands for the whole first label. */
function isNameOf(presented: string, reference: string): boolean {
  const [name, wanted] = [presented, reference].map(comparableName);
  if (name === undefined || wanted === undefined) return false;
  if (!name.startsWith('*.')) return name === wanted;
  const parent = name.slice(2);
  return parent.includes('.') && wanted.includes('.') && wanted.slice(wanted.indexOf('.') + 1) === parent;
}

const SHORTEST_DIGEST = 16;

function hasData({ certificate, key }: DaneCertificate, { selector, matching, data }: TlsaData): boolean {
  const digests = selector === 0 ? certificate : key;
  if (matching === 2) return equals(data, digests.sha512);
  const digest = matching === 1 ? data : createHash('sha256').update(Buffer.from(data, 'hex')).digest('hex');
  return equals(digest, digests.sha256);
}

function equals(digest: string, known: string): boolean {
  return known.length >= SHORTEST_DIGEST && digest.startsWith(known);
}
