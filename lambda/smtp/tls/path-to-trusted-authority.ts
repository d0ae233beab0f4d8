/** Builds the certification path from the certificate of a server to a trusted authority: RFC 5280 6. */

import type { X509Certificate } from 'node:crypto';
import { LIMITS } from '../bounds/limits.ts';
import { truncate } from '../bounds/truncate.ts';

/** The certificates in the order of the server, leaf first. */
export type CertificateChain = readonly [X509Certificate, ...X509Certificate[]];

export function certificateChain(leaf: X509Certificate): CertificateChain {
  const chain: [X509Certificate, ...X509Certificate[]] = [leaf];
  for (let at = leaf.issuerCertificate; at !== undefined && chain.length < LIMITS.chain; at = at.issuerCertificate) {
    chain.push(at);
  }
  return chain;
}

export function chainSubjects(chain: CertificateChain): readonly string[] {
  // Node returns undefined for an empty subject.
  return chain.map(({ subject }) => truncate((subject ?? '').replaceAll('\n', ', '), LIMITS.keptCharacters));
}

export interface CertificationPath {
  readonly leaf: X509Certificate;
  /** The issuer of the leaf, its issuer, and so on, as far as they are known. */
  readonly above: readonly X509Certificate[];
  /** The path ends at a trusted self-signed authority. Dates and constraints are not checked. */
  readonly trusted: boolean;
}

/**
 * Prefers trusted issuers to served ones, as OpenSSL does. OpenSSL reports only the last error of a chain, which may hide
 * that the chain is not trusted. Therefore all signatures are verified again here. `now`: epoch milliseconds.
 */
export function certificationPath(
  [leaf, ...served]: CertificateChain,
  trusted: readonly X509Certificate[],
  now: number,
): CertificationPath {
  const above: X509Certificate[] = [];
  for (let top = leaf; above.length < LIMITS.chain; ) {
    if (isSelfSigned(top)) return { leaf, above, trusted: includesCertificate(trusted, top) };
    const issuer = issuerOf(top, trusted.filter(mayBeRoot), now) ?? issuerOf(top, served.filter(isAuthority), now);
    if (issuer === undefined) break;
    above.push(issuer);
    top = issuer;
  }
  return { leaf, above, trusted: false };
}

export function includesCertificate(
  certificates: readonly X509Certificate[],
  { fingerprint256 }: X509Certificate,
): boolean {
  return certificates.some((one) => one.fingerprint256 === fingerprint256);
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

/** If an authority was renewed with the same key, its currently valid certificate is preferred. */
function issuerOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  now: number,
): X509Certificate | undefined {
  const issuers = candidates.filter((issuer) => certificate.checkIssued(issuer) && isSignedBy(certificate, issuer));
  return issuers.find((issuer) => isWithinValidity(issuer, now)) ?? issuers[0];
}

export function isWithinValidity({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

/** OpenSSL throws for unknown kinds of keys and signatures. */
function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isAuthority({ ca }: X509Certificate): boolean {
  return ca;
}

/** A root of X.509 v1 has no basic constraints. OpenSSL accepts it as an authority. */
function mayBeRoot({ ca, raw }: X509Certificate): boolean {
  return ca || !raw.includes(BASIC_CONSTRAINTS);
}

const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
