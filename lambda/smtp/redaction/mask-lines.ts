/** Masks in lines what is part of an indexed text, also where it goes on in the next line or is escaped. */

import { decodeEscapes } from './decode-escapes.ts';
import {
  appendBreak,
  appendFolded,
  emptyFoldedText,
  type FoldedText,
  findSubstrings,
  RUN_LENGTH,
  type SubstringIndex,
} from './substring-index.ts';

/** How lines are read: where their text begins, and whether it may begin with the code of a reply. */
export interface LineFormat {
  readonly from: number;
  readonly hasCodes: boolean;
}

export const PLAIN_TEXT: LineFormat = { from: 0, hasCodes: false };
export const REPLY_LINES: LineFormat = { from: 0, hasCodes: true };
/** `S: 250-SIZE` */
export const TRANSCRIPT_LINES: LineFormat = { from: 3, hasCodes: true };

const CODE = /^\d{3}(?:[ -]|$)/;
/** Of a line: its code, and the rest of a run that begins in the code. */
const HEAD_LENGTH = 4 + 2 * RUN_LENGTH;
const ESCAPES = /[%=&\\]/;

/** The lines with `***` in place of each run; the same array where there is none. */
export function maskLines(lines: readonly string[], index: SubstringIndex, format: LineFormat): readonly string[] {
  const marks: boolean[] = [];
  const mark = (place: number) => {
    marks[place] = true;
  };
  findInLines(lines, index, format, mark);
  if (lines.some((line) => ESCAPES.test(line))) findEscaped(lines, index, format, mark);
  return marks.length === 0 ? lines : maskMarked(lines, marks);
}

/** A password can begin with three digits, as a reply line does: lines are read with their codes and without. */
function findInLines(
  lines: readonly string[],
  index: SubstringIndex,
  { from, hasCodes }: LineFormat,
  found: (place: number) => void,
) {
  let total = 0;
  for (const line of lines) total += line.length + 1;
  const folded = emptyFoldedText(total);
  let place = 0;
  for (const line of lines) {
    appendFolded(folded, line, hasCodes ? afterCode(line, from) : from, line.length, place);
    place += line.length;
  }
  findPlaces(index, folded, found);
  if (!hasCodes) return;
  place = 0;
  folded.length = 0;
  for (const line of lines) {
    appendFolded(folded, line, from, Math.min(line.length, from + HEAD_LENGTH), place);
    appendBreak(folded);
    place += line.length;
  }
  findPlaces(index, folded, found);
}

function afterCode(line: string, from: number): number {
  return CODE.test(from === 0 ? line : line.slice(from, from + 4)) ? from + 4 : from;
}

function findPlaces(index: SubstringIndex, folded: FoldedText, found: (place: number) => void): void {
  findSubstrings(index, folded, (last) => {
    for (let nth = last - RUN_LENGTH + 1; nth <= last; nth++) found(folded.places[nth] as number);
  });
}

/** Line ends may have been escaped, too. */
function findEscaped(
  lines: readonly string[],
  index: SubstringIndex,
  { from, hasCodes }: LineFormat,
  found: (place: number) => void,
) {
  const starts = lines.map((line) => (hasCodes ? afterCode(line, from) : from));
  const decoded = decodeEscapes(lines.map((line, nth) => line.slice(starts[nth])).join('\n'));
  if (decoded === null) return;
  const { text, begins, ends } = decoded;
  const places = placesOf(lines, starts);
  findInLines(text.split(/(?<=\n)/), index, { from: 0, hasCodes: true }, (at) => {
    for (const place of places.slice(begins[at], ends[at])) if (place >= 0) found(place);
  });
}

/** Of each character of the lines, joined from their starts on, where it stands in all of them; -1 for what joins them. */
function placesOf(lines: readonly string[], starts: readonly number[]): readonly number[] {
  const places: number[] = [];
  let place = 0;
  for (const [nth, line] of lines.entries()) {
    for (let at = starts[nth] ?? 0; at < line.length; at++) places.push(place + at);
    places.push(-1);
    place += line.length;
  }
  return places;
}

function maskMarked(lines: readonly string[], marks: readonly boolean[]): readonly string[] {
  let place = 0;
  return lines.map((line) => {
    const first = place;
    place += line.length;
    return maskLine(line, (at) => marks[first + at] === true);
  });
}

/** White space and invisible characters between two masked characters are masked with them. */
function maskLine(line: string, isMarked: (at: number) => boolean): string {
  const marked = [...Array(line.length).keys()].map((at) => (isMarked(at) ? MARK : (line[at] ?? ''))).join('');
  return marked.includes(MARK) ? marked.replace(MARKED, '***') : line;
}

/** A character that no text has. */
const MARK = '\ufdd0';
const MARKED = /\ufdd0(?:[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*\ufdd0)*/gu;
