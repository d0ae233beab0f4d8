import { clip } from '../../../lambda/alert/words/safe-text.ts';
import { highest } from './extremes.ts';
import type { Screen } from './screen.ts';

/** A cell: its text, and a function that colours the text after padding, because colour codes have no width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface GridColumn {
  readonly title: string;
  readonly align?: 'right';
  /** Cuts the texts of the column if the terminal is too narrow. At most one column of a grid can shrink. */
  readonly shrinks?: true;
}

/** Lines of columns under their titles, two spaces apart. Omits a column that has no text. */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  screen: Screen,
): readonly string[] {
  const used = columns.map((column, at) => ({ column, at })).filter(({ at }) => rows.some((row) => row[at]?.text));
  const natural = used.map(({ column, at }) =>
    highest(
      rows.map((row) => lengthOf(row[at]?.text ?? '')),
      lengthOf(column.title),
    ),
  );
  const widths = fitWidths(natural, used, screen);
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, paint = plain }, at) => paint(pad(clip(text, widths[at] ?? 0), widths[at] ?? 0, used[at]?.column)))
      .join('  ')
      .trimEnd();
  const title = used.map(({ column }) => ({ text: column.title, paint: screen.paint.dim }));
  return [line(title), ...rows.map((row) => line(used.map(({ at }) => row[at] ?? { text: '' })))];
}

/** Minimum width of a shrunk column. */
const MIN_WIDTH = 12;

function fitWidths(
  widths: readonly number[],
  used: readonly { column: GridColumn }[],
  screen: Screen,
): readonly number[] {
  if (!screen.drawing) return widths;
  const over = widths.reduce((sum, width) => sum + width + 2, -2) - screen.width;
  return widths.map((width, at) => {
    const shrinks = over > 0 && used[at]?.column.shrinks;
    return shrinks ? Math.max(Math.min(width, MIN_WIDTH), width - over) : width;
  });
}

function pad(text: string, width: number, column: GridColumn | undefined): string {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return column?.align === 'right' ? space + text : text + space;
}

function plain(text: string): string {
  return text;
}

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? Array.from(text).length : text.length;
}
