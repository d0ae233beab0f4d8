import { columnsOf } from './text-width.ts';
import { wrapText } from './wrap.ts';

/**
 * Help within the width of the terminal: paragraphs are wrapped again, a long example gets its comment on a line of its own,
 * and a long command continues after a backslash, so that it can be pasted.
 */
export function fitHelp(text: string, width: number): string {
  return paragraphsOf(text.split('\n'))
    .flatMap((lines) => (lines.some((line) => columnsOf(line) > width) ? refit(lines, width) : lines))
    .join('\n');
}

/** Lines without an indent that follow each other are a paragraph. Other lines stand alone. */
function paragraphsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    const joins = /^\S/.test(line) && /^\S/.test(last?.[0] ?? '') && !/:$/.test(last?.at(-1) ?? '');
    if (joins) last?.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function refit(lines: readonly string[], width: number): readonly string[] {
  const [first = ''] = lines;
  if (/^\S/.test(first)) return wrapText(lines.join(' '), width);
  if (!COMMAND.test(first)) return indented(first.trim(), /^\s*/.exec(first)?.[0] ?? '', width);
  const [, example = first, comment] = /^( {2}\S.*?) {2,}(\S.*)$/.exec(first) ?? [];
  return [...commandLines(example, width), ...(comment === undefined ? [] : indented(comment, '      ', width))];
}

/** A line that is a command to paste. */
export const COMMAND = /^\s*(?:smtp-quorum|npx|node|aws) /;

/** Breaks a command between its words, and never within quotes. */
export function commandLines(command: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of command.trim().match(/(?:'[^']*'|"[^"]*"|\S)+/g) ?? []) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(`  ${word}`);
    else if (columnsOf(last) + 1 + columnsOf(word) + ' \\'.length > width) lines.push(`      ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line} \\`));
}

function indented(text: string, indent: string, width: number): readonly string[] {
  return wrapText(text, width - indent.length).map((line) => indent + line);
}
