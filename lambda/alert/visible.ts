/** Control, format (bidi, zero width), private, unassigned characters, lone surrogates, line and paragraph separators. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Text from the wire as it may be shown anywhere: what would move a cursor, colour a terminal, reorder a line or hide
 * in it is written out (`\x1b`, `\u{202e}`). The result is one line.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, written);
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xff) return `\\u{${code.toString(16)}}`;
  return SHORT[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}

/** At most `max` UTF-16 units, ending in `mark` where something was left out; never half a surrogate pair. */
export function clip(text: string, max: number, mark = '…'): string {
  if (text.length <= max) return text;
  return text.slice(0, max - mark.length).replace(/[\ud800-\udbff]$/, '') + mark;
}

/** `visible`, and short enough for one line. */
export function shown(text: string, max = 512): string {
  return clip(visible(clip(text, max)), max);
}
