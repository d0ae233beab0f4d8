/** Finds a text that was sent within one that was received: what was added before and after it. Pure. */

/** Longer texts are cut off: what we send is short. */
const LONGEST = 65_536;

export type TextChange = 'none' | 'characters' | 'other';

export interface FoundText {
  readonly change: TextChange;
  /** Added text; empty if there is none. */
  readonly before: string;
  readonly after: string;
  /** What is in the place of each link, in order. */
  readonly inPlaceOfLinks: readonly string[];
}

/** @param links as they are in the text that was sent, in order */
export function findText(sent: string, received: string, links: readonly string[]): FoundText {
  const text = flow(received.slice(0, LONGEST));
  const pieces = piecesOf(flow(sent), links);
  return (
    findPieces(pieces, text, 'none') ??
    findPieces(pieces.flatMap(asciiPieces), text, 'characters') ?? {
      change: 'other',
      before: '',
      after: '',
      inPlaceOfLinks: [],
    }
  );
}

/** Lines may be broken elsewhere. */
export function flow(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}

/** Characters before the first difference that are shown with it. */
const SHOWN_BEFORE = 40;

/** What was received, from a little before the first difference on. */
export function differenceOf(sent: string, received: string): string {
  const [was, is] = [flow(sent), flow(received.slice(0, LONGEST))];
  let same = 0;
  while (same < is.length && was[same] === is[same]) same += 1;
  const from = same <= SHOWN_BEFORE ? 0 : is.lastIndexOf(' ', same - SHOWN_BEFORE) + 1;
  return `${from === 0 ? '' : '… '}${is.slice(from)}`;
}

/** A text without a gap, and the gap before it. */
interface Piece {
  readonly text: string;
  readonly gap: 'link' | 'characters' | null;
  /** Characters that may be in the place of the gap. */
  readonly most: number;
}

/** A link that is written anew is not longer. */
const LONGEST_LINK = 4_096;

function piecesOf(sent: string, links: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let [rest, gap]: [string, Piece['gap']] = [sent, null];
  for (const link of links) {
    const at = rest.indexOf(link);
    if (at === -1) continue;
    pieces.push({ text: rest.slice(0, at), gap, most: LONGEST_LINK });
    [rest, gap] = [rest.slice(at + link.length), 'link'];
  }
  return [...pieces, { text: rest, gap, most: LONGEST_LINK }];
}

/** Only words that a conversion may change are left open: what else differs is another text. */
function asciiPieces({ text, gap, most }: Piece): readonly Piece[] {
  const pieces: Piece[] = [];
  let own: Omit<Piece, 'text'> = { gap, most };
  let from = 0;
  for (const [word, at] of foreignRuns(text)) {
    pieces.push({ text: text.slice(from, at), ...own });
    own = { gap: 'characters', most: 8 * word.length + 16 };
    from = at + word.length;
  }
  return [...pieces, { text: text.slice(from), ...own }];
}

/** Runs of words that have such characters, and their places. Linear in time. */
function foreignRuns(text: string): readonly (readonly [string, number])[] {
  const runs: [string, number][] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters of ASCII
    if (/^[\x00-\x7f]+$/.test(word)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] + last[0].length + 1 === index) last[0] += ` ${word}`;
    else runs.push([word, index]);
  }
  return runs;
}

function findPieces(pieces: readonly Piece[], text: string, change: TextChange): FoundText | null {
  const inPlaceOfLinks: string[] = [];
  let [start, end] = [-1, 0];
  for (const { text: piece, gap, most } of pieces) {
    const at = text.indexOf(piece.trim(), end);
    if (at === -1 || (start !== -1 && at - end > most)) return null;
    if (start === -1) start = at;
    else if (gap === 'link') inPlaceOfLinks.push(text.slice(end, at).trim());
    end = at + piece.trim().length;
  }
  return { change, before: text.slice(0, start).trim(), after: text.slice(end).trim(), inPlaceOfLinks };
}
