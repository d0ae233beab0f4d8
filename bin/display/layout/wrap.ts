/** Wraps a text into lines of at most `width` characters, at spaces. Splits a longer word. */
export function wrapText(text: string, width: number): readonly string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((long) => pieces(long, room))) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A line with an indent, or with a label before two spaces: what follows is indented as much as its text. */
export function wrapIndented(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const [head = ''] = /^\s*(?:\S+(?: \S+){0,2} {2,})?/.exec(line) ?? [];
  const indent = head.length <= width / 2 ? head : (/^\s*/.exec(line)?.[0] ?? '');
  return wrapText(line.slice(indent.length), width - indent.length).map((text, at) =>
    at === 0 ? indent + text : ' '.repeat(indent.length) + text,
  );
}

function pieces(word: string, room: number): readonly string[] {
  return word.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [''];
}
