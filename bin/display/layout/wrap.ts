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

function pieces(word: string, room: number): readonly string[] {
  return word.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [''];
}
