/** Parses SPF records: RFC 7208 4.5, 4.6.1, 12. Never throws. */

import { isIP } from 'node:net';
import { ownValue } from '../../wire/own-value.ts';
import { suggestionText } from '../spelling.ts';
import { domainSpecProblem, macroStringProblem } from './macro.ts';

export type Qualifier = '+' | '-' | '~' | '?';

interface Place {
  /** The term as the record has it. */
  readonly text: string;
  /** The first character of the record has column 1. */
  readonly column: number;
}

export type Mechanism = Place & { readonly qualifier: Qualifier } & (
    | { readonly kind: 'all' }
    | { readonly kind: 'include' | 'exists'; readonly domain: string }
    | { readonly kind: 'ptr'; readonly domain: string | null }
    | { readonly kind: 'a' | 'mx'; readonly domain: string | null; readonly bits4: number; readonly bits6: number }
    | { readonly kind: 'ip4' | 'ip6'; readonly network: string; readonly bits: number }
  );

export type Modifier = Place & { readonly kind: 'redirect' | 'exp' | 'other'; readonly domain: string };

export type Term = Mechanism | Modifier;

export interface SpfSyntaxError {
  readonly column: number;
  readonly text: string;
  readonly reason: string;
}

export interface SpfRecord {
  readonly terms: readonly Term[];
  readonly errors: readonly SpfSyntaxError[];
}

