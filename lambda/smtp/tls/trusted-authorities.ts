/** The trusted authorities: those of the target, or those of Node. */

import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function pemCertificates(pem: string): readonly string[] {
  return pem.match(PEM) ?? [];
}

const nodeAuthorities: X509Certificate[] = [];

/** The authorities of Node take about 20 ms to parse: this is done once, and only for an unverified chain. */
export function trustedAuthorities(ca: string | undefined): readonly X509Certificate[] {
  if (ca !== undefined) return pemCertificates(ca).map(parseCertificate);
  if (nodeAuthorities.length === 0) nodeAuthorities.push(...defaultAuthorities().map(parseCertificate));
  return nodeAuthorities;
}

/** Includes NODE_EXTRA_CA_CERTS and similar settings in Node from 22.15 and 24. */
function defaultAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (which: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function parseCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}
