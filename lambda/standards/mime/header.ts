/** The header of a message or part: RFC 5322 2.2, RFC 2045. Never throws. */

import { trimSpaces } from './spaces.ts';

export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded, without spaces at its ends, octets as characters (latin1). */
  readonly value: string;
}

const MOST_FIELDS = 1_000;
const LONGEST_VALUE = 65_536;

export interface HeaderAndBody {
  readonly fields: readonly HeaderField[];
  readonly body: string;
}

/** Splits a message or part. @param text each octet as a character (latin1) */
export function splitHeader(text: string): HeaderAndBody {
  if (/^\r?\n/.test(text)) return { fields: [], body: text.replace(/^\r?\n/, '') };
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  return { fields: parseFields(head), body: end === null ? '' : text.slice(end.index + end[0].length) };
}

/** A line that is no field is skipped, such as the first line of an mbox. */
export function parseFields(head: string): readonly HeaderField[] {
  const lines: string[] = [];
  for (const line of head.split(/\r?\n/)) {
    const last = lines.length - 1;
    if (/^[ \t]/.test(line) && last >= 0) {
      if ((lines[last]?.length ?? 0) < LONGEST_VALUE) lines[last] += ` ${trimSpaces(line)}`;
    } else if (lines.length < MOST_FIELDS) lines.push(line);
  }
  return lines.flatMap(fieldOf);
}

function fieldOf(line: string): readonly HeaderField[] {
  const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line.slice(0, LONGEST_VALUE)) ?? [];
  return name === undefined ? [] : [{ name: name.toLowerCase(), value: trimSpaces(value) }];
}

export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}
