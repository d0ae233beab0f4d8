/** Markdown (CommonMark, with the tables of GitHub) as text: what is put in is text and stays text. */

import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';

/** One line. */
export function escapeMarkdown(text: string): string {
  return escapeForDisplay(text)
    .replace(/[\\`*_{}[\]<>#|~&!$]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** Several lines as a quotation. */
export function quoteMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${escapeMarkdown(line.trim())}`.trimEnd())
    .join('\n');
}

/** Lines as they are, in a fence that none of them can end. */
export function fenceMarkdown(lines: readonly string[]): string {
  const safe = lines.map(escapeForDisplay);
  const longest = safe
    .flatMap((line) => line.match(/`+/g) ?? [])
    .reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...safe, fence].join('\n');
}

/** @param rows of cells that are escaped already */
export function tableMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
