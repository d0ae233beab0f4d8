/** Trace fields: RFC 5321 4.4, with the clauses that Postfix, Exim, Microsoft, Google and qmail write. Never throws. */

import { isIP } from 'node:net';
import { parseDate } from '../mime/date.ts';
import type { HeaderField } from '../mime/header.ts';

/** What one host says of the message that it took. The newest is first in a message. */
export interface Hop {
  /** Who sent it, as that host named itself. */
  readonly from: string | null;
  /** Address of the sender, as the receiver saw it. */
  readonly fromAddress: string | null;
  /** Who took it. */
  readonly by: string | null;
  readonly byAddress: string | null;
  /** `ESMTPS` (RFC 3848), `LMTP`, `HTTP`, in upper case. */
  readonly protocol: string | null;
  /** TLS was in use: by the protocol, or by a comment. */
  readonly tls: boolean;
  /** Identifier of its queue. */
  readonly id: string | null;
  /** Epoch milliseconds by the clock of that host; null if it cannot be read. */
  readonly at: number | null;
}

const MOST_HOPS = 100;
const LONGEST = 4_096;

/** Newest first, as they are in the message. */
export function receivedHops(fields: readonly HeaderField[]): readonly Hop[] {
  return fields
    .filter(({ name }) => name === 'received')
    .slice(0, MOST_HOPS)
    .map(({ value }) => parseReceived(value));
}

/** @param value unfolded */
export function parseReceived(value: string): Hop {
  const text = value.slice(0, LONGEST);
  const semicolon = text.lastIndexOf(';');
  const clauses = clausesOf(semicolon === -1 ? text : text.slice(0, semicolon));
  const { from, by, with: protocol, id } = clauses;
  return {
    from: hostOf(from?.words[0]),
    fromAddress: addressOf(from),
    by: hostOf(by?.words[0]),
    byAddress: addressOf(by),
    protocol: protocolOf(protocol?.words),
    tls: isEncrypted(clauses),
    id: id?.words[0]?.replace(/^<|>$/g, '').slice(0, 128) ?? null,
    at: semicolon === -1 ? null : parseDate(text.slice(semicolon + 1)),
  };
}

/** A clause: the words after its keyword, and its comments. */
interface Clause {
  readonly words: string[];
  readonly comments: string[];
}

const KEYWORDS = ['from', 'by', 'via', 'with', 'id', 'for'] as const;

type Keyword = (typeof KEYWORDS)[number];

/** The first clause of each keyword. What is before the first keyword is left out, as is a clause that is there twice. */
function clausesOf(text: string): Partial<Record<Keyword, Clause>> {
  const clauses: Partial<Record<Keyword, Clause>> = {};
  let clause: Clause = { words: [], comments: [] };
  for (const token of tokensOf(text)) {
    const keyword = KEYWORDS.find((one) => one === token.toLowerCase());
    if (keyword !== undefined) {
      clause = { words: [], comments: [] };
      clauses[keyword] ??= clause;
    } else if (token.startsWith('(')) clause.comments.push(token.slice(1).trim());
    else clause.words.push(token);
  }
  return clauses;
}

/** Words, and comments with their opening parenthesis. Comments may be nested (RFC 5322 3.2.2). */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let [depth, token] = [0, ''];
  const end = () => {
    if (token !== '') tokens.push(token);
    token = '';
  };
  for (const character of text) {
    if (character === '(' && depth++ === 0) end();
    if (character === ')' && depth > 0) {
      if (--depth === 0) end();
    } else if (depth === 0 && /\s/.test(character)) end();
    else token += character;
  }
  end();
  return tokens;
}

/**
 * Postfix: `name (ptr [192.0.2.1])`; Exim: `[192.0.2.1] (helo=name)`; Microsoft: `name (192.0.2.1)`; qmail: `name (HELO name)
 * (192.0.2.1)`. The last one in the clause counts: a name that the sender chose comes before it.
 */
function addressOf(clause: Clause | undefined): string | null {
  const texts = [...(clause?.words.slice(0, 1) ?? []), ...(clause?.comments ?? [])];
  const bracketed = texts.flatMap((text) => [...text.matchAll(/\[([^\]\s]{3,50})\]/g)].map(([, inner = '']) => inner));
  const bare = texts.flatMap((text) => text.split(/[\s(]+/));
  const addresses = [...bare, ...bracketed].map((text) => text.replace(/^IPv6:/i, '').toLowerCase());
  return addresses.findLast((text) => isIP(text) !== 0) ?? null;
}

/** Microsoft writes `Microsoft SMTP Server`. */
function protocolOf(words: readonly string[] | undefined): string | null {
  const [first = '', second = ''] = (words ?? []).map((word) => word.toUpperCase());
  return first === 'MICROSOFT' ? second || first : first || null;
}

/** RFC 3848: an S after ESMTP or LMTP. Others say so in a comment: Postfix, Google, Microsoft, Sendmail and qmail in this order. */
const ENCRYPTED = /\busing (?:TLS|SSL)v?\d|\bversion=(?:TLS|SSL)v?_?\d|\bcipher=\w+-\w|^TLSv?1\b|\bencrypted$/i;

function isEncrypted({ with: protocol, ...others }: Partial<Record<Keyword, Clause>>): boolean {
  if (/^(?:UTF8)?(?:E?SMTP|LMTP)SA?$/i.test(protocol?.words[0] ?? '')) return true;
  const comments = [protocol, ...Object.values(others)].flatMap((clause) => clause?.comments ?? []);
  return comments.some((comment) => ENCRYPTED.test(comment));
}

/** A name or an address literal. */
function hostOf(text: string | undefined): string | null {
  const name = (text ?? '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return /^[a-z0-9._:-]{1,253}$/.test(name) ? name : null;
}
