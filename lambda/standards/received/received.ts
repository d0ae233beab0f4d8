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
  const [text, at] = partsOf(value.slice(0, LONGEST));
  const clauses = clausesOf(text);
  const { from, by, with: protocol, id } = clauses;
  return {
    from: hostOf(from?.words[0]),
    fromAddress: addressOf(from),
    by: hostOf(by?.words[0]),
    byAddress: addressOf(by),
    protocol: protocolOf(protocol?.words),
    tls: isEncrypted(clauses),
    id: id?.words[0]?.replace(/^<|>$/g, '').slice(0, 128) ?? null,
    at,
  };
}

/** Semicolons from the end at which the date is looked for: a comment may have others. */
const MOST_SEMICOLONS = 4;

/** What is before the date, and the date. */
function partsOf(text: string): readonly [string, number | null] {
  const last = text.lastIndexOf(';');
  for (let nth = 0, at = last; nth < MOST_SEMICOLONS && at > 0; nth++, at = text.lastIndexOf(';', at - 1)) {
    const date = parseDate(text.slice(at + 1));
    if (date !== null) return [text.slice(0, at), date];
  }
  return [last === -1 ? text : text.slice(0, last), null];
}

/** A clause: the words after its keyword, and its comments. */
interface Clause {
  readonly words: string[];
  readonly comments: string[];
}

const KEYWORDS = ['from', 'by', 'via', 'with', 'id', 'for'] as const;

type Keyword = (typeof KEYWORDS)[number];

/**
 * The first clause of each keyword. What is before the first keyword is left out, as is a clause that is there twice, except for that of
 * the protocol: Mimecast writes `with ESMTP with STARTTLS (version=TLSv1.3, cipher=…)`.
 */
function clausesOf(text: string): Partial<Record<Keyword, Clause>> {
  const clauses: Partial<Record<Keyword, Clause>> = {};
  let clause: Clause = { words: [], comments: [] };
  for (const token of tokensOf(text)) {
    const keyword = KEYWORDS.find((one) => one === token.toLowerCase());
    if (keyword !== undefined) {
      clause = (keyword === 'with' ? clauses.with : undefined) ?? { words: [], comments: [] };
      clauses[keyword] ??= clause;
    } else if (token.startsWith('(')) clause.comments.push(token.slice(1).trim());
    else clause.words.push(token);
  }
  return clauses;
}

/** Words, and comments with their opening parenthesis. Comments may be nested, and have escaped parentheses (RFC 5322 3.2.2). */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let [depth, token, isEscaped] = [0, '', false];
  const end = () => {
    if (token !== '') tokens.push(token);
    token = '';
  };
  for (const character of text) {
    if (isEscaped || (character === '\\' && depth > 0)) {
      if (isEscaped) token += character;
      isEscaped = !isEscaped;
      continue;
    }
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

const PROTOCOL = /^(?:UTF8)?(?:E?SMTP|LMTP)S?A?$/i;

/** Microsoft writes `Microsoft SMTP Server`, and MailEnable `MailEnable ESMTPS`. */
function protocolOf(words: readonly string[] = []): string | null {
  return (words.find((word) => PROTOCOL.test(word)) ?? words[0])?.toUpperCase() ?? null;
}

/** RFC 3848: an S after ESMTP or LMTP. Cisco writes `ESMTP/TLS/` and the cipher, Mimecast `with STARTTLS`. */
const ENCRYPTED_PROTOCOL = /^(?:(?:UTF8)?(?:E?SMTP|LMTP)SA?|E?SMTP\/TLS(?:\/.*)?|STARTTLS)$/i;

/** Others say so in a comment: Postfix, Google, Microsoft, Sendmail and qmail in this order; older Exchange writes `(TLS)`, Courier `(TLS: TLSv1.3,…)`. */
const ENCRYPTED =
  /(?<!\bnot )\b(?:using|with) (?:TLS|SSL)(?:v?\d|: (?:TLS|SSL)v?\d|$)|\bversion=(?:TLS|SSL)v?_?\d|\bcipher=\w+-\w|^TLSv?1\b|^(?:TLS|SSL|STARTTLS)$|^(?:TLS|SSL): (?:TLS|SSL)v?\d|(?<!\bnot )\bencrypted$/i;

function isEncrypted({ with: protocol, ...others }: Partial<Record<Keyword, Clause>>): boolean {
  if (protocol?.words.some((word) => ENCRYPTED_PROTOCOL.test(word))) return true;
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
