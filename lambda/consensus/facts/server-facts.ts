/** Facts of a server whose changes are reported: how each is read from a sample, and how its change is described. */
import { createHash } from 'node:crypto';
import type { Facts } from '../judgement/observation.ts';

type Keywords = Readonly<Record<string, readonly string[]>>;

/** The parts of a sample that contain facts. A target with several hosts or addresses has one `part` for each. */
export interface FactSource {
  readonly tls: {
    readonly version: string;
    readonly certificate: {
      readonly fingerprint: string;
      /** ISO 8601 UTC. */
      readonly validFrom: string;
      readonly validTo: string;
      readonly issuer: string;
    } | null;
  } | null;
  readonly extensions: { readonly beforeTls: Keywords | null; readonly afterTls: Keywords | null };
  readonly parts?: readonly { readonly name: string; readonly sample: FactSource }[];
}

/** One fact that changed. */
export interface FactChange {
  readonly name: string;
  readonly was: string;
  readonly is: string;
}

interface FactKind {
  /** Null if the session did not reach it. Unknown facts are not compared. */
  readonly of: (source: FactSource) => string | null;
  readonly describe: (was: string, is: string) => string;
  /** The place in the session, for facts that occur in two places. */
  readonly place?: string;
}

/**
 * Every fact, the most important first. The cipher is not a fact: servers that share a name choose different ciphers by
 * processor or library, and a weak cipher fails the handshake.
 */
const FACT_KINDS: Readonly<Record<string, FactKind>> = {
  starttls: {
    of: ({ extensions: { beforeTls } }) => beforeTls && ('STARTTLS' in beforeTls ? 'offered' : 'not offered'),
    describe: (_, is) => `STARTTLS is ${is === 'offered' ? 'offered' : 'no longer offered'}`,
  },
  leaf: { of: certificateFact, describe: describeCertificate },
  tls: {
    of: ({ tls }) => tls?.version ?? null,
    describe: (was, is) => `TLS ${versionNumber(was)} -> ${versionNumber(is)}`,
  },
  inClear: {
    of: ({ extensions }) => keywordList(extensions.beforeTls),
    describe: describeKeywords,
    place: 'before TLS',
  },
  inTls: { of: ({ extensions }) => keywordList(extensions.afterTls), describe: describeKeywords, place: 'in TLS' },
};

/**
 * The facts of a sample by name, each a short text. The facts of a part have its name as a prefix:
 * `mx1.example.com starttls`. Null if the session did not reach any.
 */
export function factsOf(source: FactSource): Facts | null {
  const facts = source.parts === undefined ? ownFacts(source) : source.parts.flatMap(partFacts);
  return facts.length === 0 ? null : Object.fromEntries(facts);
}

type Fact = readonly [name: string, value: string];

function ownFacts(source: FactSource): readonly Fact[] {
  return Object.entries(FACT_KINDS).flatMap(([name, { of }]): Fact[] => {
    const value = of(source);
    return value === null ? [] : [[name, value]];
  });
}

/** The facts of each host under its own name, so that they are never compared with those of another host. */
function partFacts({ name, sample }: { readonly name: string; readonly sample: FactSource }): readonly Fact[] {
  return Object.entries(factsOf(sample) ?? {}).map(([fact, value]) => [`${name} ${fact}`, value]);
}

/**
 * The facts as stored: a value that equals another is written as `=` and the name of the other. Most servers offer the same
 * keywords before and after STARTTLS, and the hosts of a domain are often equal.
 */
export function condenseFacts(facts: Facts): Facts {
  const names = new Map<string, string>();
  const written = Object.entries(facts).map(([name, value]) => {
    const same = names.get(value);
    if (same === undefined) names.set(value, name);
    return [name, same === undefined || same.length + 1 >= value.length ? value : `=${same}`];
  });
  return Object.fromEntries(written);
}

/** The reverse of `condenseFacts`. */
export function expandFacts(facts: Facts): Facts {
  const read = Object.entries(facts).map(([name, value]) => [
    name,
    value.startsWith('=') ? (facts[value.slice(1)] ?? value) : value,
  ]);
  return Object.fromEntries(read);
}

