/** Digests of the certificates and keys of a chain, for TLSA records. */

import { createHash, type X509Certificate } from 'node:crypto';
import { fromCache } from '../bounds/bounded-cache.ts';
import type { CertificateDigests, DigestPair } from '../sample/sample.ts';
import { publicKeyInfoOf } from './certificate-fields.ts';
import { type CertificateChain, certificationPath } from './path-to-trusted-authority.ts';

/** Signatures are verified for it, which costs as much as the rest of a probe. */
const known = new Map<string, readonly CertificateDigests[]>();

/**
 * The leaf, the served certificates that issued it, then those that did not. A server may send them in any order.
 * @param now epoch milliseconds
 */
export function chainDigests(chain: CertificateChain, now: number): readonly CertificateDigests[] {
  const key = chain.map(({ fingerprint256 }) => fingerprint256).join(' ');
  return fromCache(known, key, () => {
    const [leaf] = chain;
    // Without trusted authorities the path has served ones only.
    const path = [leaf, ...certificationPath(chain, [], now).above];
    const others = chain.filter((one) => !path.includes(one));
    return [...path.flatMap((one) => digestsOf(one, true)), ...others.flatMap((one) => digestsOf(one, false))];
  });
}

/** None of a certificate that OpenSSL accepts but that is malformed: an encoding that is not DER, an invalid date. */
function digestsOf({ raw, validTo }: X509Certificate, linked: boolean): readonly CertificateDigests[] {
  try {
    const key = digestPair(publicKeyInfoOf(raw));
    return [{ certificate: digestPair(raw), key, validTo: new Date(validTo).toISOString(), linked }];
  } catch {
    return [];
  }
}

function digestPair(octets: Buffer): DigestPair {
  const digest = (algorithm: string) => createHash(algorithm).update(octets).digest('hex');
  return { sha256: digest('sha256'), sha512: digest('sha512') };
}
