/** Character sets of texts: the names of RFC 2978 that the platform knows. Never throws. */

/** Each octet is a character where the set is not known. */
export function decodeText(octets: Buffer, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'us-ascii', { ignoreBOM: true }).decode(octets);
  } catch {
    return octets.toString('latin1');
  }
}
