/** Names of folders on the wire: modified UTF-7 (RFC 3501 5.1.3). IMAP4rev2 alone has UTF-8. */

/** Decodes a name, given as Latin-1. What is malformed stays as it is. */
export function decodeMailboxName(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (shift, base64: string) => {
    if (base64 === '') return '&';
    const octets = Buffer.from(base64.replaceAll(',', '/'), 'base64');
    return octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : shift;
  });
}

export function encodeMailboxName(name: string): string {
  return name.replaceAll('&', '&-').replace(/[^ -~]+/g, (text) => {
    const octets = Buffer.from(text, 'utf16le').swap16();
    return `&${octets.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}
