/** How lines are told apart: by colour and by dashes. The style of all pages has the colours, for light and dark. */

const COLOURS = 5;

/** Pixels of line and gap. */
export const LINE_DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [12, 5], [1, 4]];

export function lineColour(nth: number): string {
  return readColour(`--series${nth % COLOURS}`);
}

/** The class of the same colour, for SVG. */
export function lineClass(nth: number): string {
  return `stroke${nth % COLOURS}`;
}

export function readColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
}
