/** A quoted string (RFC 9051 4.3) of text without control characters. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
