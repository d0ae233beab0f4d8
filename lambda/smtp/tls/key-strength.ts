/** Reads and judges the strength of keys and signatures. */

import type { PeerCertificate } from 'node:tls';
import type { CertificateFacts } from '../sample/sample.ts';
import { signatureAlgorithmOf } from './certificate-fields.ts';
import type { CertificateProblem } from './certificate-problems-to-findings.ts';

export type KeyStrength = Pick<CertificateFacts, 'keyType' | 'keyBits' | 'signature'>;

export function keyStrength(certificate: PeerCertificate): KeyStrength {
  return { ...keyOf(certificate), signature: signatureAlgorithmOf(certificate.raw) };
}

function keyOf(certificate: PeerCertificate): Omit<KeyStrength, 'signature'> {
  const curve = certificate.nistCurve ?? certificate.asn1Curve;
  if (certificate.modulus !== undefined) return { keyType: 'RSA', keyBits: certificate.bits ?? null };
  return { keyType: curve === undefined ? 'other' : `EC ${curve}`, keyBits: certificate.bits ?? null };
}

const WEAK_SIGNATURE = /md5|sha1/i;

/** Key and signature have separate problems, so that both are reported. */
export function judgeKeyStrength({ keyType, keyBits, signature }: KeyStrength): readonly CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  const minimum = keyType === 'RSA' ? 2048 : 224;
  if (keyBits !== null && keyBits < minimum)
    problems.push({ code: 'certificate-weak-key', detail: `${keyType} of ${keyBits} bits` });
  if (WEAK_SIGNATURE.test(signature))
    problems.push({ code: 'certificate-weak-signature', detail: `signed with ${signature}` });
  return problems;
}
