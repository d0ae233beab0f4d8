import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeTrust } from '../../../lambda/smtp/tls/chain-trust.ts';
import { readCertificate } from '../../../lambda/smtp/tls/judge-certificate.ts';
import type { CertificateChain } from '../../../lambda/smtp/tls/path-to-trusted-authority.ts';
import { type CertificateOptions, type Issued, issue } from '../certificates.ts';
import { auth } from '../faults/scripts.ts';
import { probeScript } from '../probe-script.ts';
import { mailServer } from '../scripted-server.ts';

const names = ['mx1.example.com'];
const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
/** Permits `SEQUENCE { [0] { SEQUENCE { [2] "example.net" } } }`, and nothing else. */
const boundToNames = new x509.Extension(
  '2.5.29.30',
  true,
  Buffer.concat([Buffer.from('3011a00f300d820b', 'hex'), Buffer.from('example.net')]),
);
/** RFC 6962 3.3. Its content is not read. */
const timestamps = new x509.Extension('1.3.6.1.4.1.11129.2.4.2', false, Buffer.from('04020000', 'hex'));
const fetchable = new x509.AuthorityInfoAccessExtension({ caIssuers: ['http://ca.example.com/issuer.cer'] });

/** The first is the certificate of the server. */
type Served = readonly [Issued, ...Issued[]];

interface Case {
  readonly name: string;
  readonly served: () => Promise<Served> | Served;
  readonly codes: readonly string[];
  /** Uses the authorities of Node instead of a `ca`. */
  readonly nodeAuthorities?: boolean;
}

let root: Issued;
/** Signs with SHA-1. */
let sha1Root: Issued;
let untrustedSha1Root: Issued;
beforeAll(async () => {
  root = await authority('Root', { algorithm: 'rsa' });
  sha1Root = await authority('SHA-1 Root', { algorithm: 'rsaSha1' });
  untrustedSha1Root = await untrustedAuthority({ algorithm: 'rsaSha1' });
});

const authority = (name: string, options: CertificateOptions = {}, issuer?: Issued) =>
  issue({ subject: `CN=${name},O=Example Trust`, authority: true, to: 3650, ...options }, issuer);
const untrustedAuthority = (options: CertificateOptions = {}, issuer?: Issued) =>
  issue({ subject: 'CN=Root of Evil', authority: true, ...options }, issuer);
const leaf = (options: CertificateOptions, issuer?: Issued) => issue({ names, ...options }, issuer);

/** A certificate below an authority with these options, which signs with SHA-1. */
async function weakBelow(options: CertificateOptions): Promise<Served> {
  const between = await authority('Between', { algorithm: 'rsaSha1', ...options }, root);
  return [await leaf({}, between), between];
}

