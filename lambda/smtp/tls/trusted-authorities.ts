/** The authorities that are trusted: those of the target, or Node's. */

import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function pemCertificates(pem: string): readonly string[] {
  return pem.match(PEM) ?? [];
}

const nodeAuthorities: X509Certificate[] = [];

/** Some 20 ms for the authorities of Node: once, and only for a chain that does not hold. */
export function trustedAuthorities(ca: string | undefined): readonly X509Certificate[] {
  if (ca !== undefined) return pemCertificates(ca).map(parseCertificate);
  if (nodeAuthorities.length === 0) nodeAuthorities.push(...defaultAuthorities().map(parseCertificate));
  return nodeAuthorities;
}

/** With what NODE_EXTRA_CA_CERTS and the like add, where Node tells it: from 22.15 and 24. */
function defaultAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (which: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function parseCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}
