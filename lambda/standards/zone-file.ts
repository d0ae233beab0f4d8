/** Records as a zone file has them: RFC 1035 5.1. They can be pasted. */

/** A TXT record. Its strings have 255 octets at most (RFC 1035 3.3). */
export function txtRecord(name: string, text: string): string {
  const strings = text.match(/.{1,255}/gs) ?? [''];
  return `${name}. IN TXT ${strings.map(quoted).join(' ')}`;
}

function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, octetEscape);
  return `"${escaped}"`;
}

function octetEscape(character: string): string {
  return `\\${String(character.charCodeAt(0) & 0xff).padStart(3, '0')}`;
}
