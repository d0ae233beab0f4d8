/** The expiry of the authorities above the certificate of a server. */

import type { X509Certificate } from 'node:crypto';
import { fromCache } from '../bounds/bounded-cache.ts';
import { finding } from '../failures/failures.ts';
import type { Finding } from '../sample/sample.ts';
import { type CertificateChain, certificationPath } from './path-to-trusted-authority.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

const DAY = 86_400_000;

/** The authority of the path that expires first. */
interface FirstExpiry {
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly validTo: number;
}

/** Expiries by chain. To verify the signatures of a path costs as much as the rest of a probe. */
const expiries = new Map<string, FirstExpiry | null>();

/**
 * An authority that expires soon breaks all certificates below it. `days` are those of the server's certificate, and `now`
 * is in epoch milliseconds.
 */
export function judgePathExpiry(
  chain: CertificateChain,
  ca: string | undefined,
  days: { readonly warnDays: number; readonly failDays: number },
  now: number,
): readonly Finding[] {
  const latest = Math.max(days.warnDays, days.failDays);
  const first = firstExpiry(chain, ca, now + latest * DAY);
  if (first === null) return [];
  const left = Math.floor((first.validTo - now) / DAY);
  if (left >= latest) return [];
  const detail = `${first.subject} has ${left} days left, until ${new Date(first.validTo).toISOString()}`;
  return [finding('certificate-chain-expiring', { detail, outcome: left < days.failDays ? 'fail' : 'warn' })];
}

/** `at`: if there are several paths, the one that is still valid then counts. */
function firstExpiry(chain: CertificateChain, ca: string | undefined, at: number): FirstExpiry | null {
  const day = Math.floor(at / DAY);
  const key = [day, ca ?? '', ...chain.map(({ fingerprint256 }) => fingerprint256)].join(' ');
  return fromCache(expiries, key, () => {
    // Node's own authorities are not parsed for this alone: they are renewed with Node.
    if (ca === undefined && chain.slice(1).every((one) => expiryOf(one).validTo >= at)) return null;
    const { above } = certificationPath(chain, trustedAuthorities(ca), at);
    return above.map(expiryOf).toSorted((a, b) => a.validTo - b.validTo)[0] ?? null;
  });
}

function expiryOf({ subject, validTo }: X509Certificate): FirstExpiry {
  return { subject: (subject ?? '').replaceAll('\n', ', '), validTo: Date.parse(validTo) };
}
