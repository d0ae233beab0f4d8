import type { GridColumn } from './grid-column.ts';

/** A column with its width, at its index in the rows. */
export interface Place extends Omit<GridColumn, 'below'> {
  readonly at: number;
  readonly width: number;
  /** Its text is printed below the row. */
  readonly below: boolean;
}

type Natural = GridColumn & Pick<Place, 'at' | 'width'>;

/** Least widths of columns that are cut, and of those that wrap. */
const LEAST = { shrinks: 12, wraps: 20 } as const;

/** Columns whose widths fit, with two spaces between them; null if that cannot be done. */
export function fitColumns(columns: readonly Natural[], width: number): readonly Place[] | null {
  const beside = columns.map((column) => ({ ...column, below: false }));
  const lowered = columns.map((column) => ({ ...column, below: column.below === true }));
  for (const places of [beside, lowered]) {
    const fitted = narrowed(narrowed(places, 'wraps', width), 'shrinks', width);
    if (excess(fitted, width) <= 0) return fitted;
  }
  return null;
}

/** Takes what is too much from the columns of one kind, from the widest first. */
function narrowed(places: readonly Place[], kind: keyof typeof LEAST, width: number): readonly Place[] {
  const over = excess(places, width);
  const widest = places
    .filter((place) => place[kind] && !place.below && place.width > LEAST[kind])
    .reduce<Place | null>((most, place) => (most === null || place.width > most.width ? place : most), null);
  if (over <= 0 || widest === null) return places;
  const next = Math.max(LEAST[kind], widest.width - over);
  return narrowed(
    places.map((place) => (place === widest ? { ...place, width: next } : place)),
    kind,
    width,
  );
}

function excess(places: readonly Place[], width: number): number {
  return places.filter(({ below }) => !below).reduce((sum, place) => sum + place.width + 2, -2) - width;
}
