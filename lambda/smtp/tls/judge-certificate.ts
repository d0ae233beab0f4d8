/** Reads and judges the certificate of a server: validity, trust, name and strength. */

import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { LIMITS } from '../bounds/limits.ts';
import { truncate } from '../bounds/truncate.ts';
import { DEFAULT_EXPECTATIONS, type Expectations } from '../endpoint/expectations.ts';
import { finding } from '../failures/failures.ts';
import type { CertificateFacts, Finding } from '../sample/sample.ts';
import { type CertificateProblem, findingsOfProblems } from './certificate-problems-to-findings.ts';
import { type ChainVerification, judgeTrust } from './chain-trust.ts';
import { judgeKeyStrength, keyStrength } from './key-strength.ts';
import { judgePathExpiry } from './path-expiry.ts';

const DAY = 86_400_000;

/** The fields of a certificate of Node that a check of its name needs, in addition to the facts. */
export type CertificateNames = Pick<PeerCertificate, 'subject'> & { readonly subjectaltname: string | undefined };

/** The constant part of a certificate: all facts except for the days left and the served chain. */
export interface CertificateRecord {
  readonly facts: Omit<CertificateFacts, 'daysLeft' | 'chain'>;
  readonly certificate: CertificateNames;
}

export function readCertificate(certificate: PeerCertificate): CertificateRecord {
  const { subject, subjectaltname } = certificate;
  return { facts: certificateFactsOf(certificate), certificate: { subject, subjectaltname } };
}

function certificateFactsOf(certificate: PeerCertificate): CertificateRecord['facts'] {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: namesOf(certificate.subjectaltname),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    ...keyStrength(certificate),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** The values are untrusted text. A repeated attribute is a list. */
function distinguishedName(name: object): string {
  const parts = Object.entries(name ?? {}).flatMap(([attribute, values]) =>
    [values].flat().map((value) => `${attribute}=${value}`),
  );
  return truncate(parts.join(', '), LIMITS.keptCharacters);
}

/** `DNS:mx1.example.com, IP Address:192.0.2.1` without the kinds. */
function namesOf(alternatives: string | undefined): readonly string[] {
  return (alternatives ?? '')
    .split(/, (?=[A-Za-z ]+:)/)
    .flatMap((name) => name.match(/^(?:DNS|IP Address):(.*)$/)?.slice(1) ?? [])
    .slice(0, LIMITS.certificateNames)
    .map((name) => truncate(name, LIMITS.keptCharacters));
}

export function daysLeft({ validTo }: Pick<CertificateFacts, 'validTo'>, now: number): number {
  return Math.floor((Date.parse(validTo) - now) / DAY);
}

/** The inputs of a judgement, in addition to the facts. */
export interface Verification extends ChainVerification {
  /** The requested name. */
  readonly name: string;
  readonly certificate: CertificateNames;
}

/** `now` is in epoch milliseconds. */
export function judgeCertificate(
  facts: CertificateFacts,
  verification: Verification,
  now: number,
  expect: Pick<Expectations, 'certificate'> = {},
): readonly Finding[] {
  const expected = { ...DEFAULT_EXPECTATIONS.certificate, ...expect.certificate };
  return [
    ...judgeValidity(facts, now, expected),
    ...findingsOfProblems(expected.trust, () => judgeTrust(facts, verification, now)),
    // Of a path that is not trusted, only the mistrust matters.
    ...(verification.error === null ? judgePathExpiry(verification.chain, verification.ca, expected, now) : []),
    ...findingsOfProblems(expected.name, () => judgeName(facts, verification)),
    ...(expected.name === 'ignore' ? [] : judgeCommonName(verification)),
    ...findingsOfProblems(expected.weak, () => judgeKeyStrength(facts)),
  ];
}

/** Whether the chain is trusted and the name matches, independent of expectations. */
export function isVerified(facts: CertificateFacts, verification: Verification, now: number): boolean {
  return judgeTrust(facts, verification, now).length === 0 && judgeName(facts, verification).length === 0;
}

function judgeValidity(
  facts: CertificateFacts,
  now: number,
  days: { warnDays: number; failDays: number },
): readonly Finding[] {
  if (now < Date.parse(facts.validFrom))
    return [finding('certificate-not-yet-valid', { detail: `valid from ${minuteOf(facts.validFrom)}` })];
  if (now > Date.parse(facts.validTo))
    return [finding('certificate-expired', { detail: `expired on ${minuteOf(facts.validTo)}` })];
  if (facts.daysLeft >= Math.max(days.warnDays, days.failDays)) return [];
  const fails = facts.daysLeft < days.failDays;
  const left = `${facts.daysLeft} ${facts.daysLeft === 1 ? 'day' : 'days'} left`;
  const detail = `expires on ${facts.validTo.slice(0, 10)}, ${left}, below ${fails ? days.failDays : days.warnDays}`;
  return [finding('certificate-expiring', { detail, outcome: fails ? 'fail' : 'warn' })];
}

/** `2026-12-05 10:30 UTC` */
function minuteOf(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Names of a certificate that a detail has. The facts of the sample have all. */
const NAMES_SHOWN = 3;

function someOf(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function judgeName(
  { names, subject }: CertificateFacts,
  { name, certificate }: Verification,
): readonly CertificateProblem[] {
  if (checkServerIdentity(name, certificate as PeerCertificate) === undefined) return [];
  const isWrongKind = certificate.subjectaltname?.split(', ').includes(`DNS:${name}`) && isIP(name) !== 0;
  const detail = isWrongKind
    ? `certificate has ${name} as a DNS name, not as an IP address`
    : `certificate lacks ${name}, has ${someOf(names) || subject}`;
  return [{ code: 'certificate-wrong-name', detail }];
}

/** Node accepts the common name of a certificate without alternative names. RFC 9525 2 does not. */
function judgeCommonName({ name, certificate }: Verification): readonly Finding[] {
  if (certificate.subjectaltname !== undefined || checkServerIdentity(name, certificate as PeerCertificate)) return [];
  const detail = `the name ${name} is only the common name (CN) of the subject`;
  return [finding('certificate-common-name-only', { detail })];
}
