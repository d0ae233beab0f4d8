/** The authorities that are trusted: those of the target, or Node's. */

import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function pemCertificates(pem: string): readonly string[] {
  return pem.match(PEM) ?? [];
}

const ofNode: X509Certificate[] = [];

/** Some 20 ms for the authorities of Node: once, and only for a chain that does not hold. */
export function trustedAuthorities(ca: string | undefined): readonly X509Certificate[] {
  if (ca !== undefined) return pemCertificates(ca).map(parsed);
  if (ofNode.length === 0) ofNode.push(...trustedByDefault().map(parsed));
  return ofNode;
}

/** With what NODE_EXTRA_CA_CERTS and the like add, where Node tells it: from 22.15 and 24. */
function trustedByDefault(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (which: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function parsed(pem: string): X509Certificate {
  return new X509Certificate(pem);
}
