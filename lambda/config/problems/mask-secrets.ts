/** Which keys of a config hold secrets, and the lines of a file without their values. A value under such a key is never shown. */
import { isNode, isScalar, type Node, visit } from 'yaml';
import { editDistance } from '../../standards/spelling.ts';
import type { ConfigPath } from '../schema/config-path.ts';

/** The URLs of webhooks and heartbeats are secrets, too: who has one can send alerts. */
const SECRET =
  /pass(?:word|wd|phrase|code)?$|secret|token|credential|apikey|privatekey|webhook|heartbeat|routingkey|signature|listkeys?$|linkkeys?$|^pwd?$|^key$/;

export const MASK = '***';

/** Keys with an object that has a secret. Where a text is written instead, it may be the secret. */
const LOGINS: ReadonlySet<string> = new Set([
  'auth',
  'slack',
  'teams',
  'discord',
  'telegram',
  'ntfy',
  'pagerduty',
  'jsm',
]);

function isSecretKey(key: string | number): boolean {
  const plain = String(key)
    .toLowerCase()
    .replace(/[-_\s]/g, '');
  if (plain.length > 40) return false;
  if (SECRET.test(plain)) return true;
  // The distance is calculated for few words, because a file can have many keys.
  return (
    plain.startsWith('pa') && Math.abs(plain.length - 'password'.length) <= 2 && editDistance(plain, 'password') <= 2
  );
}

/** `auth: user:hunter2` has a password, too. */
export function isSecretValue(path: ConfigPath, value: unknown): boolean {
  return path.some(isSecretKey) || (typeof value === 'string' && LOGINS.has(String(path.at(-1))));
}

/** `password:hunter2`, without the space that YAML needs, is a key. A quoted text with such words anywhere in it is a key, too. */
function maskKey(key: string | number): string | number {
  const text = String(key);
  for (const match of text.matchAll(KEY)) {
    if (isSecretKey(match[1] ?? '')) return text.slice(0, match.index + match[0].length).trimEnd() + MASK;
  }
  return key;
}

/** `password: { hunter2 }` and `password: {{ hunter2 }}` are keys, too: below a secret only the keys of the schema are shown. */
export function maskPath(path: ConfigPath): ConfigPath {
  const secret = path.findIndex(isSecretKey);
  return path.map((part, at) => {
    const isBelow = secret !== -1 && at > secret && typeof part === 'string';
    return isBelow && !PLACES.has(part) ? MASK : maskKey(part);
  });
}

/** Where the config says that a password is stored. */
const PLACES: ReadonlySet<string> = new Set(['secret', 'env', 'url', 'spamhaus', 'abusix']);

/** `smtp://user:hunter2@mx1.example.com` with the user masked, and `https://hooks.example.com/hunter2` as its origin. */
function maskUrl(text: string): string {
  return text.replace(/\/\/[^/\s"']*@/g, `//${MASK}@`).replace(BEHIND_ORIGIN, MASK);
}

/** What follows the origin of a web address: whoever has the URL of a webhook can send to it, under whatever key it stands. */
const BEHIND_ORIGIN = /(?<=https?:\/\/[^/?#\s"']+[/?#])[^\s"']+/gi;

/** A key with a sign behind it, wherever it stands in a line. */
const KEY = /(?<![\w-])["']?([\w-]+)["']?\s*[:=]\s*/g;

/** A text without what stands behind the key of a secret in it, as in a block of YAML that was meant as keys. */
export function maskText(text: string): string {
  const plain = maskUrl(String(maskKey(text)));
  for (const match of plain.matchAll(KEY)) {
    if (LOGINS.has(match[1] ?? '') || isSecretKey(match[1] ?? ''))
      return plain.slice(0, match.index + match[0].length) + MASK;
  }
  return plain;
}

/**
 * Shows a line up to its first secret. What is after it is not shown, because in a file with mistakes nobody knows where the
 * secret ends.
 * @param contents nodes of the file, as far as they could be parsed
 */
export function secretMask(lines: readonly string[], contents: unknown, lineAt: (offset: number) => Place) {
  const hidden = new Map<number, number>();
  const hide = (line: number, from: number) => hidden.set(line, Math.min(from, hidden.get(line) ?? from));
  for (const [line, from] of hiddenByText(lines)) hide(line, from);
  for (const [start, end] of secretRanges(contents)) {
    const [first, last] = [lineAt(start), lineAt(Math.max(start, end - 1))];
    hide(first.line - 1, first.col - 1);
    for (let line = first.line; line < last.line; line++) hide(line, indentOf(lines[line] ?? ''));
  }
  return (line: number): number | null => hidden.get(line - 1) ?? null;
}

/** From 1. */
interface Place {
  readonly line: number;
  readonly col: number;
}

/** Lines and where their secrets begin, by the text alone: behind a secret key, what is indented deeper below it, and the rest of its quotes. */
function* hiddenByText(lines: readonly string[]): Generator<[number, number]> {
  let below = Number.POSITIVE_INFINITY;
  let quote: string | null = null;
  for (const [at, line] of lines.entries()) {
    const indent = indentOf(line);
    if (quote !== null) {
      yield [at, indent];
      if (line.includes(quote)) quote = null;
      continue;
    }
    if (line.trim() !== '' && indent <= below) below = Number.POSITIVE_INFINITY;
    if (indent > below) yield [at, indent];
    const found = firstSecret(line);
    if (found === null) continue;
    yield [at, found.value];
    quote = openQuote(line.slice(found.value));
    below = Math.min(below, found.key);
  }
}

/** The quote that a value begins with, if the value goes on in the next line. */
function openQuote(value: string): string | null {
  const quote = /^["']/.exec(value)?.[0];
  return quote === undefined || value.includes(quote, 1) ? null : quote;
}

function firstSecret(line: string): { key: number; value: number } | null {
  const [url = -1] = [/(?<=:\/\/)[^/\s"']*@/, new RegExp(BEHIND_ORIGIN, 'i')]
    .map((secret) => line.search(secret))
    .filter((at) => at !== -1)
    .sort((a, b) => a - b);
  for (const match of line.matchAll(KEY)) {
    const value = match.index + match[0].length;
    const isLogin = LOGINS.has(match[1] ?? '') && /^[^{&*\s#]/.test(line.slice(value));
    if (url !== -1 && url < value) break;
    if (isLogin || isSecretKey(match[1] ?? '')) return { key: match.index, value };
  }
  return url === -1 ? null : { key: Number.POSITIVE_INFINITY, value: url };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Ranges of the values under secret keys, and of the anchors that stand for such a value. */
function secretRanges(contents: unknown): readonly (readonly [number, number])[] {
  if (!isNode(contents)) return [];
  const ranges: (readonly [number, number])[] = [];
  const anchors = new Set<string>();
  const add = (node: Node) => {
    if (node.range) ranges.push([node.range[0], node.range[1]]);
    visit(node, { Alias: (_, { source }) => void anchors.add(source) });
  };
  visit(contents, {
    Pair(_, { key, value }) {
      if (isScalar(key) && isSecretKey(String(key.value)) && isNode(value)) add(value);
    },
  });
  visit(contents, {
    Node(_, node) {
      if ('anchor' in node && node.anchor !== undefined && anchors.has(node.anchor) && node.range)
        ranges.push([node.range[0], node.range[1]]);
    },
  });
  return ranges;
}
