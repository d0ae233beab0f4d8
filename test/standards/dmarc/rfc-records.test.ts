/** DMARC records tag by tag (RFC 9989 4.7, 4.8), with the records of its Appendix B. */
import { describe, expect, test } from 'vitest';
import { isDmarcRecord, parseDmarcRecord } from '../../../lambda/standards/dmarc/record.ts';

describe('records of Appendix B', () => {
  test.each<[string, object]>([
    [
      'v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com',
      { policy: 'none', aggregateReports: ['mailto:dmarc-feedback@example.com'] },
    ],
    [
      'v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com',
      { failureReports: ['mailto:auth-reports@example.com'] },
    ],
    [
      'v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@thirdparty.example.net',
      { failureReports: ['mailto:auth-reports@thirdparty.example.net'] },
    ],
    [
      'v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,mailto:tld-test@thirdparty.example.net; t=y',
      {
        policy: 'quarantine',
        testing: true,
        aggregateReports: ['mailto:dmarc-feedback@example.com', 'mailto:tld-test@thirdparty.example.net'],
      },
    ],
    [
      'v=DMARC1; p=quarantine; rua=mailto:aggregate@example.com; ruf=mailto:failure@example.com; fo=1; sp=none; np=reject',
      { policy: 'quarantine', subdomains: 'none', missingSubdomains: 'reject' },
    ],
    // The record that accepts reports of another domain (RFC 9990 4).
    ['v=DMARC1;', { policy: 'none', applies: false }],
  ])('%s', (text, expected) => {
    expect(isDmarcRecord(text)).toBe(true);
    expect(parseDmarcRecord(text)).toMatchObject(expected);
  });
});

const rua = 'rua=mailto:a@example.com';
const reasons = (tags: string) => parseDmarcRecord(`v=DMARC1; ${tags}`).problems.map(({ reason }) => reason);

describe('values without a meaning', () => {
  test.each<[string, RegExp]>([
    ['p=badvalue', /p=badvalue/],
    ['p=', /p= has no meaning/],
    ['p=none; sp=bad', /sp=bad/],
    ['p=none; sp=', /sp= has/],
    ['p=none; np=bad', /np=bad/],
    ['p=none; adkim=x', /adkim=x/],
    ['p=none; adkim=R', /adkim=R/],
    ['p=none; aspf=123', /aspf=123/],
    ['p=none; fo=', /fo= has/],
    ['p=none; fo=01', /fo=01/],
    ['p=none; fo=bad', /fo=bad/],
    ['p=none; fo=d:', /fo=d:/],
    ['p=none; psd=yes', /psd=yes/],
    ['p=none; t=1', /t=1/],
    ['p=none; pct=110', /pct=110/],
    ['p=none; pct=bogus', /pct=bogus/],
    ['p=none; pct=', /pct= has/],
    ['p=none; p=none', /p= is there twice/],
    ['p=none; p=reject', /p= is there twice/],
    ['p=none; rua=', /is not a URI/],
    ['p=none; rua=bogus', /'bogus' is not a URI/],
    ['p=none; rua=a@example.com', /did you mean mailto:a@example\.com/],
    ['p=none; rua=mailto:', /is not a URI/],
    ['p=none; rua=mailto:a', /has no address/],
    // Any URI is allowed, and receivers need only know mailto.
    ['p=none; rua=https://example.com/dmarc', /has no address/],
    ['p=none; rua=mailto:a@example.com,', /'' is not a URI/],
    ['p=none; rua=mailto:a@example.com mailto:b@example.com', /is not a URI/],
    ['p=none; ruf=mailto:@', /has no address/],
    ['p=none; nonsense', /'nonsense' is not a tag/],
    ['p=none; =x', /'=x' is not a tag/],
  ])('%s', (tags, reason) => expect(reasons(tags)[0]).toMatch(reason));
});

describe('values with a meaning', () => {
  test.each([
    'p=none',
    'p=Quarantine',
    'p = reject',
    'sp=none; p=reject',
    'p=none;; ',
    'p=none; adkim=s; aspf=s',
    'p=none; fo=0',
    'p=none; fo=1',
    'p=none; fo=d:s',
    'p=none; fo = s : d',
    'p=none; psd=y',
    'p=none; psd=n',
    'p=none; psd=u',
    'p=none; t=n',
    'p=none; rua=mailto:a@example.com!10m',
    'p=none; rua=mailto:a@example.com  ,\t\tmailto:b@example.net',
    'p=none; ruf=mailto:a@example.com?subject=x',
    'p=none; unknown \t=\t ignored-future-value \t ',
  ])('%s', (tags) => expect(reasons(tags)).toEqual([]));
});

describe('alignment (4.4)', () => {
  test.each([
    ['p=none', 'r', 'r'],
    ['p=none; adkim=s', 's', 'r'],
    ['p=none; aspf=s', 'r', 's'],
    ['p=none; adkim=r; aspf=r', 'r', 'r'],
    // A mistake counts as the default.
    ['p=none; adkim=strict', 'r', 'r'],
  ])('%s', (tags, dkimAlignment, spfAlignment) => {
    expect(parseDmarcRecord(`v=DMARC1; ${tags}`)).toMatchObject({ dkimAlignment, spfAlignment });
  });
});

describe('whether it applies (4.10.1)', () => {
  test.each([
    ['p=reject', true, 'reject'],
    ['p=rejct', false, 'none'],
    [`p=rejct; ${rua}`, true, 'none'],
    [rua, true, 'none'],
    ['', false, 'none'],
    ['p=reject; sp=x', false, 'none'],
    [`p=reject; sp=x; ${rua}`, true, 'none'],
    [`p=reject; np=x; ${rua}`, true, 'none'],
    ['p=rejct; rua=a@example.com', false, 'none'],
    ['p=rejct; ruf=mailto:a@example.com', false, 'none'],
  ])('%s', (tags, applies, policy) => {
    expect(parseDmarcRecord(`v=DMARC1; ${tags}`)).toMatchObject({ applies, policy });
  });
});

test.each([
  ['v=DMARC1;p=none', true],
  ['v=DMARC1 ; p=none', true],
  ['v\t=\tDMARC1\t; p=none', true],
  ['v=DMARC1', true],
  ['v=', false],
  ['', false],
  ['v=DMARC12', false],
  ['v=DMARC1 p=none', false],
  ['v=dmarc1; p=none', false],
  ['V=DMARC1; p=none', false],
  ['p=none; v=DMARC1', false],
  [' v=DMARC1; p=none', false],
])('%j is a record: %j', (text, is) => expect(isDmarcRecord(text)).toBe(is));
