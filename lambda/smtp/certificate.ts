/** What a certificate says, and what is wrong with it. */

import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate, rootCertificates } from 'node:tls';
import { DEFAULT_EXPECTATIONS, type Expectations, type Judged } from './expectations.ts';
import { type FailureCode, finding } from './failures.ts';
import { LIMITS } from './limits.ts';
import type { CertificateFacts, Finding } from './sample.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';
import { shortened } from './transcript.ts';

const DAY = 86_400_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What Node says of a certificate that judging it takes, apart from the facts. */
export type Parsed = Pick<PeerCertificate, 'subject' | 'issuer'> & {
  readonly subjectaltname: string | undefined;
  readonly infoAccess: PeerCertificate['infoAccess'] | undefined;
};

/** What is the same each time the certificate is seen: all but the days left and the chain it is served with. */
export interface Lasting {
  readonly facts: Omit<CertificateFacts, 'daysLeft' | 'chain'>;
  readonly certificate: Parsed;
}

export function lastingOf(certificate: PeerCertificate): Lasting {
  const { subject, subjectaltname, issuer, infoAccess } = certificate;
  return { facts: certificateFactsOf(certificate), certificate: { subject, subjectaltname, issuer, infoAccess } };
}

function certificateFactsOf(certificate: PeerCertificate): Lasting['facts'] {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: namesOf(certificate.subjectaltname),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    ...keyOf(certificate),
    signature: signatureAlgorithmOf(certificate.raw),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Values of certificates are text of strangers; a repeated attribute comes as a list. */
function distinguishedName(name: object): string {
  const parts = Object.entries(name ?? {}).flatMap(([attribute, values]) =>
    [values].flat().map((value) => `${attribute}=${value}`),
  );
  return shortened(parts.join(', '), LIMITS.keptCharacters);
}

/** `DNS:mx1.example.com, IP Address:192.0.2.1` without the kinds. */
function namesOf(alternatives: string | undefined): readonly string[] {
  return (alternatives ?? '')
    .split(/, (?=[A-Za-z ]+:)/)
    .flatMap((name) => name.match(/^(?:DNS|IP Address):(.*)$/)?.slice(1) ?? [])
    .slice(0, LIMITS.certificateNames)
    .map((name) => shortened(name, LIMITS.keptCharacters));
}

function keyOf(certificate: PeerCertificate): { keyType: string; keyBits: number | null } {
  const curve = certificate.nistCurve ?? certificate.asn1Curve;
  if (certificate.modulus !== undefined) return { keyType: 'RSA', keyBits: certificate.bits ?? null };
  return { keyType: curve === undefined ? 'other' : `EC ${curve}`, keyBits: certificate.bits ?? null };
}

/** Subjects of the chain, leaf first, just as the server sent it. */
export function servedChainOf(leaf: X509Certificate): readonly string[] {
  const subjects: string[] = [];
  let at: X509Certificate | undefined = leaf;
  for (; at !== undefined && subjects.length < LIMITS.chain; at = at.issuerCertificate) {
    // Of an empty subject Node says undefined.
    subjects.push(shortened((at.subject ?? '').replaceAll('\n', ', '), LIMITS.keptCharacters));
  }
  return subjects;
}

export function daysLeft({ validTo }: Pick<CertificateFacts, 'validTo'>, now: number): number {
  return Math.floor((Date.parse(validTo) - now) / DAY);
}

export function certificatesIn(pem: string): readonly string[] {
  return pem.match(PEM) ?? [];
}

/** How the TLS library judged the chain, and for what. */
export interface Verification {
  /** OpenSSL's error, as `CERT_HAS_EXPIRED`; null where the chain holds. */
  readonly error: string | null;
  /** The name that was asked for. */
  readonly name: string;
  readonly ca: string | undefined;
  readonly certificate: Parsed;
}

/** `now` is in epoch milliseconds. */
export function judgeCertificate(
  facts: CertificateFacts,
  verification: Verification,
  now: number,
  expect: Expectations = {},
): readonly Finding[] {
  const wanted = { ...DEFAULT_EXPECTATIONS.certificate, ...expect.certificate };
  return [
    ...judgeValidity(facts, now, wanted),
    ...judged(wanted.trust, judgeTrust(facts, verification, now)),
    ...judged(wanted.name, judgeName(facts, verification)),
    ...judged(wanted.weak, judgeStrength(facts)),
  ];
}

/** Whether the server is who it says it is, however bad the target's owner thinks it is if it is not. */
export function isVerified(facts: CertificateFacts, verification: Verification, now: number): boolean {
  return judgeTrust(facts, verification, now) === null && judgeName(facts, verification) === null;
}

interface Objection {
  readonly code: FailureCode;
  readonly detail: string;
}

function judged(severity: Judged, objection: Objection | null): readonly Finding[] {
  if (severity === 'ignore' || objection === null) return [];
  return [finding(objection.code, { detail: objection.detail, outcome: severity })];
}

function judgeValidity(
  facts: CertificateFacts,
  now: number,
  days: { warnDays: number; failDays: number },
): readonly Finding[] {
  if (now < Date.parse(facts.validFrom))
    return [finding('certificate-not-yet-valid', { detail: `valid from ${facts.validFrom}` })];
  if (now > Date.parse(facts.validTo))
    return [finding('certificate-expired', { detail: `expired on ${facts.validTo}` })];
  if (facts.daysLeft >= Math.max(days.warnDays, days.failDays)) return [];
  const detail = `${facts.daysLeft} days left, until ${facts.validTo}`;
  return [finding('certificate-expiring', { detail, outcome: facts.daysLeft < days.failDays ? 'fail' : 'warn' })];
}

/** OpenSSL's verdicts on the chain, as far as they have a code of their own. */
const TRUST: Readonly<Record<string, FailureCode>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unknown-issuer',
  CERT_HAS_EXPIRED: 'certificate-chain-expired',
};

