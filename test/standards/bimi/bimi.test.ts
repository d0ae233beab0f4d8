import { describe, expect, test } from 'vitest';
import { logoProblems } from '../../../lambda/standards/bimi/logo.ts';
import { readMarkCertificate } from '../../../lambda/standards/bimi/mark-certificate.ts';
import {
  httpsUrl,
  isBimiRecord,
  isMisspeltBimiRecord,
  parseBimiRecord,
} from '../../../lambda/standards/bimi/record.ts';
import { goodLogo, markCertificate, serverUsage } from './mark-certificates.ts';

test.each([
  ['v=BIMI1; l=https://example.com/logo.svg', true, false],
  ['v=BIMI1', true, false],
  ['v = BIMI1 ; l=', true, false],
  ['v=bimi1; l=', false, true],
  ['v=BIMI1 l=', false, true],
  [' v=BIMI1; l=', false, true],
  ['BIMI1; l=', false, true],
  ['v=BIMI2; l=', false, false],
  ['v=DMARC1; p=none', false, false],
])('%j is a record: %j, misspelt: %j', (text, is, misspelt) => {
  expect([isBimiRecord(text), isMisspeltBimiRecord(text)]).toEqual([is, misspelt]);
});

describe('the locations', () => {
  const logo = 'https://example.com/logo.svg';
  test.each<[string, object]>([
    [
      `v=BIMI1; l=${logo}; a=https://example.com/vmc.pem`,
      { logo, certificate: 'https://example.com/vmc.pem', declined: false, problems: [] },
    ],
    [`v=BIMI1; l=${logo}`, { logo, certificate: null, problems: [] }],
    [`v=BIMI1; l=${logo}; a=`, { logo, certificate: null, problems: [] }],
    [`v=BIMI1; a=; l=${logo};`, { logo, certificate: null, problems: [] }],
    [`v=BIMI1; l=${logo}; avp=brand; x=1`, { logo, problems: [] }],
    ['v=BIMI1; l=; a=;', { logo: null, certificate: null, declined: true, problems: [] }],
    ['v=BIMI1; l=', { declined: true, problems: [] }],
    ['v=BIMI1', { declined: false, problems: [{ column: 1, reason: 'there is no l= with the logo' }] }],
    ['v=BIMI1; a=https://example.com/vmc.pem', { declined: false, problems: [{ column: 1 }] }],
    ['v=BIMI1; l=; a=https://example.com/vmc.pem', { declined: false, problems: [{ column: 1 }] }],
    ['v=BIMI1; l=http://example.com/logo.svg', { problems: [{ column: 10 }] }],
    ['v=BIMI1; l=example.com/logo.svg', { problems: [{ column: 10 }] }],
    [`v=BIMI1; l=${logo}; a=ftp://example.com/a.pem`, { problems: [{ column: 42 }] }],
    [`v=BIMI1; l=${logo}; l=${logo}`, { problems: [{ column: 42, reason: 'l= is there twice' }] }],
    ['v=BIMI1; hello', { problems: [{ column: 1 }, { column: 10 }] }],
  ])('%s', (text, expected) => expect(parseBimiRecord(text)).toMatchObject(expected));
});

test.each([
  ['https://example.com/logo.svg', 'example.com'],
  ['HTTPS://Example.com/logo.svg', 'example.com'],
  ['https://example.com:8443/a?b=c', 'example.com'],
  ['https://user:password@example.com/', undefined],
  ['https://localhost/', undefined],
  ['https://example.com/a b', undefined],
  ['https://example.com:99999/', undefined],
  ['http://example.com/', undefined],
  ['https:///a', undefined],
  ['', undefined],
])('the host of %s is %s', (text, host) => expect(httpsUrl(text)?.hostname).toBe(host));

describe('logos', () => {
  test.each<[string, string, readonly string[]]>([
    ['a good one', goodLogo, []],
    ['HTML', '<!doctype html><html></html>', ['it is not an SVG']],
    ['nothing', '', ['it is not an SVG']],
    ['another profile', goodLogo.replace('tiny-ps', 'tiny'), ['it has no baseProfile="tiny-ps"']],
    ['another version', goodLogo.replace('version="1.2"', 'version="1.1"'), ['it has no version="1.2"']],
    ['the version of XML is another one', goodLogo.replace('version="1.2" ', ''), ['it has no version="1.2"']],
    ['a place', goodLogo.replace('viewBox', 'x="0" viewBox'), ['its first element has x= or y=']],
    ['no title', goodLogo.replace(/<title>.*<\/title>/, ''), ['it has no title']],
    ['a script', goodLogo.replace('<rect', '<script>a</script><rect'), ['it has an element script']],
    [
      'an image',
      goodLogo.replace('<rect', '<image href="data:x"/><rect'),
      ['it has an element image', 'it refers to another file'],
    ],
    [
      'a reference',
      goodLogo.replace('<rect', '<use xlink:href="https://example.net/a.svg#b"/><rect'),
      ['it refers to another file'],
    ],
    ['a reference within', goodLogo.replace('<rect', '<use xlink:href="#b"/><rect'), []],
    ['a large one', goodLogo.replace('<rect', `<path d="${'M0 0'.repeat(9_000)}"/><rect`), ['it has more than 32 KB']],
  ])('%s', (_, text, problems) => expect(logoProblems(text)).toEqual(problems));
});

describe('certificates of logos', () => {
  test.each<[readonly string[], string, boolean]>([
    [['example.com'], 'example.com', true],
    [['default._bimi.example.com'], 'example.com', true],
    [['EXAMPLE.com'], 'example.com', true],
    [['example.com'], 'news.example.com', true],
    [['news.example.com'], 'example.com', false],
    [['example.net'], 'example.com', false],
    [['badexample.com'], 'example.com', false],
    [['example.net', 'example.com'], 'example.com', true],
  ])('%j is for %s: %j', async (names, domain, isForDomain) => {
    expect(readMarkCertificate(await markCertificate(names), domain)).toMatchObject({
      kind: 'certificate',
      isForDomain,
    });
  });

  test('the end of its time', async () => {
    const read = readMarkCertificate(await markCertificate(['example.com'], 10), 'example.com');
    const days = read.kind === 'certificate' ? (read.notAfter - Date.now()) / 86_400_000 : Number.NaN;
    expect(days).toBeCloseTo(10, 1);
  });

  test('the first of a chain', async () => {
    const chain = `${await markCertificate(['example.com'])}\n${await markCertificate(['example.net'])}`;
    expect(readMarkCertificate(chain, 'example.com')).toMatchObject({ isForDomain: true });
  });

  test.each([
    ['nothing', '', 'it has no certificate in PEM'],
    ['a key', '-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----', 'it has no certificate in PEM'],
    ['half of one', '-----BEGIN CERTIFICATE-----\nMII', 'it has no certificate in PEM'],
    ['nonsense', '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----', 'its certificate cannot be read'],
  ])('%s', (_, pem, reason) => expect(readMarkCertificate(pem, 'example.com')).toEqual({ kind: 'invalid', reason }));

  test('one of a server', async () => {
    const pem = await markCertificate(['example.com'], 300, serverUsage);
    expect(readMarkCertificate(pem, 'example.com')).toEqual({
      kind: 'invalid',
      reason: 'its certificate is not for logos',
    });
  });
});
