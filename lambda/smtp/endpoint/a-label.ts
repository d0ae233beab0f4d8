import { domainToASCII } from 'node:url';

const ASCII = /^[\x20-\x7e]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Converts a name to A-labels (RFC 5890 2.3.2.1), as DNS, SMTP and certificates use it. Null if this is impossible. */
export function toALabels(name: string): string | null {
  // ASCII names stay unchanged: the URL standard would read `0x7f.1` as an address.
  return isAscii(name) ? name : domainToASCII(name) || null;
}