/** `leaf` of `mx1.example.com leaf`. */
export function factKind(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

/** Describes each change, the most important first. The same change in two places of the session is described once. */
export function describeChanges(changes: readonly FactChange[]): readonly string[] {
  const places = new Map<string, readonly string[]>();
  for (const change of [...changes].sort((a, b) => rankOf(a) - rankOf(b))) {
    const { describe, place } = FACT_KINDS[factKind(change.name)] ?? unknownFactKind(factKind(change.name));
    const words = `${partOf(change.name)}\n${describe(change.was, change.is)}`;
    places.set(words, [...(places.get(words) ?? []), ...(place === undefined ? [] : [place])]);
  }
  return [...places].map(([words, where]) => {
    const [part = '', what = ''] = words.split('\n', 2);
    return [part, where.join(' and '), what].filter((text) => text !== '').join(': ');
  });
}

/** A fact recorded by another version of this project. */
function unknownFactKind(place: string): FactKind {
  return { of: () => null, describe: (was, is) => `${was} -> ${is}`, place };
}

function rankOf({ name }: FactChange): number {
  const rank = Object.keys(FACT_KINDS).indexOf(factKind(name));
  return rank === -1 ? Number.POSITIVE_INFINITY : rank;
}

function partOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(' ')));
}

/** `3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 O=Let's Encrypt, CN=R11`: 16 digits identify the certificate. */
function certificateFact({ tls }: FactSource): string | null {
  const certificate = tls?.certificate;
  if (certificate == null) return null;
  const { fingerprint, validFrom, validTo, issuer } = certificate;
  return bounded(`${fingerprint.slice(0, 16)} ${validFrom.slice(0, 10)} ${validTo.slice(0, 10)} ${issuer}`);
}

function describeCertificate(was: string, is: string): string {
  const [before, after] = [parseCertificate(was), parseCertificate(is)];
  const issuer = before.issuer === after.issuer ? 'the same issuer' : before.issuer;
  return `new certificate, valid ${after.valid}, issued by ${after.issuer}; previous: valid ${before.valid}, issued by ${issuer}`;
}

function parseCertificate(leaf: string): { readonly valid: string; readonly issuer: string } {
  const [, from, to, ...issuer] = leaf.split(' ');
  return { valid: `${from} to ${to}`, issuer: issuer.join(' ') };
}

/** `1.3` of `TLSv1.3`. */
function versionNumber(version: string): string {
  return version.replace(/^TLSv/, '');
}

/** Keywords whose parameters change what a sender does: RFC 4954 3, RFC 1870 4, RFC 9422 4. */
const WITH_PARAMETERS: ReadonlySet<string> = new Set(['AUTH', 'SIZE', 'LIMITS']);

/** `8BITMIME AUTH=LOGIN,PLAIN SIZE=10240000`, sorted. STARTTLS is a separate fact. */
function keywordList(keywords: Keywords | null): string | null {
  if (keywords === null) return null;
  const words = Object.keys(keywords).filter((keyword) => keyword !== 'STARTTLS');
  const list = words.map((keyword) => {
    const parameters = WITH_PARAMETERS.has(keyword) ? (keywords[keyword] ?? []) : [];
    const sorted = parameters.map((parameter) => parameter.toUpperCase()).sort();
    return sorted.length === 0 ? keyword : `${keyword}=${sorted.join(',')}`;
  });
  return list.length === 0 ? NO_KEYWORDS : bounded(list.sort().join(' '));
}

const NO_KEYWORDS = 'none';

function describeKeywords(was: string, is: string): string {
  const [before, after] = [parseKeywords(was), parseKeywords(is)];
  const removed = [...before.keys()].filter((keyword) => !after.has(keyword)).map((keyword) => `${keyword} is gone`);
  const added = [...after.keys()].filter((keyword) => !before.has(keyword)).map((keyword) => `${keyword} is new`);
  const others = [...after].flatMap(([keyword, now]) => {
    const then = before.get(keyword);
    return then === undefined || then === now ? [] : [describeParameters(keyword, then, now)];
  });
  return [...removed, ...others, ...added].join(', ');
}

function parseKeywords(list: string): ReadonlyMap<string, string> {
  const words = list === NO_KEYWORDS ? [] : list.split(' ');
  return new Map(words.map((word) => [word.replace(/=.*/s, ''), word.replace(/^[^=]*=?/, '')]));
}

function describeParameters(keyword: string, was: string, is: string): string {
  if (keyword !== 'AUTH') return `${keyword} ${was || 'without a value'} -> ${is || 'without a value'}`;
  const [before, after] = [was.split(','), is.split(',')];
  const removed = before.filter((mechanism) => mechanism !== '' && !after.includes(mechanism));
  const added = after.filter((mechanism) => mechanism !== '' && !before.includes(mechanism));
  return [
    ...(removed.length === 0 ? [] : [`AUTH no longer offers ${removed.join(', ')}`]),
    ...(added.length === 0 ? [] : [`AUTH also offers ${added.join(', ')}`]),
  ].join(', ');
}

/** Twice the longest known keyword list. A longer text is cut, and a digest keeps it distinct. */
const MOST_CHARACTERS = 400;

function bounded(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}… ${textDigest(text)}`;
}

/** Eight hexadecimal digits of the SHA-256 digest of a text. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
