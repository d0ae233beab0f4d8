/** What came over the wire, made fit to be shown: on a terminal, in an e-mail, on a page. */

// Control characters (C0, DEL, C1), so ANSI escapes too; marks that reorder text (UAX #9); line separators;
// zero-width characters; lone surrogates; tags.
const UNFIT =
  /[\p{Cc}\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\p{Cs}\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Each unfit character as `\n`, `\x1b` or `\u{202e}`: one line of text that a terminal shows as it stands. */
export function escapeForDisplay(text: string): string {
  return text.replace(UNFIT, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x100 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}
