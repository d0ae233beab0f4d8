/** Certificates of logos: RFC 3709, draft-fetch-validation-vmc-wchuang. Whether their authority is trusted is not looked at. Never throws. */

import { X509Certificate } from 'node:crypto';

export type MarkCertificate =
  | { readonly kind: 'certificate'; readonly notAfter: number; readonly names: string; readonly isForDomain: boolean }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Extended key usage id-kp-BrandIndicatorforMessageIdentification. */
const BIMI_USAGE = '1.3.6.1.5.5.7.3.31';

/** The first certificate of a PEM file. */
export function readMarkCertificate(pem: string, domain: string): MarkCertificate {
  const begin = pem.indexOf('-----BEGIN CERTIFICATE-----');
  const end = pem.indexOf('-----END CERTIFICATE-----', begin);
  if (begin === -1 || end === -1) return { kind: 'invalid', reason: 'it has no certificate in PEM' };
  try {
    const certificate = new X509Certificate(pem.slice(begin, end + 25));
    if (!certificate.keyUsage?.includes(BIMI_USAGE))
      return { kind: 'invalid', reason: 'its certificate is not for logos' };
    return {
      kind: 'certificate',
      notAfter: Date.parse(certificate.validTo),
      names: certificate.subjectAltName ?? '',
      isForDomain: namesOf(certificate.subjectAltName ?? '').some((name) => covers(name, domain)),
    };
  } catch {
    // OpenSSL says no more than that it is wrong.
    return { kind: 'invalid', reason: 'its certificate cannot be read' };
  }
}

function namesOf(subjectAltName: string): readonly string[] {
  return subjectAltName.split(', ').flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4).toLowerCase()] : []));
}

/** The name is the domain or one above it, alone or below `<selector>._bimi`. */
function covers(name: string, domain: string): boolean {
  const bare = name.replace(/^[^.]+\._bimi\./, '');
  return domain === bare || domain.endsWith(`.${bare}`);
}