function judgeTrust(facts: CertificateFacts, verification: Verification, now: number): Objection | null {
  const { error } = verification;
  if (error === null || isOnDates(error, facts, now) || isOnStrength(error, facts)) return null;
  const code = TRUST[error] ?? 'certificate-untrusted';
  const lacking = code === 'certificate-unknown-issuer' && facts.chain.length === 1 && lacksIntermediate(verification);
  const detail = `issuer ${facts.issuer}; certificates served: ${facts.chain.length}; ${error}`;
  return { code: lacking ? 'certificate-missing-intermediate' : code, detail };
}

function isOnDates(error: string, { validFrom, validTo }: CertificateFacts, now: number): boolean {
  if (error === 'CERT_HAS_EXPIRED') return now > Date.parse(validTo);
  return error === 'CERT_NOT_YET_VALID' && now < Date.parse(validFrom);
}

/** Node has no name for the errors on short keys and weak digests: those of the leaf are found in its facts. */
function isOnStrength(error: string, facts: CertificateFacts): boolean {
  return error === 'UNSPECIFIED' && judgeStrength(facts) !== null;
}

/**
 * A leaf alone whose issuer is not trusted either lacks its intermediate or comes from a private authority.
 * It lacks it where it says where its issuer can be fetched, where the issuer calls itself an intermediate,
 * or where a trusted authority has the issuer's organisation.
 */
function lacksIntermediate({ certificate: { issuer, infoAccess }, ca }: Verification): boolean {
  if (infoAccess !== undefined && 'CA Issuers - URI' in infoAccess) return true;
  if (/intermediate|issuing|subordinate/i.test(String(issuer?.CN))) return true;
  return issuer?.O !== undefined && trustedOrganisations(ca).has(String(issuer.O));
}

const organisationsOfSystem: string[] = [];

function trustedOrganisations(ca: string | undefined): ReadonlySet<string> {
  if (ca !== undefined) return new Set(organisationsOf(certificatesIn(ca)));
  // Some 20 ms for the authorities of Node: once, and only for a chain that does not hold.
  if (organisationsOfSystem.length === 0) organisationsOfSystem.push(...organisationsOf(rootCertificates));
  return new Set(organisationsOfSystem);
}

function organisationsOf(certificates: readonly string[]): readonly string[] {
  return certificates.flatMap((pem) => new X509Certificate(pem).subject.match(/^O=(.*)$/m)?.slice(1) ?? []);
}

function judgeName({ names, subject }: CertificateFacts, { name, certificate }: Verification): Objection | null {
  if (checkServerIdentity(name, certificate as PeerCertificate) === undefined) return null;
  return {
    code: 'certificate-wrong-name',
    detail: `asked for ${name}; the certificate is for ${names.join(', ') || subject}`,
  };
}

const WEAK_SIGNATURE = /md5|sha1/i;

function judgeStrength({ keyType, keyBits, signature }: CertificateFacts): Objection | null {
  const least = keyType === 'RSA' ? 2048 : 224;
  if (keyBits !== null && keyBits < least)
    return { code: 'certificate-weak-key', detail: `${keyType} of ${keyBits} bits` };
  return WEAK_SIGNATURE.test(signature)
    ? { code: 'certificate-weak-signature', detail: `signed with ${signature}` }
    : null;
}
