import { columnsOf, fitting } from './text-width.ts';

/** Wraps a text into lines of at most `width` columns, at spaces. Splits a longer word. */
export function wrapText(text: string, width: number): readonly string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((long) => pieces(long, room))) {
    const last = lines.at(-1);
    if (last === undefined || columnsOf(last) + 1 + columnsOf(word) > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A line with an indent, or with a label before a colon or two spaces: what follows is indented as much as its text. */
export function wrapIndented(line: string, width: number): readonly string[] {
  if (columnsOf(line) <= width) return [line];
  const [head = ''] = /^\s*(?:\S+(?: \S+){0,2} {2,}|[\w-]+: )?/.exec(line) ?? [];
  const indent = head.length <= width / 2 ? head : (/^\s*/.exec(line)?.[0] ?? '');
  return wrapText(line.slice(indent.length), width - indent.length).map((text, at) =>
    at === 0 ? indent + text : ' '.repeat(indent.length) + text,
  );
}

/** A piece of a line with its colour. */
export interface PaintedText {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * Wraps a line of coloured parts. Each line has its own colour codes.
 * @param label columns of its label: the lines after the first are indented as much
 */
export function wrapParts(parts: readonly PaintedText[], width: number, label: number): readonly string[] {
  const whole = parts.map(({ text }) => text).join('');
  let at = label;
  return wrapText(whole.slice(label), width - label).map((line, number) => {
    const from = whole.indexOf(line, at);
    at = from + line.length;
    return number === 0 ? paintedBetween(parts, 0, at) : ' '.repeat(label) + paintedBetween(parts, from, at);
  });
}

/** In one line. */
export function painted(parts: readonly PaintedText[]): string {
  return paintedBetween(parts, 0, Number.POSITIVE_INFINITY);
}

function paintedBetween(parts: readonly PaintedText[], from: number, to: number): string {
  let start = 0;
  return parts
    .map(({ text, paint = (plain) => plain }) => {
      const piece = text.slice(Math.max(0, from - start), Math.max(0, to - start));
      start += text.length;
      return piece === '' ? '' : paint(piece);
    })
    .join('');
}

function pieces(word: string, room: number): readonly string[] {
  if (columnsOf(word) <= room) return [word];
  const first = fitting(word, room);
  return [first, ...pieces(word.slice(first.length), room)];
}
