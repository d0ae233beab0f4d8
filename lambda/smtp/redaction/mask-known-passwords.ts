/**
 * Every password that this process knows, and texts without them. A server that learned the password of one target may
 * send it to the probe of another, before AUTH as well. Passwords are kept in memory only.
 */

import type { Credentials } from '../endpoint/endpoint.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { type LineFormat, maskLines, PLAIN_TEXT } from './mask-lines.ts';
import { asLatin1, digestEncodings, passwordEncodings } from './password-encodings.ts';
import { addText, createSubstringIndex, RUN_LENGTH, type SubstringIndex } from './substring-index.ts';

export interface KnownSecrets {
  /** How many passwords were added so far. */
  count(): number;
  add(credentials: Credentials): void;
  /** An answer to a challenge of AUTH, as it was sent. */
  addAnswer(answer: string): void;
  /**
   * The lines with `***` for each run of eight characters or more that is part of a password or of an encoding of one,
   * and for each shorter password; the same array where there is none. A run may go on in the next line.
   */
  mask(lines: readonly string[], format?: LineFormat): readonly string[];
}

/** Shorter passwords can be words of ordinary replies. They are masked only in the session that sends them. */
const MINIMUM_LENGTH = 6;
/** Access tokens change, and every CRAM-MD5 session has a digest: the oldest are dropped. */
const MAXIMUM_PASSWORDS = 1_000;
const MAXIMUM_ANSWERS = 64;

export function createKnownSecrets(): KnownSecrets {
  const passwords = new Map<string, Credentials>();
  const answers = new Set<string>();
  let index = createSubstringIndex();
  /** Undefined until the next text is masked. */
  let whole: RegExp | null | undefined;
  let added = 0;

  const rebuild = () => {
    index = createSubstringIndex();
    for (const credentials of passwords.values()) learn(index, passwordEncodings(credentials));
    for (const answer of answers) learn(index, digestEncodings(answer));
  };

  const wholePattern = () => {
    if (whole === undefined) whole = anyOf([...passwords.values()].flatMap(wholeOccurrences));
    return whole;
  };

  return {
    count: () => added,
    add(credentials) {
      const key = `${credentials.user}\n${credentials.password}`;
      // A map keeps the order of insertion: the oldest is the one that was not added for the longest time.
      if (passwords.delete(key)) passwords.set(key, credentials);
      else {
        added++;
        passwords.set(key, credentials);
        learn(index, passwordEncodings(credentials));
        if (dropOldest(passwords, MAXIMUM_PASSWORDS)) rebuild();
        whole = undefined;
      }
    },
    addAnswer(answer) {
      const encodings = digestEncodings(answer);
      if (encodings.length === 0 || answers.has(answer)) return;
      answers.add(answer);
      learn(index, encodings);
      if (dropOldest(answers, MAXIMUM_ANSWERS)) rebuild();
    },
    mask(lines, format = PLAIN_TEXT) {
      if (added === 0) return lines;
      const masked = maskLines(lines, index, format);
      const pattern = wholePattern();
      if (pattern === null || !masked.some((line) => line.search(pattern) >= 0)) return masked;
      return masked.map((line) => line.replace(pattern, '***'));
    },
  };
}

/** Drops half of what is kept, so that the index is seldom rebuilt. */
function dropOldest(kept: Map<string, unknown> | Set<string>, most: number): boolean {
  if (kept.size <= most) return false;
  for (const key of [...kept.keys()].slice(0, kept.size - most / 2)) kept.delete(key);
  return true;
}

/** A password can have escapes in it: it is also found in a text whose escapes were decoded. */
function learn(index: SubstringIndex, encodings: readonly string[]): void {
  for (const encoding of new Set(encodings)) {
    addText(index, encoding);
    const plain = decodeEscapes(encoding);
    if (plain !== null) addText(index, plain.text);
  }
}

/** What has no eight characters in a row: a short password, its base64, a password of mostly white space. */
function wholeOccurrences({ password }: Credentials): readonly string[] {
  const encoded = Buffer.from(password).toString('base64');
  const forms = [password, asLatin1(password), encoded, encoded.replace(/=+$/, '')];
  const short = forms.filter((form) => form.length >= MINIMUM_LENGTH && form.length < RUN_LENGTH);
  if (password.length < RUN_LENGTH || password.replace(/\s/g, '').length >= RUN_LENGTH) return short;
  return [
    ...short,
    ...Array.from({ length: password.length - RUN_LENGTH + 1 }, (_, at) => password.slice(at, at + RUN_LENGTH)),
  ];
}

/** Whatever the case; the longest first, for one may be part of another. Null where there is none. */
export function anyOf(texts: readonly string[]): RegExp | null {
  if (texts.length === 0) return null;
  const alternatives = [...new Set(texts)]
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(alternatives.join('|'), 'gi');
}

const NOTHING = createKnownSecrets();
const ownSecrets = new WeakMap<Credentials, KnownSecrets>();

/** The secrets of the whole run, or of one target if the caller keeps none. */
export function secretsFor(auth: Credentials | undefined, kept: KnownSecrets | undefined): KnownSecrets {
  if (auth === undefined) return kept ?? NOTHING;
  const secrets = kept ?? ownSecrets.get(auth) ?? createKnownSecrets();
  if (kept === undefined) ownSecrets.set(auth, secrets);
  secrets.add(auth);
  return secrets;
}
