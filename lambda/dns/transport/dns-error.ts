/** An error with a code of c-ares, as the methods of node:dns have, and its cause in words. `resolutionFailure` reads both. */
export function dnsError(code: string, reason: string | null = null): Error {
  return Object.assign(new Error(reason ?? code), { code, reason });
}

/** RFC 1035 4.1.1. */
const RCODES: Readonly<Record<number, string>> = {
  1: 'EFORMERR',
  2: 'ESERVFAIL',
  3: 'ENOTFOUND',
  4: 'ENOTIMP',
  5: 'EREFUSED',
};

/** Null for NOERROR. */
export function rcodeError(rcode: number): string | null {
  return rcode === 0 ? null : (RCODES[rcode] ?? 'EBADRESP');
}
