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
  return (
    findPieces(piecesOf(flow(sent), links), text, 'none') ??
    findPieces(piecesOf(flow(sent), links).map(lettersOnly), lettersOnly(text), 'characters') ?? {
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

/** Without the characters that a conversion loses or replaces. */
function lettersOnly(text: string): string {
  return text.replace(/[^A-Za-z0-9 ]+/g, '').replace(/ +/g, ' ');
}

function piecesOf(sent: string, links: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  let rest = sent;
  for (const link of links) {
    const at = rest.indexOf(link);
    if (at === -1) continue;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at + link.length);
  }
  return [...pieces, rest];
}

/** A link that is written anew is not longer. */
const LONGEST_LINK = 4_096;

function findPieces(pieces: readonly string[], text: string, change: TextChange): FoundText | null {
  const inPlaceOfLinks: string[] = [];
  let [start, end] = [-1, 0];
  for (const piece of pieces) {
    const at = text.indexOf(piece.trim(), end);
    if (at === -1 || (start !== -1 && at - end > LONGEST_LINK)) return null;
    if (start === -1) start = at;
    else inPlaceOfLinks.push(text.slice(end, at).trim());
    end = at + piece.trim().length;
  }
  return { change, before: text.slice(0, start).trim(), after: text.slice(end).trim(), inPlaceOfLinks };
}
