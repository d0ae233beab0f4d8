/** Parses DKIM key records: RFC 6376 3.6.1, RFC 8301, RFC 8463. Never throws. */

import { createPublicKey } from 'node:crypto';
import { parseTagList, type TagList, type TagProblem, tagValue } from '../tag-list/tag-list.ts';

export type DkimKey =
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ed25519' }
  /** An empty `p=`: signatures with it fail. */
  | { readonly kind: 'revoked' }
  | { readonly kind: 'unknown-type'; readonly type: string }
  | { readonly kind: 'invalid'; readonly reason: string };

export interface DkimKeyRecord {
  readonly key: DkimKey;
  /** The key as the record has it, without spaces. */
  readonly publicKey: string;
  /** `t=y`: verifiers treat mail as unsigned. */
  readonly testing: boolean;
  /** Hash algorithms; null if all are allowed. */
  readonly hashes: readonly string[] | null;
  /** Whether the key is for mail (`s=`). */
  readonly forMail: boolean;
  readonly problems: readonly TagProblem[];
}

/** A record that has a key, or says that it is a DKIM record. Other TXT records may have the name, too. */
export function isDkimKeyRecord(text: string): boolean {
  return /^\s*v\s*=\s*DKIM1/i.test(text) || /(?:^|;)\s*p\s*=/.test(text);
}

export function parseDkimKeyRecord(text: string): DkimKeyRecord {
  const list = parseTagList(text);
  const publicKey = (tagValue(list, 'p') ?? '').replace(/[ \t\r\n]/g, '');
  const flags = listOf(tagValue(list, 't'));
  const services = listOf(tagValue(list, 's'));
  const hashes = tagValue(list, 'h');
  return {
    key: keyOf(list, publicKey),
    publicKey,
    testing: flags.includes('y'),
    hashes: hashes === null ? null : listOf(hashes),
    forMail: services.length === 0 || services.includes('*') || services.includes('email'),
    problems: [...list.problems, ...versionProblems(list)],
  };
}

function listOf(value: string | null): readonly string[] {
  return (value ?? '')
    .toLowerCase()
    .split(':')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** `v=` is optional; it comes first, and its only value is DKIM1. */
function versionProblems(list: TagList): readonly TagProblem[] {
  const version = list.tags.find(({ name }) => name === 'v');
  if (version === undefined) return [];
  if (version.value !== 'DKIM1') return [{ column: version.column, reason: `v=${version.value} instead of v=DKIM1` }];
  return list.tags[0] === version ? [] : [{ column: version.column, reason: 'v=DKIM1 is not the first tag' }];
}

function keyOf(list: TagList, publicKey: string): DkimKey {
  const type = (tagValue(list, 'k') ?? 'rsa').toLowerCase();
  if (tagValue(list, 'p') === null) return { kind: 'invalid', reason: 'there is no p=' };
  if (publicKey === '') return { kind: 'revoked' };
  if (type !== 'rsa' && type !== 'ed25519') return { kind: 'unknown-type', type };
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(publicKey)) {
    return { kind: 'invalid', reason: base64Fault(publicKey) };
  }
  const octets = Buffer.from(publicKey, 'base64');
  return type === 'rsa' ? rsaKey(octets) : ed25519Key(octets);
}

function base64Fault(text: string): string {
  const odd = /[^A-Za-z0-9+/=]/.exec(text);
  return odd === null ? 'p= is not base64: characters are missing, or too many' : `p= is not base64: '${odd[0]}'`;
}

/** RFC 8463 4: the 32 octets of the key alone. */
function ed25519Key(octets: Buffer): DkimKey {
  return octets.length === 32
    ? { kind: 'ed25519' }
    : { kind: 'invalid', reason: `an Ed25519 key has 32 octets, this one ${octets.length}` };
}

/** RFC 6376 wants the DER of RSAPublicKey; what is published is SubjectPublicKeyInfo (erratum 3017). Both are in use. */
function rsaKey(octets: Buffer): DkimKey {
  for (const type of ['spki', 'pkcs1'] as const) {
    const bits = modulusBits(octets, type);
    if (bits !== null) return { kind: 'rsa', bits };
  }
  return { kind: 'invalid', reason: 'p= is not an RSA key: it may be cut off' };
}

function modulusBits(octets: Buffer, type: 'spki' | 'pkcs1'): number | null {
  try {
    const key = createPublicKey({ key: octets, format: 'der', type });
    return key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? null) : null;
  } catch {
    // OpenSSL says no more than that the key is wrong.
    return null;
  }
}
