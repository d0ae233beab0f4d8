/** Facts of a server that are news when they change: how a sample gives them, and how a change of each reads. */
import { createHash } from 'node:crypto';
import type { Facts } from '../judgement/observation.ts';

type Keywords = Readonly<Record<string, readonly string[]>>;

/** What a sample knows of the server. Of a target with several hosts or addresses each part has its own. */
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

/** One fact that is no longer as it was. */
export interface FactChange {
  readonly name: string;
  readonly was: string;
  readonly is: string;
}

interface Kind {
  /** Null where the session did not get as far as to know it: what is not known is not compared. */
  readonly of: (session: FactSource) => string | null;
  readonly told: (was: string, is: string) => string;
  /** Where in the session, for what may be true in two places at once. */
  readonly place?: string;
}

/**
 * Every fact, the most telling first. The cipher is none of them: servers that share a name pick another one by their
 * processor or library, and one that is too weak fails the handshake.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  starttls: {
    of: ({ extensions: { beforeTls } }) => beforeTls && ('STARTTLS' in beforeTls ? 'offered' : 'not offered'),
    told: (_, is) => `STARTTLS is ${is === 'offered' ? 'offered' : 'no longer offered'}`,
  },
  leaf: { of: leafOf, told: leafChange },
  tls: { of: ({ tls }) => tls?.version ?? null, told: (was, is) => `TLS ${numberOf(was)} -> ${numberOf(is)}` },
  inClear: { of: ({ extensions }) => listOf(extensions.beforeTls), told: keywordChanges, place: 'before TLS' },
  inTls: { of: ({ extensions }) => listOf(extensions.afterTls), told: keywordChanges, place: 'in TLS' },
};

/**
 * The facts of a sample by name, each a short text; those of a part begin with the name of the part:
 * `mx1.example.com starttls`. Null where the session did not get as far as to know any.
 */
export function factsOf(session: FactSource): Facts | null {
  const facts = session.parts === undefined ? ownFacts(session) : session.parts.flatMap(partFacts);
  return facts.length === 0 ? null : Object.fromEntries(facts);
}

type Fact = readonly [name: string, value: string];

function ownFacts(session: FactSource): readonly Fact[] {
  return Object.entries(KINDS).flatMap(([name, { of }]): Fact[] => {
    const value = of(session);
    return value === null ? [] : [[name, value]];
  });
}

/** Of each host under its own name: whichever of them speaks for the domain today, the facts are not compared with another's. */
function partFacts({ name, sample }: { readonly name: string; readonly sample: FactSource }): readonly Fact[] {
  return Object.entries(factsOf(sample) ?? {}).map(([fact, value]) => [`${name} ${fact}`, value]);
}

/**
 * The facts as they are written: what is the same as another of them is `=` and the name of that. In TLS most servers offer
 * what they offered before it, and the hosts of a domain are often alike.
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

/** The facts as they were before they were written. */
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

/** Each change in words, the most telling first; the same change in two places of the session is one. */
export function describeChanges(changes: readonly FactChange[]): readonly string[] {
  const places = new Map<string, readonly string[]>();
  for (const change of [...changes].sort((a, b) => rankOf(a) - rankOf(b))) {
    const { told, place } = KINDS[factKind(change.name)] ?? unknownKind(factKind(change.name));
    const words = `${partOf(change.name)}\n${told(change.was, change.is)}`;
    places.set(words, [...(places.get(words) ?? []), ...(place === undefined ? [] : [place])]);
  }
  return [...places].map(([words, where]) => {
    const [part = '', what = ''] = words.split('\n', 2);
    return [part, where.join(' and '), what].filter((text) => text !== '').join(': ');
  });
}

/** A fact that another version of this project recorded. */
function unknownKind(place: string): Kind {
  return { of: () => null, told: (was, is) => `${was} -> ${is}`, place };
}

function rankOf({ name }: FactChange): number {
  const rank = Object.keys(KINDS).indexOf(factKind(name));
  return rank === -1 ? Number.POSITIVE_INFINITY : rank;
}

function partOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(' ')));
}

/** `3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 O=Let's Encrypt, CN=R11`: enough of the fingerprint to tell it from others. */
function leafOf({ tls }: FactSource): string | null {
  const certificate = tls?.certificate;
  if (certificate == null) return null;
  const { fingerprint, validFrom, validTo, issuer } = certificate;
  return bounded(`${fingerprint.slice(0, 16)} ${validFrom.slice(0, 10)} ${validTo.slice(0, 10)} ${issuer}`);
}

function leafChange(was: string, is: string): string {
  const [before, after] = [readLeaf(was), readLeaf(is)];
  const issuer = before.issuer === after.issuer ? 'the same issuer' : before.issuer;
  return `new certificate, valid ${after.valid}, by ${after.issuer}; before it one valid ${before.valid}, by ${issuer}`;
}

function readLeaf(leaf: string): { readonly valid: string; readonly issuer: string } {
  const [, from, to, ...issuer] = leaf.split(' ');
  return { valid: `${from} to ${to}`, issuer: issuer.join(' ') };
}

/** `1.3` of `TLSv1.3`. */
function numberOf(version: string): string {
  return version.replace(/^TLSv/, '');
}

/** Keywords whose parameters senders go by: RFC 4954 3, RFC 1870 4, RFC 9422 4. */
const WITH_PARAMETERS: ReadonlySet<string> = new Set(['AUTH', 'SIZE', 'LIMITS']);

/** `8BITMIME AUTH=LOGIN,PLAIN SIZE=10240000`, in one order whatever the server's: STARTTLS is a fact of its own. */
function listOf(keywords: Keywords | null): string | null {
  if (keywords === null) return null;
  const words = Object.keys(keywords).filter((keyword) => keyword !== 'STARTTLS');
  const list = words.map((keyword) => {
    const parameters = WITH_PARAMETERS.has(keyword) ? (keywords[keyword] ?? []) : [];
    const sorted = parameters.map((parameter) => parameter.toUpperCase()).sort();
    return sorted.length === 0 ? keyword : `${keyword}=${sorted.join(',')}`;
  });
  return list.length === 0 ? NOTHING : bounded(list.sort().join(' '));
}

const NOTHING = 'none';

function keywordChanges(was: string, is: string): string {
  const [before, after] = [readList(was), readList(is)];
  const gone = [...before.keys()].filter((keyword) => !after.has(keyword)).map((keyword) => `${keyword} is gone`);
  const come = [...after.keys()].filter((keyword) => !before.has(keyword)).map((keyword) => `${keyword} is new`);
  const others = [...after].flatMap(([keyword, now]) => {
    const then = before.get(keyword);
    return then === undefined || then === now ? [] : [parameterChange(keyword, then, now)];
  });
  return [...gone, ...others, ...come].join(', ');
}

function readList(list: string): ReadonlyMap<string, string> {
  const words = list === NOTHING ? [] : list.split(' ');
  return new Map(words.map((word) => [word.replace(/=.*/s, ''), word.replace(/^[^=]*=?/, '')]));
}

function parameterChange(keyword: string, then: string, now: string): string {
  if (keyword !== 'AUTH') return `${keyword} ${then || 'without a value'} -> ${now || 'without a value'}`;
  const [before, after] = [then.split(','), now.split(',')];
  const gone = before.filter((mechanism) => mechanism !== '' && !after.includes(mechanism));
  const come = after.filter((mechanism) => mechanism !== '' && !before.includes(mechanism));
  return [
    ...(gone.length === 0 ? [] : [`AUTH no longer offers ${gone.join(', ')}`]),
    ...(come.length === 0 ? [] : [`AUTH also offers ${come.join(', ')}`]),
  ].join(', ');
}

/** Twice what the longest keyword lists known take: a server that lists more costs no more, and is still told apart. */
const MOST_CHARACTERS = 400;

function bounded(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}… ${textDigest(text)}`;
}

/** Eight hexadecimal digits that tell one text from another. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
