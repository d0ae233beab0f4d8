/**
 * An index of every eight characters in a row of many texts: it finds the parts of them in another text. White space and
 * case do not count, nor which base64 alphabet of RFC 4648 is used: a server that echoes a text may change them.
 */

/** Characters of the shortest part that is found. */
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

/** No part goes on past this: control characters are in no text of the index. */
export function appendBreak(folded: FoldedText): void {
  folded.units[folded.length++] = 1;
}

/** Open addressing. Each used slot has the hash of eight units, and where they stand in `units`. */
export interface SubstringIndex {
  /** Zero is a free slot. */
  hashes: Int32Array;
  offsets: Int32Array;
  used: number;
  /** All texts, one after the other. */
  units: Uint16Array;
  length: number;
}

export function createSubstringIndex(): SubstringIndex {
  return {
    hashes: new Int32Array(1_024),
    offsets: new Int32Array(1_024),
    used: 0,
    units: new Uint16Array(1_024),
    length: 0,
  };
}

export function addText(index: SubstringIndex, text: string): void {
  const folded = emptyFoldedText(text.length);
  appendFolded(folded, text, 0, text.length, 0);
  const { units, length } = folded;
  if (length < RUN_LENGTH) return;
  makeRoom(index, length);
  index.units.set(units.subarray(0, length), index.length);
  let hash = 0;
  for (let at = 0; at < length; at++) {
    hash = nextHash(hash, units, at);
    if (at >= RUN_LENGTH - 1) insert(index, hash || 1, index.length + at - RUN_LENGTH + 1);
  }
  index.length += length;
}

/** Of the last eight units up to `at`. */
function nextHash(hash: number, units: Uint16Array, at: number): number {
  const gone = at < RUN_LENGTH ? 0 : Math.imul(units[at - RUN_LENGTH] as number, BASE_TO_THE_RUN);
  return (Math.imul(hash, BASE) + (units[at] as number) - gone) | 0;
}

/** At most half of the slots are used: most parts of an ordinary text meet a free slot at once. */
function makeRoom(index: SubstringIndex, more: number): void {
  if (index.length + more > index.units.length) {
    const units = new Uint16Array(2 * (index.length + more));
    units.set(index.units);
    index.units = units;
  }
  const wanted = 2 * (index.used + more);
  if (wanted <= index.hashes.length) return;
  const { hashes, offsets } = index;
  index.hashes = new Int32Array(2 ** Math.ceil(Math.log2(wanted)));
  index.offsets = new Int32Array(index.hashes.length);
  index.used = 0;
  for (let slot = 0; slot < hashes.length; slot++) {
    if (hashes[slot] !== 0) insert(index, hashes[slot] as number, offsets[slot] as number);
  }
}

function insert(index: SubstringIndex, hash: number, offset: number): void {
  const slot = slotOf(index, hash, index.units, offset);
  if (index.hashes[slot] !== 0) return;
  index.hashes[slot] = hash;
  index.offsets[slot] = offset;
  index.used++;
}

/** The slot of the eight units at `from`, or the free slot where they are not in the index. */
function slotOf({ hashes, offsets, units: known }: SubstringIndex, hash: number, units: Uint16Array, from: number) {
  const last = hashes.length - 1;
  let slot = (Math.imul(hash, 0x9e3779b1) >>> 7) & last;
  while (hashes[slot] !== 0) {
    if (hashes[slot] === hash && isSame(known, offsets[slot] as number, units, from)) break;
    slot = (slot + 1) & last;
  }
  return slot;
}

/** Hashes can be equal by chance. */
function isSame(known: Uint16Array, offset: number, units: Uint16Array, from: number): boolean {
  for (let nth = 0; nth < RUN_LENGTH; nth++) if (known[offset + nth] !== units[from + nth]) return false;
  return true;
}

/** Calls `found` with the position of the last unit of each eight that are part of a text of the index. */
export function findSubstrings(
  index: SubstringIndex,
  { units, length }: FoldedText,
  found: (last: number) => void,
): void {
  let hash = 0;
  for (let at = 0; at < length; at++) {
    hash = nextHash(hash, units, at);
    if (at < RUN_LENGTH - 1) continue;
    if (index.hashes[slotOf(index, hash || 1, units, at - RUN_LENGTH + 1)] !== 0) found(at);
  }
}
