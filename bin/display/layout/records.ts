import type { Cell, GridColumn } from './grid-column.ts';
import type { Screen } from './screen.ts';
import { wrapText } from './wrap.ts';

/** Each row as lines of a title and a text, for a terminal that is too narrow for columns. */
export function recordLines(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  { paint, width }: Screen,
): readonly (readonly string[])[] {
  const label = columns.reduce((longest, { title }) => Math.max(longest, title.length), 0);
  return rows.map((row, number) => [
    ...(number === 0 ? [] : ['']),
    ...columns.flatMap(({ title }, at) => {
      const { text = '', paint: colour = (plain: string) => plain } = row[at] ?? {};
      const lines = text === '' ? [] : wrapText(text, width - label - 2);
      return lines.map((line, n) => `${paint.dim((n === 0 ? title : '').padEnd(label))}  ${colour(line)}`);
    }),
  ]);
}