/** Whether a TXT record is an SPF record of version 1: the version, then a space or the end (4.5). */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** Whether somebody meant an SPF record, and receivers do not see one. */
export function isMisspeltSpfRecord(text: string): boolean {
  return !isSpfRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?spf ?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

/** Mistakes that are named. One of them already makes the record void. */
const MOST_ERRORS = 100;

/** Of a text that `isSpfRecord` accepts. */
export function parseSpfRecord(text: string): SpfRecord {
  const terms: Term[] = [];
  const errors: SpfSyntaxError[] = [];
  for (const match of text.slice(6).matchAll(/[^ ]+/g)) {
    const place = { text: match[0], column: match.index + 7 };
    const term = parseTerm(place);
    if ('reason' in term) errors.push(term);
    else terms.push(term);
    if (errors.length >= MOST_ERRORS) break;
  }
  return { terms, errors: [...errors, ...repeatedModifiers(terms)].toSorted((a, b) => a.column - b.column) };
}

/** Modifiers of RFC 7208; others are ignored (6). */
const MODIFIERS = ['redirect', 'exp'] as const;

/** `redirect` and `exp` must not be there twice (6). */
function repeatedModifiers(terms: readonly Term[]): readonly SpfSyntaxError[] {
  return MODIFIERS.flatMap((kind) =>
    terms
      .filter((term) => term.kind === kind)
      .slice(1)
      .map(({ text, column }) => ({ text, column, reason: `${kind}= is there twice` })),
  );
}

function parseTerm(place: Place): Term | SpfSyntaxError {
  const { text, column } = place;
  const odd = /[^\x21-\x7e]/.exec(text);
  if (odd !== null) return { text, column: column + odd.index, reason: oddCharacter(odd[0]) };
  const [, name, value = ''] = /^([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/.exec(text) ?? [];
  return name === undefined ? parseMechanism(place) : parseModifier(place, name.toLowerCase(), value);
}

function oddCharacter(character: string): string {
  return character === '\t' ? 'a tab; terms are separated by spaces' : 'a character that is not printable ASCII';
}

function parseModifier(place: Place, name: string, value: string): Modifier | SpfSyntaxError {
  const kind = MODIFIERS.find((one) => one === name) ?? 'other';
  const problem = kind === 'other' ? macroStringProblem(value) : domainSpecProblem(value);
  if (problem === null) return { ...place, kind, domain: value };
  return { ...place, column: place.column + name.length + 1 + problem.at, reason: problem.reason };
}

type Arguments = { readonly qualifier: Qualifier; readonly rest: string };
type Parse = (place: Place, given: Arguments) => Mechanism | string;

/** By the name of the mechanism. A text is the reason of a syntax error. */
const MECHANISMS: Readonly<Record<string, Parse>> = {
  all: (place, { qualifier, rest }) => (rest === '' ? { ...place, qualifier, kind: 'all' } : 'all takes no argument'),
  include: (place, given) => withDomain(place, given, 'include'),
  exists: (place, given) => withDomain(place, given, 'exists'),
  a: (place, given) => withPrefixes(place, given, 'a'),
  mx: (place, given) => withPrefixes(place, given, 'mx'),
  ptr: (place, { qualifier, rest }) => {
    const domain = optionalDomain(rest);
    return 'reason' in domain ? domain.reason : { ...place, qualifier, kind: 'ptr', domain: domain.domain };
  },
  ip4: (place, given) => network(place, given, 'ip4'),
  ip6: (place, given) => network(place, given, 'ip6'),
};

function parseMechanism(place: Place): Mechanism | SpfSyntaxError {
  const [, sign = '', name = '', rest = ''] = /^([+?~-]?)([A-Za-z0-9_.-]*)(.*)$/.exec(place.text) ?? [];
  const key = name.toLowerCase();
  const parse = ownValue(MECHANISMS, key);
  const problem = (reason: string): SpfSyntaxError => ({ text: place.text, column: place.column, reason });
  if (parse === undefined) return problem(unknownMechanism(name, place.text));
  const parsed = parse(place, { qualifier: (sign || '+') as Qualifier, rest });
  return typeof parsed === 'string' ? problem(parsed) : parsed;
}

function unknownMechanism(name: string, text: string): string {
  const bare = text.replace(/^[+?~-]/, '');
  const version = isIP(bare.replace(/\/\d+$/, ''));
  if (version > 0) return `an address needs a mechanism: ip${version}:${bare}`;
  if (name === '') return 'not a mechanism';
  if (MODIFIERS.some((one) => one === name.toLowerCase()))
    return `a modifier is written with = and without a sign: ${bare.replace(/^([a-z]+)[:=]?/i, '$1=')}`;
  const names = Object.keys(MECHANISMS);
  // Of a single letter, nothing of the word is left.
  const meant = name.length === 1 ? '' : suggestionText(name, names);
  return `'${name}' is not a mechanism${meant || `; known are ${names.join(', ')}`}`;
}

type Domain = { readonly domain: string | null } | { readonly reason: string };

/** Nothing, or a colon and a domain. */
function optionalDomain(rest: string): Domain {
  if (rest === '') return { domain: null };
  if (!rest.startsWith(':')) return { reason: `'${rest}' does not belong there` };
  const problem = domainSpecProblem(rest.slice(1));
  return problem === null ? { domain: rest.slice(1) } : { reason: problem.reason };
}

function withDomain(place: Place, { qualifier, rest }: Arguments, kind: 'include' | 'exists'): Mechanism | string {
  const parsed = optionalDomain(rest);
  if ('reason' in parsed) return parsed.reason;
  return parsed.domain === null
    ? `${kind} needs a domain: ${kind}:example.com`
    : { ...place, qualifier, kind, domain: parsed.domain };
}

const NUMBER = '(0|[1-9]\\d{0,2})';
const DUAL = new RegExp(`(?:/${NUMBER})?(?://${NUMBER})?$`);

function withPrefixes(place: Place, { qualifier, rest }: Arguments, kind: 'a' | 'mx'): Mechanism | string {
  const [whole = '', four, six] = DUAL.exec(rest) ?? [];
  const parsed = optionalDomain(rest.slice(0, rest.length - whole.length));
  if ('reason' in parsed) return parsed.reason;
  const [bits4, bits6] = [Number(four ?? 32), Number(six ?? 128)];
  if (bits4 > 32) return `/${bits4} is longer than an IPv4 address`;
  if (bits6 > 128) return `//${bits6} is longer than an IPv6 address`;
  return { ...place, qualifier, kind, domain: parsed.domain, bits4, bits6 };
}

const NETWORK = new RegExp(`^:([^/]+)(?:/${NUMBER})?$`);

function network(place: Place, { qualifier, rest }: Arguments, kind: 'ip4' | 'ip6'): Mechanism | string {
  const [, address = '', prefix] = NETWORK.exec(rest) ?? [];
  const [version, most] = kind === 'ip4' ? [4, 32] : [6, 128];
  if (isIP(address) !== version || address.includes('%'))
    return `${kind} needs an IPv${version} address: ${EXAMPLES[kind]}`;
  const bits = Number(prefix ?? most);
  return bits > most ? `/${bits} is longer than the address` : { ...place, qualifier, kind, network: address, bits };
}

const EXAMPLES = { ip4: 'ip4:192.0.2.1 or ip4:192.0.2.0/24', ip6: 'ip6:2001:db8::1 or ip6:2001:db8::/32' } as const;
