import { expect, test } from 'vitest';
import type { CertificateFacts } from '../../../lambda/smtp/sample/sample.ts';
import { judgeCertificate, type Verification } from '../../../lambda/smtp/tls/judge-certificate.ts';

const facts: CertificateFacts = {
  subject: 'CN=mail.example.net',
  issuer: 'CN=Example CA',
  names: ['mail.example.net'],
  validFrom: '2026-09-06T10:30:00.000Z',
  validTo: '2026-12-05T10:30:00.000Z',
  daysLeft: 9,
  keyType: 'rsa',
  keyBits: 2048,
  signature: 'sha256WithRSAEncryption',
  fingerprint: '',
  chain: [],
};
const now = Date.parse('2026-11-26T08:00:00Z');

/** The certificate has these names only; trust and strength are not judged. */
function detailOf(changed: Partial<CertificateFacts>, name = 'mail.example.net', days = { warnDays: 14, failDays: 3 }) {
  const judged = { ...facts, ...changed };
  const verification = {
    name,
    certificate: { subject: { CN: '' }, subjectaltname: judged.names.map((one) => `DNS:${one}`).join(', ') },
  } as unknown as Verification;
  const expected = { certificate: { trust: 'ignore', weak: 'ignore', ...days } } as const;
  const found = judgeCertificate(judged, verification, now, expected);
  return found.map(({ code, outcome, detail }) => `${code} ${outcome}: ${detail}`);
}

test.each<[string, readonly string[], readonly string[]]>([
  ['valid for long enough', detailOf({ daysLeft: 14 }), []],
  ['expires', detailOf({}), ['certificate-expiring warn: expires on 2026-12-05, 9 days left, below 14']],
  [
    'expires tomorrow',
    detailOf({ daysLeft: 1 }),
    ['certificate-expiring fail: expires on 2026-12-05, 1 day left, below 3'],
  ],
  [
    'expired',
    detailOf({ validTo: '2026-11-20T10:30:00.000Z', daysLeft: -6 }),
    ['certificate-expired fail: expired on 2026-11-20 10:30 UTC'],
  ],
  [
    'not yet valid',
    detailOf({ validFrom: '2026-11-27T00:00:00.000Z' }),
    ['certificate-not-yet-valid fail: valid from 2026-11-27 00:00 UTC'],
  ],
  [
    'another name',
    detailOf({ daysLeft: 60 }, 'mx1.example.com'),
    ['certificate-wrong-name fail: certificate lacks mx1.example.com, has mail.example.net'],
  ],
  [
    'many other names',
    detailOf(
      { daysLeft: 60, names: ['a.example.net', 'b.example.net', 'c.example.net', 'd.example.net'] },
      'mx1.example.com',
    ),
    [
      'certificate-wrong-name fail: certificate lacks mx1.example.com, has a.example.net, b.example.net, c.example.net and 1 more',
    ],
  ],
])('the detail of a certificate has what was measured: %s', (_, details, expected) =>
  expect(details).toEqual(expected),
);
