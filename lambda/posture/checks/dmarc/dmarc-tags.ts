/** DMARC records with other tags, to be published. */

/** The tags of a record as they are written. */
export function tagTexts(text: string): readonly string[] {
  return text
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function nameOf(tag: string): string {
  return (tag.split('=')[0] ?? '').trim();
}

export function withoutTags(text: string, names: readonly string[]): string {
  return tagTexts(text)
    .filter((tag) => !names.includes(nameOf(tag)))
    .join('; ');
}

/** The tag stays where it is; a new one comes after the version. */
export function withTag(text: string, name: string, value: string): string {
  const tags = tagTexts(text);
  const at = tags.findIndex((tag) => nameOf(tag) === name);
  const changed = at === -1 ? tags.toSpliced(1, 0, `${name}=${value}`) : tags.toSpliced(at, 1, `${name}=${value}`);
  return changed.join('; ');
}
