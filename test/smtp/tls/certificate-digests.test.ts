import { createHash, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { chainDigests } from '../../../lambda/smtp/tls/certificate-digests.ts';
import { publicKeyInfoOf } from '../../../lambda/smtp/tls/certificate-fields.ts';
import type { CertificateChain } from '../../../lambda/smtp/tls/path-to-trusted-authority.ts';
import { type Certificates, type Issued, makeCertificates } from '../certificates.ts';
import { probeScript } from '../probe-script.ts';
import { mailServer } from '../scripted-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const parsed = ({ pem }: Issued) => new X509Certificate(pem);
const sha = (algorithm: string, octets: Buffer) => createHash(algorithm).update(octets).digest('hex');

test('the digests are those of the encoded certificate and key', () => {
  const { root, good, weakKey, withoutSubject, weakSignature } = certificates;
  for (const one of [root, good, weakKey, withoutSubject, weakSignature].map(parsed)) {
    const key = one.publicKey.export({ type: 'spki', format: 'der' });
    expect(publicKeyInfoOf(one.raw).equals(key)).toBe(true);
    expect(chainDigests([one], Date.now())).toEqual([
      {
        certificate: { sha256: sha('sha256', one.raw), sha512: sha('sha512', one.raw) },
        key: { sha256: sha('sha256', key), sha512: sha('sha512', key) },
        validTo: new Date(one.validTo).toISOString(),
        linked: true,
      },
    ]);
  }
});

test('issuers follow the leaf in order, whatever the order of the server; others come last', () => {
  const { belowIntermediate, intermediate, root, untrustedRoot } = certificates;
  const [leaf, middle, top, other] = [belowIntermediate, intermediate, root, untrustedRoot].map(parsed) as [
    X509Certificate,
    X509Certificate,
    X509Certificate,
    X509Certificate,
  ];
  const order = (chain: CertificateChain) =>
    chainDigests(chain, Date.now()).map(({ certificate, linked }) => {
      const at = [leaf, middle, top, other].findIndex(({ raw }) => sha('sha256', raw) === certificate.sha256);
      return `${linked ? '' : '?'}${at}`;
    });
  expect(order([leaf, middle, top])).toEqual(['0', '1', '2']);
  expect(order([leaf, top, middle])).toEqual(['0', '1', '2']);
  expect(order([leaf, other, top, middle])).toEqual(['0', '1', '2', '?3']);
  // Without the intermediate, nothing shows that the root issued the leaf.
  expect(order([leaf, top])).toEqual(['0', '?2']);
  expect(order([leaf])).toEqual(['0']);
});

test('a session has them, and whether public authorities vouch for the name', async () => {
  const { good, root, ca } = certificates;
  const script = mailServer({ tls: { key: good.key, cert: good.pem + root.pem } });
  const where = { security: 'starttls', serverName: 'mx1.example.com' } as const;
  const own = await probeScript(script, { ...where, ca });
  expect(own.sample.hello).toBe('mx1.example.com');
  expect(own.sample.tls?.certificate?.served?.map(({ linked }) => linked)).toEqual([true, true]);
  expect(own.sample.tls?.certificate?.publiclyTrusted).toBeNull();
  const publicly = await probeScript(script, { ...where, insecure: true });
  expect(publicly.sample.tls?.certificate?.publiclyTrusted).toBe(false);
  expect(publicly.sample.outcome).toBe('pass');
});

/** A server may present what OpenSSL accepts and what is no DER. */
test('octets that are no certificate: a key or an error, never more', () => {
  const { raw } = parsed(certificates.good);
  const damaged = fc.tuple(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length)).map(([at, octet, end]) => {
    const copy = Buffer.from(raw.subarray(0, Math.max(end, 1)));
    if (at < copy.length) copy[at] = octet;
    return copy;
  });
  fc.assert(
    fc.property(
      fc.oneof(
        damaged,
        fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets)),
      ),
      (octets) => {
        const one = {
          raw: octets,
          validTo: 'Jan  1 00:00:00 2027 GMT',
          subject: 'CN=a',
          issuer: 'CN=b',
          fingerprint256: octets.toString('hex'),
        };
        expect(chainDigests([one as unknown as X509Certificate], Date.now()).length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 2_000 },
  );
});
