/** What came over the wire, or out of a file, made fit to be shown: on a terminal, in an e-mail, on a page. */

// Control characters (C0, DEL, C1), so ANSI escapes too; format characters, which reorder text (UAX #9) or join it;
// what Unicode says is not displayed (UAX #44): soft hyphens, fillers, variation selectors, tags; line separators; lone
// surrogates.
const UNFIT = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Each unfit character as `\n`, `\x1b` or `\u{202e}`: one line of text that a terminal shows as it stands. */
export function escapeForDisplay(text: string): string {
  return text.replace(UNFIT, escapeCharacter);
}

/** Of several lines, which stay lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeForDisplay).join('\n');
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x100 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}
