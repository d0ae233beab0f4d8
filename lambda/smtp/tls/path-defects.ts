/**
 * Finds defects of a certification path that ends at a trusted authority. It is used if OpenSSL's error has no name, and
 * reports defects rather too often than too rarely.
 */

import type { X509Certificate } from 'node:crypto';
import { judgeKeyStrength, keyStrength } from './key-strength.ts';
import { type CertificationPath, isSelfSigned, isWithinValidity } from './path-to-trusted-authority.ts';

/** The defects, without those of the strength and dates of the leaf. `now`: epoch milliseconds. */
export function pathDefects({ leaf, above }: CertificationPath, now: number): readonly string[] {
  const ofAuthorities = above.flatMap((one, below) => [
    ...weaknessesOf(one),
    ...DEFECTS.filter(([, applies]) => applies(one, below, now)).map(([defect]) => `${one.subject} ${defect}`),
  ]);
  return isForServers(leaf) ? ofAuthorities : ['the certificate is not for servers', ...ofAuthorities];
}

/** `below`: the number of authorities between this one and the leaf. */
const DEFECTS: readonly (readonly [
  defect: string,
  applies: (one: X509Certificate, below: number, now: number) => boolean,
])[] = [
  ['is out of date', (one, _below, now) => !isWithinValidity(one, now)],
  ['is not for servers', (one) => !isForServers(one)],
  ['is bound to some names', hasNameConstraints],
  ['may not have so many authorities below it', (one, below) => below > pathLengthOf(one)],
];

/** The signature of a self-signed authority has no meaning and is not judged. */
function weaknessesOf(authority: X509Certificate): readonly string[] {
  const { keyType, keyBits, signature } = keyStrength(authority.toLegacyObject());
  const weaknesses = judgeKeyStrength({ keyType, keyBits, signature: isSelfSigned(authority) ? '' : signature });
  return weaknesses.map(({ detail }) => `${authority.subject} is weak: ${detail}`);
}

/** RFC 5280 4.2.1.12; Node calls the extended key usage `keyUsage`. */
function isForServers({ keyUsage }: X509Certificate): boolean {
  return keyUsage === undefined || keyUsage.includes('1.3.6.1.5.5.7.3.1');
}

/** By the object identifier of name constraints, 2.5.29.30 (RFC 5280 4.2.1.10): Node does not provide them. */
function hasNameConstraints({ raw }: X509Certificate): boolean {
  return raw.includes(Buffer.from('0603551d1e', 'hex'));
}

/** RFC 5280 4.2.1.9, basic constraints: `critical? OCTET STRING { SEQUENCE { cA TRUE, pathLenConstraint INTEGER } }`. */
const PATH_LENGTH = /0603551d13(?:0101..)?04..30..0101..0201(..)/g;

function pathLengthOf({ raw }: X509Certificate): number {
  const lengths = [...raw.toString('hex').matchAll(PATH_LENGTH)].map(([, octet = '']) => Number.parseInt(octet, 16));
  return Math.min(...lengths);
}
