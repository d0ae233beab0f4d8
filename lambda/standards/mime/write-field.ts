/** Writes header fields: RFC 5322 2.2.3. */

/** Lines are folded at spaces where they would be longer than 78 characters. A word that is longer stays whole. */
export function formatField(name: string, value: string): string {
  assertField(name, value);
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ')) {
    if (line.length + 1 + word.length > 78 && line !== `${name}:` && word !== '') {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\r\n');
}

/** A line end in a value would start another field, or the body. */
function assertField(name: string, value: string): void {
  if (!/^[!-9;-~]{1,76}$/.test(name)) throw new TypeError(`not the name of a header field: ${JSON.stringify(name)}`);
  if (!/^[ -~]*$/.test(value)) throw new TypeError(`not fit for a header field: ${JSON.stringify(value)}`);
  if (value.split(' ').some((word) => word.length > 900)) throw new TypeError('a word of a header field is too long');
}
