/** Whether a chain leads to an authority that is trusted, and what is wrong where it does not. */

import type { X509Certificate } from 'node:crypto';
import type { FailureCode } from '../failures/failures.ts';
import type { CertificateFacts } from '../sample/sample.ts';
import type { CertificateProblem } from './certificate-problem.ts';
import {
  type CertificateChain,
  type CertificationPath,
  certificationPath,
  includesCertificate,
  isSelfSigned,
} from './certification-path.ts';
import { judgeKeyStrength } from './key-strength.ts';
import { pathDefects } from './path-defects.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

/** How the TLS library judged the chain. */
export interface ChainVerification {
  /** OpenSSL's error, as `CERT_HAS_EXPIRED`: the last of them, for it goes on past errors. Null where the chain holds. */
  readonly error: string | null;
  readonly chain: CertificateChain;
  readonly ca: string | undefined;
}

/** OpenSSL's verdicts that leave no question; one that is in none of these tables is `certificate-untrusted`. */
const PLAIN: Readonly<Record<string, FailureCode>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-issuer',
};

/** An issuer is not found: whether it should have been served is seen from the chain. */
const ENDLESS: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Verdicts on dates and strength come after those on trust, and take their place: the path must be walked to know the
 * rest. Each says when it is the leaf's alone, whose dates and strength have findings of their own.
 */
const HIDING: Readonly<Record<string, (facts: CertificateFacts, flaws: readonly string[], now: number) => boolean>> = {
  CERT_HAS_EXPIRED: ({ validTo }, _flaws, now) => now > Date.parse(validTo),
  CERT_NOT_YET_VALID: ({ validFrom }, _flaws, now) => now < Date.parse(validFrom),
  // What Node has no name for: short keys and weak digests, but broken constraints as well.
  UNSPECIFIED: (facts, flaws) => judgeKeyStrength(facts).length > 0 && flaws.length === 0,
};

/** Empty where the chain is trusted, but for what the leaf's dates and strength say. `now`: epoch milliseconds. */
export function judgeTrust(
  facts: CertificateFacts,
  verified: ChainVerification,
  now: number,
): readonly CertificateProblem[] {
  const { error, chain, ca } = verified;
  if (error === null) return [];
  const detail = `issuer ${facts.issuer}; certificates served: ${chain.length}; ${error}`;
  const isLeafs = HIDING[error];
  if (isLeafs === undefined && !ENDLESS.has(error)) return [{ code: PLAIN[error] ?? 'certificate-untrusted', detail }];
  const trusted = trustedAuthorities(ca);
  const path = certificationPath(chain, trusted, now);
  const stale = path.above.filter((one) => hasExpired(one, now)).map(expired);
  if (isLeafs === undefined || !path.trusted) return [{ code: codeOf(path, verified, trusted), detail }, ...stale];
  const flaws = pathDefects(path, now);
  if (stale.length > 0 || isLeafs(facts, flaws, now)) return stale;
  const code = error === 'CERT_HAS_EXPIRED' ? 'certificate-chain-expired' : 'certificate-untrusted';
  return [{ code, detail: [detail, ...flaws].join('; ') }];
}

function hasExpired({ validTo }: X509Certificate, now: number): boolean {
  return now > Date.parse(validTo);
}

function expired({ subject, validTo }: X509Certificate): CertificateProblem {
  const detail = `${(subject ?? '').replaceAll('\n', ', ')} expired on ${new Date(validTo).toISOString()}`;
  return { code: 'certificate-chain-expired', detail };
}

function codeOf(
  path: CertificationPath,
  verified: ChainVerification,
  trusted: readonly X509Certificate[],
): FailureCode {
  if (isSelfSigned(path.leaf)) return 'certificate-self-signed';
  return path.above.length === 0 && lacksIntermediate(verified, trusted)
    ? 'certificate-missing-intermediate'
    : 'certificate-unknown-issuer';
}

/**
 * A leaf whose issuer is neither served nor trusted lacks its intermediate, or comes from a private authority. It lacks
 * it where a trusted root is served instead, where a trusted authority has the issuer's organisation, where the issuer
 * calls itself an intermediate, or where the leaf is one of a public authority.
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
  return ca === undefined && leaf.raw.includes(TIMESTAMPS);
}

function organisationIn(name: string | undefined): string | undefined {
  return name?.match(/^O=(.*)$/m)?.[1];
}

/** 1.3.6.1.4.1.11129.2.4.2: certificate transparency logs take the certificates of public authorities alone (RFC 6962 3.1, 3.3). */
const TIMESTAMPS = Buffer.from('060a2b06010401d679020402', 'hex');