const UNTRUSTED: readonly Case[] = [
  {
    name: 'a short key, signed by itself',
    served: async () => [await leaf({ algorithm: 'rsa1024' })],
    codes: ['certificate-self-signed', 'auth-withheld', 'certificate-weak-key'],
  },
  {
    name: 'SHA-1, signed by itself',
    served: async () => [await leaf({ algorithm: 'rsaSha1' })],
    codes: ['certificate-self-signed', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'SHA-1, and a root of its own',
    served: async () => [await leaf({}, untrustedSha1Root), untrustedSha1Root],
    codes: ['certificate-unknown-issuer', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'SHA-1, an intermediate and a root of its own',
    served: async () => {
      const between = await untrustedAuthority({ subject: 'CN=Between', algorithm: 'rsaSha1' }, untrustedSha1Root);
      return [await leaf({}, between), between, untrustedSha1Root];
    },
    codes: ['certificate-unknown-issuer', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'a strong certificate below a weak intermediate of a root of its own',
    served: async () => {
      const between = await untrustedAuthority({ subject: 'CN=Between' }, untrustedSha1Root);
      return [await leaf({}, between), between, untrustedSha1Root];
    },
    codes: ['certificate-unknown-issuer', 'auth-withheld'],
  },
  {
    name: 'SHA-1, and a root of its own, where Node says whom to trust',
    nodeAuthorities: true,
    served: async () => [await leaf({}, untrustedSha1Root), untrustedSha1Root],
    codes: ['certificate-unknown-issuer', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'short key and SHA-1, and a root of its own',
    served: async () => [await leaf({ algorithm: 'rsa1024' }, untrustedSha1Root), untrustedSha1Root],
    codes: ['certificate-unknown-issuer', 'auth-withheld', 'certificate-weak-key', 'certificate-weak-signature'],
  },
  {
    name: 'expired, signed by itself',
    served: async () => [await leaf({ from: -100, to: -10 })],
    codes: ['certificate-expired', 'certificate-self-signed', 'auth-withheld'],
  },
  {
    name: 'not yet valid, signed by itself',
    served: async () => [await leaf({ from: 10 })],
    codes: ['certificate-not-yet-valid', 'certificate-self-signed', 'auth-withheld'],
  },
  {
    name: 'expired, of an authority that nobody trusts',
    served: async () => {
      const untrusted = await untrustedAuthority();
      return [await leaf({ from: -100, to: -10 }, untrusted), untrusted];
    },
    codes: ['certificate-expired', 'certificate-unknown-issuer', 'auth-withheld'],
  },
  {
    name: 'expired, of a root with the name of a trusted one',
    served: async () => {
      const untrusted = await authority('Root', { algorithm: 'rsa' });
      return [await leaf({ from: -100, to: -10 }, untrusted), untrusted];
    },
    codes: ['certificate-expired', 'certificate-unknown-issuer', 'auth-withheld'],
  },
  {
    name: 'a root of its own that has expired',
    served: async () => {
      const untrusted = await untrustedAuthority({ from: -100, to: -1 });
      return [await leaf({}, untrusted), untrusted];
    },
    codes: ['certificate-unknown-issuer', 'certificate-chain-expired', 'auth-withheld'],
  },
];

/** Weak, and issued by a constrained authority of a trusted root. */
const CONSTRAINED: readonly Case[] = [
  {
    name: 'of an authority for other names',
    served: () => weakBelow({ extensions: [boundToNames] }),
    codes: ['certificate-untrusted', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'of an authority for clients',
    served: () => weakBelow({ extensions: [new x509.ExtendedKeyUsageExtension([CLIENT])] }),
    codes: ['certificate-untrusted', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'for clients',
    served: async () => [await leaf({ extensions: [new x509.ExtendedKeyUsageExtension([CLIENT])] }, sha1Root)],
    codes: ['certificate-untrusted', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'of an authority that is weak itself',
    served: async () => {
      const between = await authority('Between', { algorithm: 'rsaSha1' }, sha1Root);
      return [await leaf({}, between), between];
    },
    codes: ['certificate-untrusted', 'auth-withheld', 'certificate-weak-signature'],
  },
  {
    name: 'of an authority below one that may have none',
    served: async () => {
      const last = await authority('Last', { algorithm: 'rsa', pathLength: 0 }, root);
      const beyond = await authority('Beyond', { algorithm: 'rsaSha1' }, last);
      return [await leaf({}, beyond), beyond, last];
    },
    codes: ['certificate-untrusted', 'auth-withheld', 'certificate-weak-signature'],
  },
];

const WEAK_ALONE: readonly Case[] = [
  {
    name: 'SHA-1, of a trusted root',
    served: async () => [await leaf({}, sha1Root)],
    codes: ['certificate-weak-signature'],
  },
  {
    name: 'SHA-1, of a trusted root that is served',
    served: async () => [await leaf({}, sha1Root), sha1Root],
    codes: ['certificate-weak-signature'],
  },
  {
    name: 'a short key, of a trusted root',
    served: async () => [await leaf({ algorithm: 'rsa1024' }, root)],
    codes: ['certificate-weak-key'],
  },
  {
    name: 'short key and SHA-1, of a trusted root',
    served: async () => [await leaf({ algorithm: 'rsa1024' }, sha1Root)],
    codes: ['certificate-weak-key', 'certificate-weak-signature'],
  },
  {
    name: 'SHA-1, below an intermediate',
    served: () => weakBelow({ pathLength: 0, extensions: [new x509.ExtendedKeyUsageExtension([SERVER, CLIENT])] }),
    codes: ['certificate-weak-signature'],
  },
];

const MISSING_INTERMEDIATE: readonly Case[] = [
  {
    name: 'a trusted root is served, and the intermediate is not',
    served: async () => [await leaf({}, await issue({ subject: 'CN=R1', authority: true }, root)), root],
    codes: ['certificate-missing-intermediate'],
  },
  {
    name: 'a root of Node is served, and the intermediate is not',
    nodeAuthorities: true,
    served: async () => [await leaf({}, await untrustedAuthority()), { ...root, pem: `${rootCertificates[0]}\n` }],
    codes: ['certificate-missing-intermediate'],
  },
  {
    name: 'the certificate is served twice, the intermediate is not',
    served: async () => {
      const one = await leaf({}, await authority('R1', {}, root));
      return [one, one];
    },
    codes: ['certificate-missing-intermediate'],
  },
  {
    name: 'an intermediate is served, but another one',
    served: async () => [await leaf({}, await authority('R1', {}, root)), await authority('R2', {}, root)],
    codes: ['certificate-missing-intermediate'],
  },
  {
    name: 'alone, of a public authority',
    nodeAuthorities: true,
    served: async () => [await leaf({ extensions: [timestamps] }, await untrustedAuthority())],
    codes: ['certificate-missing-intermediate'],
  },
  {
    name: 'alone, of a public authority where another one is trusted',
    served: async () => [await leaf({ extensions: [timestamps] }, await untrustedAuthority())],
    codes: ['certificate-unknown-issuer'],
  },
  {
    name: 'expired, and without its intermediate',
    served: async () => [await leaf({ from: -100, to: -10 }, await authority('R1', {}, root))],
    codes: ['certificate-expired', 'certificate-missing-intermediate'],
  },
  {
    name: 'of a private authority that says where its certificate is',
    served: async () => [await leaf({ extensions: [fetchable] }, await untrustedAuthority())],
    codes: ['certificate-unknown-issuer'],
  },
  {
    name: 'twice, of a private authority',
    served: async () => {
      const one = await leaf({}, await untrustedAuthority());
      return [one, one];
    },
    codes: ['certificate-unknown-issuer'],
  },
];

const LOWEST_SECURITY = { ciphers: 'DEFAULT@SECLEVEL=0' };

async function probeServed({ served, nodeAuthorities = false }: Case, password: boolean) {
  const chain = await served();
  const tls = { key: chain[0].key, cert: chain.map(({ pem }) => pem).join(''), ...LOWEST_SECURITY };
  const ca = nodeAuthorities ? {} : { ca: root.pem + sha1Root.pem };
  const credentials = password ? { auth } : {};
  return probeScript(mailServer({ tls }), {
    security: 'starttls',
    serverName: 'mx1.example.com',
    ...ca,
    ...credentials,
  });
}

const codesOf = ({ findings }: { readonly findings: readonly { readonly code: string }[] }) =>
  findings.map(({ code }) => code).toSorted();

describe.each([
  ['not trusted', UNTRUSTED],
  ['constrained authority', CONSTRAINED],
] as const)('%s: no password', (_, cases) => {
  test.each(cases)('$name', async (one) => {
    const { sample, heard } = await probeServed(one, true);
    expect(codesOf(sample)).toEqual(one.codes.toSorted());
    expect(heard.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });
});

describe('weak, but trusted', () => {
  test.each(WEAK_ALONE)('$name', async (one) => {
    const { sample, heard } = await probeServed(one, true);
    expect(sample.outcome).toBe('warn');
    expect(codesOf(sample)).toEqual(one.codes);
    expect(heard.filter((line) => line.startsWith('AUTH'))).toHaveLength(1);
  });
});

describe('a missing intermediate, or an unknown authority', () => {
  test.each(MISSING_INTERMEDIATE)('$name', async (one) => {
    expect(codesOf((await probeServed(one, false)).sample)).toEqual(one.codes);
  });
});

/** OpenSSL reports only the last error, which depends on its version. */
describe.each(['UNSPECIFIED', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])(
  '%s does not hide that the chain is not trusted',
  (error) => {
    test.each(UNTRUSTED)('$name', async ({ served, codes, nodeAuthorities = false }) => {
      const chain = (await served()).map(
        ({ pem }) => new X509Certificate(pem),
      ) as readonly X509Certificate[] as CertificateChain;
      const facts = { ...readCertificate(chain[0].toLegacyObject()).facts, daysLeft: 1, chain: [] };
      const ca = nodeAuthorities ? undefined : root.pem + sha1Root.pem;
      const codesFound = judgeTrust(facts, { error, chain, ca }, Date.now()).map(({ code }) => code);
      const untrusted = /^certificate-(self-signed|unknown-issuer|chain-expired)$/;
      expect(codesFound).toEqual(codes.filter((code) => untrusted.test(code)));
    });
  },
);
