/** Signatures and keys of a zone: RFC 4034, RFC 4035. Whether they are valid is said by the resolver; here is why, and for how long. */

import { createHash } from 'node:crypto';
import type { AnswerMessage } from '../../dns/messages/answer-message.ts';
import type { DnskeyData, DsData, RrsigData } from '../../dns/messages/record-data.ts';

export interface SignatureLife {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** A set of records is valid until its last signature ends. The set whose signatures end first counts; null if nothing is signed. */
export function shortestLife(messages: readonly AnswerMessage[]): SignatureLife | null {
  const lives = messages.flatMap(({ answers }) => {
    const signatures = answers.flatMap((record) => (record.type === 'RRSIG' ? [record.data] : []));
    const last = signatures.toSorted((a, b) => b.expiration - a.expiration)[0];
    return last === undefined ? [] : [{ from: last.inception, until: last.expiration }];
  });
  return lives.toSorted((a, b) => a.until - b.until)[0] ?? null;
}

const DAY = 86_400_000;
/** Signers renew after half or three quarters of the lifetime. Some sign for two days only, so that a number of days alone would mislead. */
const LAST_PART = 0.1;

export function lifeLeft({ from, until }: SignatureLife, now: number): 'enough' | 'little' | 'none' {
  if (until <= now) return 'none';
  return until - now < Math.min(3 * DAY, LAST_PART * (until - from)) ? 'little' : 'enough';
}

export function keysIn({ answers }: AnswerMessage): readonly DnskeyData[] {
  return answers.flatMap((record) => (record.type === 'DNSKEY' ? [record.data] : []));
}

/** `the keys 4711, 4712`. */
export function keyTags(keys: readonly DnskeyData[]): string {
  const tags = keys.map(({ keyTag }) => keyTag).join(', ');
  return keys.length === 1 ? `the key ${tags}` : `the keys ${tags}`;
}

export function dsIn({ answers }: AnswerMessage): readonly DsData[] {
  return answers.flatMap((record) => (record.type === 'DS' ? [record.data] : []));
}

/** Algorithms of the signatures. */
export function algorithmsIn({ answers }: AnswerMessage): readonly number[] {
  const signatures = answers.flatMap((record): RrsigData[] => (record.type === 'RRSIG' ? [record.data] : []));
  return [...new Set(signatures.map(({ algorithm }) => algorithm))];
}

/** Hash functions by digest type (RFC 4509, RFC 6605). */
const DIGESTS: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

/** Whether the DS record is that of one of the keys. Of a digest type that is not known, the key tag counts. */
export function fitsKey(ds: DsData, zone: string, keys: readonly DnskeyData[]): boolean {
  return keys.some((key) => {
    if (key.keyTag !== ds.keyTag || key.algorithm !== ds.algorithm) return false;
    const name = DIGESTS[ds.digestType];
    return name === undefined || digestOf(name, zone, key) === ds.digest;
  });
}

const ZONE_KEY = 0x0100;
const SECURE_ENTRY_POINT = 0x0001;
const REVOKED = 0x0080;

/** The DS records that fit the keys, in the form of zone files: of those that are to have one (RFC 4034 2.1.1), of any if none is. */
export function dsRecords(zone: string, keys: readonly DnskeyData[]): readonly string[] {
  const usable = keys.filter(({ flags }) => (flags & ZONE_KEY) !== 0 && (flags & REVOKED) === 0);
  const entry = usable.filter(({ flags }) => (flags & SECURE_ENTRY_POINT) !== 0);
  return (entry.length > 0 ? entry : usable).map(
    (key) => `${zone}. IN DS ${key.keyTag} ${key.algorithm} 2 ${digestOf('sha256', zone, key)}`,
  );
}

/** RFC 4034 5.1.4. */
function digestOf(hash: string, zone: string, { flags, algorithm, key }: DnskeyData): string {
  const labels = zone.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  const head = Buffer.from([flags >> 8, flags & 0xff, 3, algorithm]);
  const owner = Buffer.concat([...labels, Buffer.from([0])]);
  return createHash(hash).update(owner).update(head).update(Buffer.from(key, 'base64')).digest('hex');
}
