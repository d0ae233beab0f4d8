import type { Cell, GridColumn } from './grid-column.ts';
import { fitColumns, type Place } from './grid-widths.ts';
import { recordLines } from './records.ts';
import { isBounded, type Screen } from './screen.ts';
import { clipColumns, columnsOf } from './text-width.ts';
import { wrapText } from './wrap.ts';

export type { Cell, GridColumn } from './grid-column.ts';

/**
 * Lines of columns under their titles, two spaces apart. Omits a column that has no text. A terminal that is too narrow for
 * what may shrink gets each row as a record: a line per column, with its title.
 */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  screen: Screen,
): readonly string[] {
  return gridBlocks(columns, rows, screen).flat();
}

/** The lines of the titles, and those of each row. */
export function gridBlocks(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  screen: Screen,
): readonly (readonly string[])[] {
  const used = columns.flatMap((column, at) => (rows.some((row) => row[at]?.text) ? [{ column, at }] : []));
  const natural = used.map(({ column, at }) => ({ ...column, at, width: widthOfColumn(column.title, rows, at) }));
  const unchanged = natural.map((one) => ({ ...one, below: false }));
  const fitted = isBounded(screen) ? fitColumns(natural, screen.width) : unchanged;
  const places = fitted ?? (screen.narrowerFollows ? unchanged : null);
  if (places === null) return [[], ...recordLines(columns, rows, screen)];
  const title: readonly Cell[] = columns.map(({ title: text }) => ({ text, paint: screen.paint.dim }));
  const inLine = places.filter(({ below }) => !below);
  const lowered = places.filter(({ below }) => below);
  return [
    rowLines(title, inLine),
    ...rows.map((row) => [...rowLines(row, inLine), ...belowLines(row, lowered, screen)]),
  ];
}

function widthOfColumn(title: string, rows: readonly (readonly Cell[])[], at: number): number {
  return rows.reduce((widest, row) => Math.max(widest, columnsOf(row[at]?.text ?? '')), columnsOf(title));
}

function rowLines(row: readonly Cell[], places: readonly Place[]): readonly string[] {
  const cells = places.map((place) => {
    const { text, paint = plain } = row[place.at] ?? { text: '' };
    const texts =
      place.wraps && columnsOf(text) > place.width ? wrapText(text, place.width) : [clipColumns(text, place.width)];
    return texts.map((one) => paint(pad(one, place)));
  });
  const height = cells.reduce((most, lines) => Math.max(most, lines.length), 1);
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, at) => lines[line] ?? ' '.repeat(places[at]?.width ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const INDENT = '    ';

function belowLines(row: readonly Cell[], lowered: readonly Place[], { width }: Screen): readonly string[] {
  const texts = lowered.map(({ at }) => row[at]?.text ?? '').filter((text) => text !== '');
  return texts.length === 0 ? [] : wrapText(texts.join(': '), width - INDENT.length).map((line) => INDENT + line);
}

function pad(text: string, { width, align }: Place): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(text)));
  return align === 'right' ? space + text : text + space;
}

function plain(text: string): string {
  return text;
}
