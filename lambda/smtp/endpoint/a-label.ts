import { domainToASCII } from 'node:url';

const ASCII = /^[\x20-\x7e]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** A name as DNS, SMTP and certificates have it: A-labels (RFC 5890 2.3.2.1). Null where it cannot be written so. */
export function toALabels(name: string): string | null {
  // What is ASCII already stays as it was written: the URL standard would read `0x7f.1` as an address.
  return isAscii(name) ? name : domainToASCII(name) || null;
}
