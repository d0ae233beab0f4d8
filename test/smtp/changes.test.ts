import { beforeAll, expect, test } from 'vitest';
import { changesBetween, type Facts } from '../../lambda/smtp/changes.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { hold } from './hold.ts';
import { type Manners, polite } from './scripted-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const ehlo = (...keywords: string[]) =>
  `250-mx1${keywords.map((keyword) => `\r\n250-${keyword}`).join('')}\r\n250 HELP`;

async function factsOf(manners: Manners): Promise<Facts> {
  const tls = { key: certificates.good.key, cert: certificates.good.pem };
  const { sample } = await hold(polite({ tls, ...manners }), { security: 'starttls-if-offered', insecure: true });
  return sample;
}

test.each<[string, Manners, readonly string[]]>([
  ['nothing', {}, []],
  [
    'a keyword vanished',
    { inTls: { EHLO: ehlo('PIPELINING', 'SIZE 10240000', 'AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2') } },
    ['keyword-gone', 'keyword-new'],
  ],
  [
    'STARTTLS gone',
    { answers: { EHLO: ehlo('PIPELINING', 'SIZE 10240000', '8BITMIME') } },
    ['starttls-gone', 'keyword-new'],
  ],
  [
    'mechanisms',
    { inTls: { EHLO: '250-mx1\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-AUTH PLAIN\r\n250 8BITMIME' } },
    ['auth-changed'],
  ],
  [
    'the size',
    {
      inTls: {
        EHLO: '250-mx1\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\r\n250 8BITMIME',
      },
    },
    ['size-changed'],
  ],
  ['software', { answers: { greeting: '220 mx1 ESMTP Exim 4.98' } }, ['software-changed']],
  ['TLS version', { tls: { maxVersion: 'TLSv1.2' } as object }, ['tls-version-changed']],
])('%s', async (_, manners, codes) => {
  const tls = { key: certificates.good.key, cert: certificates.good.pem, ...manners.tls };
  const [before, after] = await Promise.all([factsOf({}), factsOf({ ...manners, tls })]);
  expect(changesBetween(before, after).map(({ code }) => code)).toEqual(codes);
});

test('a new certificate is named with the one that it replaces', async () => {
  const { expiring } = certificates;
  const [before, after] = await Promise.all([factsOf({ tls: { key: expiring.key, cert: expiring.pem } }), factsOf({})]);
  const [change] = changesBetween(before, after);
  expect(change?.code).toBe('new-certificate');
  expect(change?.detail).toContain(before.tls?.certificate?.fingerprint.slice(0, 16));
  expect(change?.detail).toContain(after.tls?.certificate?.fingerprint.slice(0, 16));
});

test('a session that failed early tells of no change', async () => {
  const before = await factsOf({});
  const after = await factsOf({ answers: { greeting: '421 no' } });
  expect(changesBetween(before, after)).toEqual([]);
});
