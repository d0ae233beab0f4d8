/** Lists of tags as DKIM, DMARC, MTA-STS and TLS-RPT records have them: RFC 6376 3.2. Never throws. */

export interface Tag {
  readonly name: string;
  readonly value: string;
  /** The first character of the record has column 1. */
  readonly column: number;
}

export interface TagProblem {
  readonly column: number;
  readonly reason: string;
}

export interface TagList {
  readonly tags: readonly Tag[];
  readonly problems: readonly TagProblem[];
}

const TAG = /^([A-Za-z][A-Za-z0-9_]*)[ \t\r\n]*=[ \t\r\n]*(.*)$/s;

/** Names are case-sensitive. A tag that is there twice makes the record invalid (RFC 6376 3.2). */
export function parseTagList(record: string): TagList {
  const tags: Tag[] = [];
  const problems: TagProblem[] = [];
  const names = new Set<string>();
  let at = 0;
  for (const part of record.split(';')) {
    const text = part.trim();
    const column = at + part.length - part.trimStart().length + 1;
    at += part.length + 1;
    if (text === '') continue;
    const [, name, value = ''] = TAG.exec(text) ?? [];
    if (name === undefined) problems.push({ column, reason: `'${excerpt(text)}' is not a tag such as name=value` });
    else if (names.has(name)) problems.push({ column, reason: `${name}= is there twice` });
    else tags.push({ name, value, column });
    if (name !== undefined) names.add(name);
  }
  return { tags, problems };
}

export function tagValue({ tags }: TagList, name: string): string | null {
  return tags.find((tag) => tag.name === name)?.value ?? null;
}

function excerpt(text: string): string {
  return text.length <= 30 ? text : `${text.slice(0, 30)}…`;
}
