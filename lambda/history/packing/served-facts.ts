/**
 * What a session saw of a mail host, as short texts in the samples of a round. They are recorded as facts are, but their
 * changes are not reported: a renewed certificate has a fact of its own. docs/table.md describes them.
 */

import type { CertificateDigests, Sample } from '../../smtp/sample/sample.ts';
import { type ServedChain, type ServedHost, servedHostOf } from '../../smtp/sample/served-host.ts';

export type ServedFacts = Readonly<Record<string, string>>;

/** Names of the leaf that are recorded. */
const MOST_NAMES = 4;
const LONGEST_NAME = 120;
const MOST_CERTIFICATES = 5;
/** Octets of a digest that are recorded, but for the SHA-256 of the key, from which a record is written. */
export const SHORT = 8;
export const WHOLE = 32;

/** The texts of a sample, by name as facts have them: `mx1.example.com chain`. Names of the leaf that a sender looks for come first. */
export function servedFactsOf(sample: Sample, host: string | null, domain: string | null): ServedFacts {
  const { parts } = sample;
  const name = host ?? domain ?? '';
  if (parts === undefined) {
    const preferred = [name.toLowerCase(), ...(domain === null ? [] : [domain.toLowerCase()])];
    return servedFactsOfHost(servedHostOf(sample, name, ''), preferred);
  }
  const texts = parts.flatMap((part) => {
    const own = FAMILY.test(part.name) ? host : part.name;
    const facts = Object.entries(servedFactsOf(part.sample, own, domain));
    return facts.map(([fact, value]) => [`${part.name} ${fact}`, value] as const);
  });
  return Object.fromEntries(texts);
}

const FAMILY = /^IPv[46]$/;

/** What the session did not reach is omitted. */
export function servedFactsOfHost(host: ServedHost, preferred: readonly string[]): ServedFacts {
  if (host.unable !== null) return {};
  const { greeting, ehlo, starttls, chain } = host;
  const said = [greeting, ehlo, starttls === null ? null : starttls.replace(' ', '-')];
  return {
    says: said.map((word) => (word === null || word === '' ? '-' : word.slice(0, LONGEST_NAME))).join(' '),
    ...(chain === null ? {} : { chain: chainText(chain, preferred) }),
  };
}

export const TRUST_WORDS: readonly (readonly [boolean | null, string])[] = [
  [true, 'trusted'],
  [false, 'untrusted'],
  [null, '-'],
];

/** `trusted mx1.example.com,… 2027-01-10T06:59:59Z/<digests> …`. A certificate after `?` did not issue the one before it. */
function chainText({ names, moreNames, publiclyTrusted, certificates }: ServedChain, preferred: readonly string[]) {
  const trust = TRUST_WORDS.find(([value]) => value === publiclyTrusted)?.[1] ?? '-';
  const kept = relevantNames(names, preferred);
  const cut = moreNames || kept.length < names.length ? ['…'] : [];
  const list = [...kept, ...cut].join(',') || '-';
  return [trust, list, ...certificates.slice(0, MOST_CERTIFICATES).map(certificateText)].join(' ');
}

/** Those that a sender may look for come first. */
function relevantNames(names: readonly string[], preferred: readonly string[]): readonly string[] {
  const parents = preferred.flatMap((name) => [name, `*.${name.slice(name.indexOf('.') + 1)}`]);
  const usable = names.filter((name) => name.length <= LONGEST_NAME && !/[\s,…]/.test(name));
  const [first, rest] = [true, false].map((wanted) => usable.filter((name) => parents.includes(name) === wanted));
  return [...(first ?? []), ...(rest ?? [])].slice(0, MOST_NAMES);
}

function certificateText({ key, certificate, validTo, linked }: CertificateDigests): string {
  const octets = Buffer.concat([
    Buffer.from(key.sha256, 'hex').subarray(0, WHOLE),
    ...[key.sha512, certificate.sha256, certificate.sha512].map((hex) => Buffer.from(hex, 'hex').subarray(0, SHORT)),
  ]);
  return `${linked ? '' : '?'}${validTo.slice(0, 19)}Z/${octets.toString('base64url')}`;
}
