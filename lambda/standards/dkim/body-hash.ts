/** Whether a body is as it was when it was signed: RFC 6376 3.4.3, 3.4.4 and 3.7. The signature itself is not verified. Never throws. */

import { createHash } from 'node:crypto';
import type { HeaderField } from '../mime/header.ts';
import { parseTagList } from '../tag-list/tag-list.ts';

export interface BodyHashCheck {
  /** `d=`, in lower case. */
  readonly domain: string;
  readonly selector: string;
  readonly isIntact: boolean;
}

const MOST_SIGNATURES = 10;
/** Signatures whose body hash can be made here. `rsa-sha1` must not be used any more (RFC 8301 3.1), and still is. */
const HASHES: readonly string[] = ['sha1', 'sha256'];

/** Of each signature of a message, newest first. @param body as it was received, octets as characters (latin1) */
export function checkBodyHashes(fields: readonly HeaderField[], body: string): readonly BodyHashCheck[] {
  const made = new Map<string, string>();
  return fields
    .filter(({ name }) => name === 'dkim-signature')
    .slice(0, MOST_SIGNATURES)
    .flatMap(({ value }) => checkSignature(value, body, made));
}

function checkSignature(value: string, body: string, made: Map<string, string>): readonly BodyHashCheck[] {
  const tags = parseTagList(value);
  const of = (name: string) => tags.tags.find((tag) => tag.name === name)?.value.replace(/\s+/g, '') ?? null;
  const algorithm = of('a')?.toLowerCase().split('-').at(-1) ?? '';
  const [domain, selector, claimed] = [of('d'), of('s'), of('bh')];
  if (domain === null || selector === null || claimed === null || !HASHES.includes(algorithm)) return [];
  const canonicalization = (of('c') ?? 'simple/simple').toLowerCase().split('/')[1] ?? 'simple';
  const length = /^\d{1,12}$/.test(of('l') ?? '') ? Number(of('l')) : null;
  const key = `${algorithm} ${canonicalization} ${length}`;
  const hash = made.get(key) ?? bodyHash(body, algorithm, canonicalization, length);
  made.set(key, hash);
  return [{ domain: domain.toLowerCase(), selector: selector.toLowerCase(), isIntact: hash === claimed }];
}

function bodyHash(body: string, algorithm: string, canonicalization: string, length: number | null): string {
  const canonical = canonicalBody(body, canonicalization === 'relaxed');
  const octets = Buffer.from(canonical, 'latin1');
  return createHash(algorithm)
    .update(length === null ? octets : octets.subarray(0, length))
    .digest('base64');
}

function canonicalBody(body: string, isRelaxed: boolean): string {
  const lines = body.split(/\r?\n/);
  const written = isRelaxed ? lines.map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, '')) : lines;
  let end = written.length;
  while (end > 0 && written[end - 1] === '') end--;
  // RFC 6376 3.4.3: an empty body is one line end if it is simple, and nothing if it is relaxed.
  if (end === 0) return isRelaxed ? '' : '\r\n';
  return `${written.slice(0, end).join('\r\n')}\r\n`;
}
