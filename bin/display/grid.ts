import type { Screen } from './screen.ts';

/** A cell: its text, and how it is painted once it has been padded (so that colour takes no room). */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Columns side by side under their titles, two spaces apart; a column without a single text is left out. */
export function grid(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { paint }: Screen,
): readonly string[] {
  const used = columns.map((column, at) => ({ column, at })).filter(({ at }) => rows.some((row) => row[at]?.text));
  const widths = used.map(({ column, at }) =>
    Math.max(...[column.title, ...rows.map((row) => row[at]?.text ?? '')].map(lengthOf)),
  );
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, paint: brush = plain }, at) => brush(padded(text, widths[at] ?? 0, used[at]?.column)))
      .join('  ')
      .trimEnd();
  const title = used.map(({ column }) => ({ text: column.title, paint: paint.dim }));
  return [line(title), ...rows.map((row) => line(used.map(({ at }) => row[at] ?? { text: '' })))];
}

function padded(text: string, width: number, column: Column | undefined): string {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return column?.align === 'right' ? space + text : text + space;
}

function plain(text: string): string {
  return text;
}

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
