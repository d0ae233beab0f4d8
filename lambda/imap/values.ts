/** Values in responses of IMAP: atoms, strings, literals and lists (RFC 9051 4). */

import type { ResponseParts } from './response.ts';

/** An atom or a string as Latin-1, a literal, NIL, or a list. */
export type ImapValue = string | Buffer | null | readonly ImapValue[];

/** Lists in lists. BODYSTRUCTURE, which nests, is never asked for. */
const MAXIMUM_DEPTH = 8;
const MAXIMUM_VALUES = 20_000;

interface Cursor {
  readonly parts: ResponseParts;
  part: number;
  at: number;
  values: number;
}

/** The values of a response; null if it cannot be read. */
export function parseValues(parts: ResponseParts): readonly ImapValue[] | null {
  const cursor: Cursor = { parts, part: 0, at: 0, values: 0 };
  return readList(cursor, 0);
}

/** Reads up to a closing parenthesis; at depth 0, up to the end. */
function readList(cursor: Cursor, depth: number): readonly ImapValue[] | null {
  if (depth > MAXIMUM_DEPTH) return null;
  const list: ImapValue[] = [];
  for (;;) {
    const character = nextCharacter(cursor);
    if (character === null) return depth === 0 ? list : null;
    if (character === ')') {
      cursor.at++;
      return depth === 0 ? null : list;
    }
    const value = readValue(cursor, character, depth);
    if (value === undefined || ++cursor.values > MAXIMUM_VALUES) return null;
    list.push(value);
  }
}

/** The next character that is no space, or `{` at a literal; null at the end. */
function nextCharacter(cursor: Cursor): string | null {
  for (; cursor.part < cursor.parts.length; cursor.part++, cursor.at = 0) {
    const part = cursor.parts[cursor.part];
    if (typeof part !== 'string') return '{';
    while (part[cursor.at] === ' ') cursor.at++;
    const character = part[cursor.at];
    if (character !== undefined && !isAnnouncement(cursor, part)) return character;
  }
  return null;
}

/** `{12}` at the end of a text, before the literal itself. */
function isAnnouncement({ parts, part, at }: Cursor, text: string): boolean {
  return part + 1 < parts.length && /^~?\{\d+\+?\}$/.test(text.slice(at, at + 24));
}

/** Undefined if there is no value. */
function readValue(cursor: Cursor, character: string, depth: number): ImapValue | undefined {
  const part = cursor.parts[cursor.part];
  if (typeof part !== 'string') {
    cursor.part++;
    cursor.at = 0;
    return part;
  }
  if (character === '(') {
    cursor.at++;
    return readList(cursor, depth + 1) ?? undefined;
  }
  return character === '"' ? readQuoted(cursor, part) : readAtom(cursor, part);
}

const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

function readQuoted(cursor: Cursor, part: string): string | undefined {
  QUOTED.lastIndex = cursor.at;
  const found = QUOTED.exec(part);
  if (found === null) return undefined;
  cursor.at = QUOTED.lastIndex;
  return (found[1] ?? '').replace(/\\(.)/gs, '$1');
}

/** `BODY[HEADER.FIELDS (X)]<0>` is one atom: brackets may hold spaces and parentheses. A name may have `]` or `}` alone (RFC 3501 9). */
const ATOM = /(?:\[[^\]]*\]|[^\s()["{])+/y;

function readAtom(cursor: Cursor, part: string): string | null | undefined {
  ATOM.lastIndex = cursor.at;
  const found = ATOM.exec(part);
  if (found === null) return undefined;
  cursor.at = ATOM.lastIndex;
  return found[0].toUpperCase() === 'NIL' ? null : found[0];
}

/** A string of any form; null for a list. */
export function textOf(value: ImapValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('latin1') : null;
}

export function listOf(value: ImapValue | undefined): readonly ImapValue[] | null {
  return Array.isArray(value) ? value : null;
}
