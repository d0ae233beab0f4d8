/** Judges whether a chain leads to a trusted authority. */

import type { X509Certificate } from 'node:crypto';
import { ownValue } from '../../wire/own-value.ts';
import type { FailureCode } from '../failures/failures.ts';
import type { CertificateFacts } from '../sample/sample.ts';
import type { CertificateProblem } from './certificate-problems-to-findings.ts';
import { judgeKeyStrength } from './key-strength.ts';
import { pathDefects } from './path-defects.ts';
import {
  type CertificateChain,
  type CertificationPath,
  certificationPath,
  includesCertificate,
  isSelfSigned,
} from './path-to-trusted-authority.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

/** The result of the TLS library for the chain. */
export interface ChainVerification {
  /** The last error of OpenSSL, for example `CERT_HAS_EXPIRED`: OpenSSL continues after errors. Null if there is none. */
  readonly error: string | null;
  readonly chain: CertificateChain;
  readonly ca: string | undefined;
}

/** Errors with one meaning. An error in none of these tables is `certificate-untrusted`. */
const CODE_OF_ERROR: Readonly<Record<string, FailureCode>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-issuer',
};

/** An issuer is missing. The chain shows whether the server should have sent it. */
const ISSUER_NOT_FOUND: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Errors of dates and strength replace earlier errors of trust, so that the path must be checked again. Each function
 * tests whether the error concerns only the leaf, whose dates and strength have their own findings.
 */
const LAST_ERRORS: Readonly<
  Record<string, (facts: CertificateFacts, defects: readonly string[], now: number) => boolean>
> = {
  CERT_HAS_EXPIRED: ({ validTo }, _flaws, now) => now > Date.parse(validTo),
  CERT_NOT_YET_VALID: ({ validFrom }, _flaws, now) => now < Date.parse(validFrom),
  // Errors without a name in Node: short keys and weak digests, but also violated constraints.
  UNSPECIFIED: (facts, defects) => judgeKeyStrength(facts).length > 0 && defects.length === 0,
};

/** The problems of trust, without those of the dates and strength of the leaf. `now`: epoch milliseconds. */
export function judgeTrust(
  facts: CertificateFacts,
  verification: ChainVerification,
  now: number,
): readonly CertificateProblem[] {
  const { error, chain, ca } = verification;
  if (error === null) return [];
  const detail = `issuer ${facts.issuer}; certificates served: ${chain.length}; ${error}`;
  const concernsLeafOnly = LAST_ERRORS[error];
  if (concernsLeafOnly === undefined && !ISSUER_NOT_FOUND.has(error))
    return [{ code: ownValue(CODE_OF_ERROR, error) ?? 'certificate-untrusted', detail }];
  const trusted = trustedAuthorities(ca);
  const path = certificationPath(chain, trusted, now);
  const expiredAuthorities = path.above.filter((one) => hasExpired(one, now)).map(expiredProblem);
  if (concernsLeafOnly === undefined || !path.trusted)
    return [{ code: codeOf(path, verification, trusted), detail }, ...expiredAuthorities];
  const defects = pathDefects(path, now);
  if (expiredAuthorities.length > 0 || concernsLeafOnly(facts, defects, now)) return expiredAuthorities;
  const code = error === 'CERT_HAS_EXPIRED' ? 'certificate-chain-expired' : 'certificate-untrusted';
  return [{ code, detail: [detail, ...defects].join('; ') }];
}

function hasExpired({ validTo }: X509Certificate, now: number): boolean {
  return now > Date.parse(validTo);
}

function expiredProblem({ subject, validTo }: X509Certificate): CertificateProblem {
  const detail = `${(subject ?? '').replaceAll('\n', ', ')} expired on ${new Date(validTo).toISOString()}`;
  return { code: 'certificate-chain-expired', detail };
}

function codeOf(
  path: CertificationPath,
  verification: ChainVerification,
  trusted: readonly X509Certificate[],
): FailureCode {
  if (isSelfSigned(path.leaf)) return 'certificate-self-signed';
  return path.above.length === 0 && lacksIntermediate(verification, trusted)
    ? 'certificate-missing-intermediate'
    : 'certificate-unknown-issuer';
}

/**
 * If the issuer of the leaf is neither served nor trusted, the intermediate is missing, or the authority is private. The
 * intermediate is missing if a trusted root is served instead, if a trusted authority has the issuer's organisation, if
 * the issuer is named as an intermediate, or if the leaf is of a public authority.
 */
function lacksIntermediate(
  { chain: [leaf, ...served], ca }: ChainVerification,
  trusted: readonly X509Certificate[],
): boolean {
  if (served.some((one) => includesCertificate(trusted, one))) return true;
  if (/^CN=.*(intermediate|issuing|subordinate)/im.test(leaf.issuer)) return true;
  const organisation = organisationIn(leaf.issuer);
  if (organisation !== undefined && trusted.some(({ subject }) => organisationIn(subject) === organisation))
    return true;
  return ca === undefined && leaf.raw.includes(SCT_LIST);
}

function organisationIn(name: string | undefined): string | undefined {
  return name?.match(/^O=(.*)$/m)?.[1];
}

/** 1.3.6.1.4.1.11129.2.4.2: certificate transparency logs accept only certificates of public authorities (RFC 6962 3.1, 3.3). */
const SCT_LIST = Buffer.from('060a2b06010401d679020402', 'hex');
