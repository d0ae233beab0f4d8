/** Reads the signature algorithm (RFC 5280 4.1.1.2) and the encoded key of a certificate, which node:crypto does not provide. */

const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10040.4.3': 'dsa-with-sha1',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

/** `Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { algorithm OBJECT IDENTIFIER … } … }` */
export function signatureAlgorithmOf(der: Buffer): string {
  const certificate = element(der, 0);
  const signed = element(der, certificate.from);
  const algorithm = element(der, signed.to);
  const identifier = element(der, algorithm.from);
  const dotted = objectIdentifier(der.subarray(identifier.from, identifier.to));
  return NAMES[dotted] ?? dotted;
}

/**
 * The subject public key info of a certificate, as it is encoded there (RFC 5280 4.1):
 * `tbsCertificate SEQUENCE { [0] version, serial, signature, issuer, validity, subject, subjectPublicKeyInfo … }`. An encoding
 * of the parsed key could differ.
 */
export function publicKeyInfoOf(der: Buffer): Buffer {
  const { from } = element(der, element(der, 0).from);
  let at = der[from] === VERSION ? element(der, from).to : from;
  for (const _ of ['serial', 'signature', 'issuer', 'validity', 'subject']) at = element(der, at).to;
  return der.subarray(at, element(der, at).to);
}

/** The explicit tag of the version. Certificates of X.509 v1 have none. */
const VERSION = 0xa0;

/** The position of the contents of the DER element at `at` (X.690 8.1). OpenSSL has checked the encoding. */
function element(der: Buffer, at: number): { readonly from: number; readonly to: number } {
  const firstOctet = der[at + 1] ?? 0;
  const octets = firstOctet < 0x80 ? 0 : firstOctet & 0x7f;
  const from = at + 2 + octets;
  const length = octets === 0 ? firstOctet : der.readUIntBE(at + 2, octets);
  return { from, to: from + length };
}

/** X.690 8.19: base 128, with the first two arcs in one number. */
function objectIdentifier(octets: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}
