import { describe, expect, test } from 'vitest';
import {
  isDmarcRecord,
  isMisspeltDmarcRecord,
  isWeaker,
  parseDmarcRecord,
  reportDomain,
} from '../../../lambda/standards/dmarc/record.ts';

test.each([
  ['v=DMARC1; p=none', true, false],
  ['v=DMARC1', true, false],
  ['v = DMARC1 ;p=none', true, false],
  ['v=DMARC1 p=none', false, true],
  ['v=dmarc1; p=none', false, true],
  ['"v=DMARC1; p=none"', false, true],
  [' v=DMARC1; p=none', false, true],
  ['DMARC1; p=none', false, true],
  ['p=none; v=DMARC1', false, false],
  ['v=DMARC12; p=none', false, false],
  ['v=spf1 -all', false, false],
])('%j is a record: %j, misspelt: %j', (text, is, misspelt) => {
  expect([isDmarcRecord(text), isMisspeltDmarcRecord(text)]).toEqual([is, misspelt]);
});

describe('the policies (RFC 9989 4.7)', () => {
  test.each([
    ['v=DMARC1; p=reject', 'reject', 'reject', 'reject'],
    ['v=DMARC1; p=reject; sp=none', 'reject', 'none', 'none'],
    ['v=DMARC1; p=reject; sp=none; np=quarantine', 'reject', 'none', 'quarantine'],
    ['v=DMARC1; p=REJECT', 'reject', 'reject', 'reject'],
    ['v=DMARC1', 'none', 'none', 'none'],
    ['v=DMARC1; p=all', 'none', 'none', 'none'],
    // No valid policy: as if the record had p=none alone (4.10.1).
    ['v=DMARC1; sp=reject', 'none', 'none', 'none'],
    ['v=DMARC1; p=reject; sp=quarantin', 'none', 'none', 'none'],
    ['v=DMARC1; p=reject; np=x', 'none', 'none', 'none'],
  ])('%s', (text, policy, subdomains, missingSubdomains) => {
    expect(parseDmarcRecord(text)).toMatchObject({ policy, subdomains, missingSubdomains });
  });
});

describe('mistakes', () => {
  test.each<[string, [number, RegExp][]]>([
    ['v=DMARC1; p=none; adkim=s; aspf=r; fo=1:d:s; psd=n; t=n; rua=mailto:a@example.com,mailto:b@example.com!10m', []],
    ['v=DMARC1; p=none;', []],
    ['v=DMARC1; p=block', [[11, /^p=block has no meaning$/]]],
    ['v=DMARC1; p=rejct', [[11, /^p=rejct has no meaning; did you mean reject\?$/]]],
    ['v=DMARC1; p=none; sp=quarrantine', [[19, /did you mean quarantine\?/]]],
    ['v=DMARC1; rua=mailto:a@example.com', [[1, /no p=/]]],
    ['v=DMARC1; p=none; p=reject', [[19, /there twice/]]],
    ['v=DMARC1; p=none; adkim=strict', [[19, /adkim=strict/]]],
    ['v=DMARC1; p=none; hello', [[19, /not a tag/]]],
    ['v=DMARC1; p=none; fo=2', [[19, /fo=2/]]],
    ['v=DMARC1; p=none; rua=a@example.com', [[19, /did you mean mailto:a@example\.com/]]],
    ['v=DMARC1; p=none; ruf=mailto:postmaster', [[19, /no address/]]],
    ['v=DMARC1; p=none; rua=', [[19, /not a URI/]]],
    ['v=DMARC1; p=none; pct=150', [[19, /pct=150/]]],
  ])('%s', (text, expected) => {
    const { problems } = parseDmarcRecord(text);
    const wanted = expected.map(([column, reason]) => ({ column, reason: expect.stringMatching(reason) }));
    expect(problems).toEqual(wanted);
  });

  test('removed and unknown tags are told apart', () => {
    const { removedTags, unknownTags, problems } = parseDmarcRecord('v=DMARC1; p=none; pct=50; ri=1; rf=afrf; xyz=1');
    expect({ removedTags, unknownTags, problems }).toEqual({
      removedTags: ['pct', 'ri', 'rf'],
      unknownTags: ['xyz'],
      problems: [],
    });
  });
});

test('none is weaker than quarantine, which is weaker than reject', () => {
  expect(isWeaker('none', 'quarantine') && isWeaker('quarantine', 'reject')).toBe(true);
  expect(isWeaker('reject', 'reject') || isWeaker('reject', 'none')).toBe(false);
});

test.each([
  ['mailto:a@Example.COM', 'example.com'],
  ['mailto:a@example.com!10m', 'example.com'],
  ['MAILTO:a@example.com?subject=x@y', 'example.com'],
  ['https://example.com/', null],
  ['mailto:a', null],
])('reports to %s go to %s', (uri, domain) => expect(reportDomain(uri)).toBe(domain));
