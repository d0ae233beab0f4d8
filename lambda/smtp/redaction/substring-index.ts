/**
 * SubstringIndex of characters that are part of any of many texts: an index of every eight characters of each. White space and
 * case do not count, nor which alphabet of RFC 4648 is used, for whoever echoes a text may change them.
 */

/** Characters of the shortest run that is looked for. */
export const RUN_LENGTH = 8;

const BASE = 0x01000193;
const BASE_TO_THE_RUN = Array.from({ length: RUN_LENGTH }).reduce((power: number) => Math.imul(power, BASE), 1);

/** What does not count: white space, control characters, and what cannot be seen. */
const SKIPPED = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u;
const FOLDED = Uint16Array.from({ length: 128 }, (_, unit) => fold(unit));
const foldedNonAscii = new Map<number, number>();

/** Zero: it does not count. */
function fold(unit: number): number {
  const character = String.fromCharCode(unit);
  if (SKIPPED.test(character)) return 0;
  if (character === '-') return 0x2b;
  if (character === '_') return 0x2f;
  const lower = character.toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

function foldUnit(unit: number): number {
  if (unit < 128) return FOLDED[unit] as number;
  const known = foldedNonAscii.get(unit);
  if (known !== undefined) return known;
  const found = fold(unit);
  foldedNonAscii.set(unit, found);
  return found;
}

/** What counts of a text, and where it stands. */
export interface FoldedText {
  readonly units: Uint16Array;
  readonly places: Int32Array;
  length: number;
}

let scratch: FoldedText = { units: new Uint16Array(4_096), places: new Int32Array(4_096), length: 0 };

/** Empty; its memory is used again by the next call. */
export function emptyFoldedText(atMost: number): FoldedText {
  if (scratch.units.length < atMost) {
    scratch = { units: new Uint16Array(2 * atMost), places: new Int32Array(2 * atMost), length: 0 };
  }
  scratch.length = 0;
  return scratch;
}

/** Adds `text` from `from` to `to`, whose first character stands at `place`. */
export function appendFolded(folded: FoldedText, text: string, from: number, to: number, place: number): void {
  const { units, places } = folded;
  let { length } = folded;
  for (let at = from; at < to; at++) {
    const unit = foldUnit(text.charCodeAt(at));
    if (unit === 0) continue;
    units[length] = unit;
    places[length++] = place + at;
  }
  folded.length = length;
}

/** No run goes on past this: control characters are in no text of the index. */
export function appendBreak(folded: FoldedText): void {
  folded.units[folded.length++] = 1;
}

export interface SubstringIndex {
  /** Open addressing by hash: zero is a free slot. */
  slots: Int32Array;
  used: number;
  /** All texts, for hashes that are equal by chance. */
  text: string;
}

export function createSubstringIndex(): SubstringIndex {
  return { slots: new Int32Array(1_024), used: 0, text: '' };
}

export function addText(index: SubstringIndex, text: string): void {
  const folded = emptyFoldedText(text.length);
  appendFolded(folded, text, 0, text.length, 0);
  const { units, length } = folded;
  if (length < RUN_LENGTH) return;
  makeRoom(index, length);
  index.text += `\n${Buffer.from(units.buffer, 0, 2 * length).toString('utf16le')}`;
  let hash = 0;
  for (let at = 0; at < length; at++) {
    hash = next(hash, units, at);
    if (at >= RUN_LENGTH - 1) insert(index, hash || 1);
  }
}

/** Of the text up to `at`: the hash of its last eight units. */
function next(hash: number, units: Uint16Array, at: number): number {
  const gone = at < RUN_LENGTH ? 0 : Math.imul(units[at - RUN_LENGTH] as number, BASE_TO_THE_RUN);
  return (Math.imul(hash, BASE) + (units[at] as number) - gone) | 0;
}

/** A quarter of the slots at most is used: most index of any other text meet a free one at once. */
function makeRoom(index: SubstringIndex, more: number): void {
  const wanted = 4 * (index.used + more);
  if (wanted <= index.slots.length) return;
  const old = index.slots;
  index.slots = new Int32Array(2 ** Math.ceil(Math.log2(wanted)));
  index.used = 0;
  for (const hash of old) if (hash !== 0) insert(index, hash);
}

function insert(index: SubstringIndex, hash: number): void {
  const slot = slotOf(index.slots, hash);
  if (index.slots[slot] === hash) return;
  index.slots[slot] = hash;
  index.used++;
}

/** Where the hash is, or the free slot where it is not. */
function slotOf(slots: Int32Array, hash: number): number {
  const last = slots.length - 1;
  let slot = (Math.imul(hash, 0x9e3779b1) >>> 7) & last;
  while (slots[slot] !== 0 && slots[slot] !== hash) slot = (slot + 1) & last;
  return slot;
}

/** Calls `found` with the index of the last unit of each run of eight that is part of a text. */
export function findSubstrings(
  { slots, text }: SubstringIndex,
  { units, length }: FoldedText,
  found: (last: number) => void,
): void {
  let hash = 0;
  for (let at = 0; at < length; at++) {
    hash = next(hash, units, at);
    if (at < RUN_LENGTH - 1 || slots[slotOf(slots, hash || 1)] === 0) continue;
    if (text.includes(String.fromCharCode(...units.subarray(at - RUN_LENGTH + 1, at + 1)))) found(at);
  }
}
