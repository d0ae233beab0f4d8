/** Parses the TXT record of MTA-STS: RFC 8461 3.1. Never throws. */

import { parseTagList, type TagProblem, tagValue } from '../tag-list/tag-list.ts';

export interface StsRecord {
  readonly id: string;
  readonly problems: readonly TagProblem[];
}

/** Records that do not begin so are ignored. */
export function isStsRecord(text: string): boolean {
  return /^v[ \t]*=[ \t]*STSv1[ \t]*;/.test(text);
}

/** Whether somebody meant an MTA-STS record, and senders do not see one. */
export function isMisspeltStsRecord(text: string): boolean {
  return !isStsRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?(?:mta-?)?stsv?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

export function parseStsRecord(text: string): StsRecord {
  const list = parseTagList(text);
  const id = tagValue(list, 'id') ?? '';
  const valid = /^[A-Za-z0-9]{1,32}$/.test(id);
  const column = list.tags.find(({ name }) => name === 'id')?.column ?? 1;
  const reason = id === '' ? 'there is no id=' : `id=${id} is not 1 to 32 letters and digits`;
  return { id, problems: [...list.problems, ...(valid ? [] : [{ column, reason }])] };
}
