import { escapeLines } from '../../lambda/smtp/bounds/escape.ts';

/** A document in one line. No text of it has control characters, or such as reorder what is shown; lines stay lines. */
export function jsonText(document: object): string {
  const safe = (_: string, value: unknown) => (typeof value === 'string' ? escapeLines(value) : value);
  return `${JSON.stringify(document, safe)}\n`;
}
