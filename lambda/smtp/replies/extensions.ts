/** Parses the extension keywords of an EHLO reply: RFC 5321 4.1.1.1. */

import { LIMITS } from '../bounds/limits.ts';
import type { Extensions } from '../sample/sample.ts';
import type { Reply } from './reply-reader.ts';

/** RFC 5321 sets no limit on the length. The longest registered keyword has 18 octets. */
const KEYWORD = /^[A-Z0-9][A-Z0-9_.-]{0,63}$/;

/** Each line after the first is a keyword with parameters. Invalid keywords, and those above the limit, are omitted. */
export function parseExtensions({ lines }: Reply): Extensions {
  const extensions: Record<string, readonly string[]> = {};
  const end = Math.min(lines.length, 1 + LIMITS.keywords);
  for (let line = 1; line < end; line++) addKeyword(extensions, (lines[line] ?? '').slice(0, LIMITS.keptCharacters));
  return extensions;
}

function addKeyword(extensions: Record<string, readonly string[]>, line: string): void {
  const [first = '', ...parameters] = line
    .slice(4)
    .trim()
    .split(/[ \t]+/);
  const keyword = first.toUpperCase();
  // `AUTH=LOGIN PLAIN`: a form older than RFC 2554 that some servers still send in addition.
  if (keyword.startsWith('AUTH=')) add(extensions, 'AUTH', [first.slice(5), ...parameters]);
  else if (KEYWORD.test(keyword)) add(extensions, keyword, parameters);
}

function add(extensions: Record<string, readonly string[]>, keyword: string, parameters: readonly string[]): void {
  const known = extensions[keyword];
  extensions[keyword] = known === undefined ? parameters : [...new Set([...known, ...parameters])];
}

/** SASL mechanisms, upper-case: RFC 4954 3. */
export function mechanismsOf(extensions: Extensions | null): readonly string[] {
  return (extensions?.AUTH ?? []).map((mechanism) => mechanism.toUpperCase());
}

/** The size limit of mail in octets; null if there is none (RFC 1870 4: 0 or no parameter). */
export function sizeLimitOf(extensions: Extensions): number | null {
  const size = Number(extensions.SIZE?.[0] ?? 0);
  return Number.isSafeInteger(size) && size > 0 ? size : null;
}
