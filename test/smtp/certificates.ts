/** Issues certificates for tests. */

import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const DAY = 86_400_000;

const ALGORITHMS = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: rsa(2048, 'SHA-256'),
  rsa1024: rsa(1024, 'SHA-256'),
  rsaSha1: rsa(2048, 'SHA-1'),
} as const;

function rsa(modulusLength: number, hash: string) {
  return { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash };
}

export interface CertificateOptions {
  readonly subject?: string;
  readonly names?: readonly string[];
  /** Addresses as DNS names, which is wrong. */
  readonly addressNames?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly algorithm?: keyof typeof ALGORITHMS;
  readonly authority?: boolean;
  /** Number of authorities allowed below it. */
  readonly pathLength?: number;
  /** In addition to basic constraints and names. */
  readonly extensions?: readonly x509.Extension[];
}

/** A certificate with its key. `pem` and `key` are for the configuration of a server. */
export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: (typeof ALGORITHMS)[keyof typeof ALGORITHMS];
  readonly pem: string;
  readonly key: string;
}

/** Issues a certificate, signed by `issuer` or self-signed. */
export async function issue(options: CertificateOptions = {}, issuer?: Issued): Promise<Issued> {
  const {
    subject = 'CN=mx1.example.com',
    names = [],
    addressNames = [],
    from = -1,
    to = 90,
    authority = false,
    extensions = [],
  } = options;
  const algorithm = ALGORITHMS[options.algorithm ?? 'ec'];
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: (issuer ?? { algorithm }).algorithm,
    notBefore: new Date(Date.now() + from * DAY),
    notAfter: new Date(Date.now() + to * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(authority, options.pathLength, true),
      ...alternativeNames(names, addressNames),
      ...extensions,
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate, keys, algorithm, pem: `${certificate.toString('pem')}\n`, key };
}

function alternativeNames(names: readonly string[], addressNames: readonly string[]): readonly x509.Extension[] {
  const all = [...names.map(alternative), ...addressNames.map((value) => ({ type: 'dns', value }) as const)];
  return all.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(all)];
}

function alternative(value: string): x509.JsonGeneralName {
  return { type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value };
}

/** Authorities, and certificates for mx1.example.com. Each test file makes them once. */
export async function makeCertificates() {
  const names = ['mx1.example.com', '127.0.0.1', '::1'];
  const root = await issue({ subject: 'CN=Root,O=Example Trust', authority: true, to: 3650 });
  const rsaRoot = await issue({ subject: 'CN=RSA Root,O=Example Trust', authority: true, to: 3650, algorithm: 'rsa' });
  // A key always signs with its own hash.
  const sha1Root = await issue({ subject: 'CN=SHA-1 Root,O=Example Trust', authority: true, algorithm: 'rsaSha1' });
  const intermediate = await issue({ subject: 'CN=Issuing R1,O=Example Trust', authority: true, to: 365 }, root);
  const expiredIntermediate = await issue(
    { subject: 'CN=Stale,O=Example Trust', authority: true, from: -100, to: -1 },
    root,
  );
  const untrustedRoot = await issue({ subject: 'CN=Elsewhere,O=Nobody You Know', authority: true }, undefined);
  const [
    good,
    expired,
    notYetValid,
    expiring,
    wrongName,
    selfSigned,
    unknown,
    belowIntermediate,
    withoutSubject,
    weakKey,
    weakSignature,
  ] = await Promise.all([
    issue({ names }, root),
    issue({ names, from: -100, to: -10 }, root),
    issue({ names, from: 5 }, root),
    issue({ names, to: 10 }, root),
    issue({ names: ['www.example.com'] }, root),
    issue({ names }),
    issue({ names }, untrustedRoot),
    issue({ names }, intermediate),
    issue({ subject: '', names }, root),
    issue({ names, algorithm: 'rsa1024' }, rsaRoot),
    issue({ names, algorithm: 'rsaSha1' }, sha1Root),
  ]);
  const expiringIntermediate = await issue({ subject: 'CN=Soon,O=Example Trust', authority: true, to: 2.5 }, root);
  const laterIntermediate = await issue({ subject: 'CN=Later,O=Example Trust', authority: true, to: 10.5 }, root);
  const expiringRoot = await issue({ subject: 'CN=Private Root,O=Example Trust', authority: true, to: 2.5 });
  const belowExpired = await issue({ names }, expiredIntermediate);
  const byLeaf = await issue({ subject: 'CN=Behind a leaf', names }, good);
  const ca = root.pem + rsaRoot.pem + sha1Root.pem + expiringRoot.pem;
  return {
    ca,
    root,
    intermediate,
    untrustedRoot,
    good,
    expired,
    notYetValid,
    expiring,
    wrongName,
    selfSigned,
    unknown,
    belowIntermediate,
    /** With an empty subject, as in short-lived certificates. */
    withoutSubject,
    expiredIntermediate,
    belowExpired,
    /** Issued by a certificate that is not an authority. */
    byLeaf,
    unreadable: withDateOf(selfSigned, '99'),
    weakKey,
    weakSignature,
    expiringIntermediate,
    belowExpiring: await issue({ names }, expiringIntermediate),
    laterIntermediate,
    belowLater: await issue({ names }, laterIntermediate),
    /** Below a trusted root that expires soon. */
    byExpiringRoot: await issue({ names }, expiringRoot),
    rsa: await issue({ names, algorithm: 'rsa' }, rsaRoot),
    commonNameOnly: await issue({}, root),
    addressAsDns: await issue({ addressNames: ['127.0.0.1'] }, root),
  };
}

/** The certificate with an invalid month in its first date, which OpenSSL accepts. */
function withDateOf(issued: Issued, month: string): Issued {
  const der = Buffer.from(issued.certificate.rawData);
  // UTCTime, 13 octets: YYMMDDhhmmssZ (X.690 11.8).
  der.write(month, der.indexOf(Buffer.from([0x17, 13])) + 4, 'latin1');
  return { ...issued, pem: `${x509.PemConverter.encode(der, 'CERTIFICATE')}\n` };
}

export type Certificates = Awaited<ReturnType<typeof makeCertificates>>;
