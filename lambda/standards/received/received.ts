/** Trace fields: RFC 5321 4.4, with the clauses that Postfix, Exim, Microsoft and Google write. Never throws. */

import type { HeaderField } from '../mime/header.ts';

/** What one host says of the message that it took. The newest is first in a message. */
export interface Hop {
  /** Who sent it, as that host named itself. */
  readonly from: string | null;
  /** Address of the sender, as the receiver saw it. */
  readonly fromAddress: string | null;
  /** Who took it. */
  readonly by: string | null;
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
  const clauses = semicolon === -1 ? text : text.slice(0, semicolon);
  const protocol = word(clauses, 'with')?.toUpperCase() ?? null;
  return {
    from: hostOf(word(clauses, 'from')),
    fromAddress: /(?:^|\s)from\s[^;]*?\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]/.exec(clauses)?.[1]?.toLowerCase() ?? null,
    by: hostOf(word(clauses, 'by')),
    protocol,
    // RFC 3848: an S after SMTP or LMTP. Others say so in a comment, or with the words of Exim and Google.
    tls:
      /^(?:UTF8)?(?:E?SMTP|LMTP)SA?$/.test(protocol ?? '') || /\b(?:TLS|version=TLS|using TLSv?|cipher)/i.test(clauses),
    id: word(clauses, 'id')?.replace(/^<|>$/g, '').slice(0, 128) ?? null,
    at: semicolon === -1 ? null : dateOf(text.slice(semicolon + 1)),
  };
}

/** The word after a keyword that is not within a comment. */
function word(clauses: string, keyword: string): string | null {
  const bare = withoutComments(clauses);
  return new RegExp(`(?:^|\\s)${keyword}\\s+([^\\s;()]+)`, 'i').exec(bare)?.[1] ?? null;
}

/** Comments may be nested (RFC 5322 3.2.2). */
function withoutComments(text: string): string {
  let depth = 0;
  let left = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) left += character;
  }
  return left;
}

function hostOf(text: string | null): string | null {
  if (text === null) return null;
  const name = text
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return /^[a-z0-9._:-]{1,253}$/.test(name) ? name : null;
}

/** RFC 5322 3.3, also with the obsolete names of zones. */
function dateOf(text: string): number | null {
  const at = Date.parse(withoutComments(text).trim());
  return Number.isNaN(at) ? null : at;
}
