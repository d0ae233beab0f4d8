/** Removes what names a person or a message from the reply of a server, before it is kept or shown. */

import { truncate } from '../smtp/bounds/truncate.ts';

const LONGEST = 300;

/**
 * In this order: what an earlier rule replaced, a later one does not see. A mail server may quote an address without
 * brackets, encoded for a link (`user%40example.com`), or as one of its own (`user=example.com@list.example`).
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/<[^<>\s]*(?:@|%40)[^<>\s]*>/gi, '<address>'],
  [/(?:"[^"\n]{0,100}"|[^\s<>()[\]:;,"']+)(?:@|%40)[^\s<>()[\];,"']+/gi, '<address>'],
  // A distinguished name of its directory ends with the mailbox (RFC 4514).
  [
    /(?<=\/)cn=(?!(?:recipients|configuration|servers)\b)[^/;,"'<>()\n]{1,100}|\bcn=[^/;,"'<>()\n]{1,100}(?=, ?(?:cn|ou|dc|o)=)/gi,
    'cn=<name>',
  ],
  // `User Jane Roe (jane.roe@example.net) not listed`.
  [
    /\b([Uu]ser|[Rr]ecipient|[Mm]ailbox)\s+(?!(?:Unknown|Not|Is|Has|Does|Over|Full|Address|Rejected|Disabled|Unavailable|Inactive)\s)(?:\p{Lu}[\p{L}.'’-]*\s+){1,4}(\(?<address>)/gu,
    '$1 <name> $2',
  ],
  // A mailbox that is named without its domain.
  [
    /\b(user|mailbox|recipient|account|address|alias)((?:\s+(?:is|named|name|of|for))?\s*[:=]?\s*)(?!<address>)(["'<][^"'>\s]{1,100}["'>])/gi,
    '$1$2<name>',
  ],
  // Identifiers of a message or session: they say nothing a week later, and they keep equal replies apart.
  [/\b[0-9a-zA-Z_-]*(?:\d[a-zA-Z_-]+|[a-zA-Z_-]+\d)[0-9a-zA-Z_-]{14,}(?:\.\d+)?(?![\w/.])/g, '<id>'],
];

/** One line without addresses of people, at most 300 characters. It may have other hostile text: escape it where it is shown. */
export function hideAddresses(text: string): string {
  return truncate(replaceAddresses(text), LONGEST);
}

function replaceAddresses(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST)
    .replace(/\s+/g, ' ')
    .trim();
  return RULES.reduce((left, [pattern, by]) => left.replace(pattern, by), line);
}

/** Shorter names are parts of other words. */
const SHORTEST_NAME = 3;
/** Names that are looked for within words and across spaces. Any number is looked for as a word. */
const MOST_PATTERNS = 120;

/**
 * The same, without what is known of the message: its recipients, by address, by the part before `@` and by the names in it
 * (`jane.roe`), and its subject. A server may quote any of them.
 * @param recipient one address, or several
 */
export function hideMessage(text: string, { recipient, subject }: { recipient: unknown; subject?: unknown }): string {
  const addresses = (Array.isArray(recipient) ? recipient : [recipient]).filter((one) => typeof one === 'string');
  const locals = addresses.map((address) => address.slice(0, address.lastIndexOf('@') + 1).slice(0, -1));
  const all = [typeof subject === 'string' ? subject : '', ...addresses, ...locals, ...locals.flatMap(namesIn)];
  const known = [...new Set(all.map((word) => word.trim().toLowerCase()))].filter(
    ({ length }) => length >= SHORTEST_NAME,
  );
  // Before the text is cut, so that no part of a name is left at its end.
  const hidden = hideWords(replaceAddresses(text), new Set(known));
  return truncate(known.slice(0, MOST_PATTERNS).reduce(hideWord, hidden), LONGEST);
}

/** Words of replies that are in addresses of no person, such as `do-not-reply` and `mailer-daemon`. */
const NO_NAME = /^(?:not|reply|mail|mailer|mailbox|daemon|delivery|system|user|unknown|the|from|for)$/i;

/** Of `jane.roe`: a server may write `Jane Roe`. */
function namesIn(local: string): readonly string[] {
  const parts = local.split(/[._+-]+/).filter((part) => /^\p{L}{3,}$/u.test(part));
  return parts.length < 2 ? [] : parts.filter((part) => !NO_NAME.test(part));
}

function hideWords(text: string, known: ReadonlySet<string>): string {
  return text.replace(/[^\s<>()[\]"',;:]+/g, (word) =>
    known.has(word.replace(/[.!?]+$/, '').toLowerCase()) ? '<name>' : word,
  );
}

/** In any case of letters, and with any white space. */
function hideWord(text: string, word: string): string {
  const pattern = word
    .slice(0, LONGEST)
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  return text.replace(new RegExp(`(?<![a-z0-9])${pattern}(?![a-z0-9])`, 'gi'), '<name>');
}
