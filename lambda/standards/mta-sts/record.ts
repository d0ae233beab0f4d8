/** Parses the TXT record of MTA-STS: RFC 8461 3.1. Never throws. */

import type { TagProblem } from '../tag-list/tag-list.ts';

export interface StsRecord {
  readonly id: string;
  readonly problems: readonly TagProblem[];
}

/** Records that do not begin so are ignored. */
export function isStsRecord(text: string): boolean {
  return /^v=STSv1[ \t]*;/.test(text);
}

/** Whether somebody meant an MTA-STS record, and senders do not see one. */
export function isMisspeltStsRecord(text: string): boolean {
  return !isStsRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?(?:mta-?)?stsv?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

interface Field {
  readonly name: string;
  readonly value: string;
  readonly column: number;
}

/** `sts-field` and `sts-extension`; the value of an id has rules of its own. */
const FIELD = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([\x21-\x3a\x3c\x3e-\x7e]*)$/;

/** A record with one mistake is invalid as a whole: senders then assume that there is none. */
export function parseStsRecord(text: string): StsRecord {
  const fields: Field[] = [];
  const problems: TagProblem[] = [];
  const parts = text.split(';');
  let at = 0;
  for (const [nth, part] of parts.entries()) {
    const bare = part.replace(/^[ \t]+|[ \t]+$/g, '');
    const column = at + part.length - part.replace(/^[ \t]+/, '').length + 1;
    at += part.length + 1;
    // The last semicolon may end the record.
    if (bare === '' && nth === parts.length - 1) continue;
    const [, name, value = ''] = FIELD.exec(bare) ?? [];
    const problem = name === undefined ? notField(bare) : fieldProblem(name, value, fields);
    if (problem !== null) problems.push({ column, reason: problem });
    if (name !== undefined) fields.push({ name, value, column });
  }
  const { value: id = '', column = 1 } = fields.find(({ name }) => name === 'id') ?? {};
  const valid = /^[A-Za-z0-9]{1,32}$/.test(id);
  const reason = id === '' ? 'there is no id=' : `id=${id} is not 1 to 32 letters and digits`;
  return { id, problems: [...problems, ...(valid ? [] : [{ column, reason }])] };
}

function notField(text: string): string {
  if (text === '') return 'there is nothing between two semicolons';
  return `'${text.length <= 30 ? text : `${text.slice(0, 30)}…`}' is not a field such as name=value`;
}

function fieldProblem(name: string, value: string, before: readonly Field[]): string | null {
  if (before.some((field) => field.name === name)) return `${name}= is there twice`;
  return value === '' && name !== 'id' ? `${name}= has no value` : null;
}
