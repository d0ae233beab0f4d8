import { describe, expect, test } from 'vitest';
import { discoverDmarc, walkedDomains } from '../../../lambda/standards/dmarc/discovery.ts';
import { authorizeReports } from '../../../lambda/standards/dmarc/report-authorization.ts';
import { type Answers, lookupOf } from '../answers.ts';

describe('the DNS tree walk asks at most eight times (RFC 9989 4.10)', () => {
  test.each([
    ['com', ['com']],
    ['example.com', ['example.com', 'com']],
    ['a.b.example.com.', ['a.b.example.com', 'b.example.com', 'example.com', 'com']],
    [
      '8.7.6.5.4.3.2.1',
      ['8.7.6.5.4.3.2.1', '7.6.5.4.3.2.1', '6.5.4.3.2.1', '5.4.3.2.1', '4.3.2.1', '3.2.1', '2.1', '1'],
    ],
    // The last seven labels follow the domain.
    [
      'a.b.c.d.e.f.g.h.i.example.com',
      [
        'a.b.c.d.e.f.g.h.i.example.com',
        'e.f.g.h.i.example.com',
        'f.g.h.i.example.com',
        'g.h.i.example.com',
        'h.i.example.com',
        'i.example.com',
        'example.com',
        'com',
      ],
    ],
  ])('%s', (domain, expected) => expect(walkedDomains(domain)).toEqual(expected));
});

const dmarc = (text: string) => ({ TXT: [`v=DMARC1; ${text}`] });

test.each<[string, string, Answers, object]>([
  [
    'the record of the domain',
    'example.com',
    { '_dmarc.example.com': dmarc('p=reject') },
    { kind: 'found', published: { domain: 'example.com' } },
  ],
  [
    'that of the organizational domain',
    'a.b.example.com',
    { '_dmarc.example.com': dmarc('p=reject') },
    { kind: 'found', published: { domain: 'example.com' }, organizational: 'example.com' },
  ],
  [
    'the domain before its parent',
    'a.example.com',
    { '_dmarc.a.example.com': dmarc('p=none'), '_dmarc.example.com': dmarc('p=reject') },
    { kind: 'found', published: { domain: 'a.example.com' }, organizational: 'example.com' },
  ],
  [
    'a domain that says that it is the organizational one',
    'a.example.com',
    { '_dmarc.a.example.com': dmarc('p=none; psd=n'), '_dmarc.example.com': dmarc('p=reject') },
    { kind: 'found', published: { domain: 'a.example.com' }, organizational: 'a.example.com' },
  ],
  [
    'below a public suffix',
    'a.example.bank',
    { '_dmarc.bank': dmarc('p=reject; psd=y') },
    { kind: 'found', published: { domain: 'bank' }, organizational: 'example.bank' },
  ],
  [
    'an intermediate record is not used',
    'a.b.example.com',
    { '_dmarc.b.example.com': dmarc('p=none'), '_dmarc.example.com': dmarc('p=reject') },
    { kind: 'found', published: { domain: 'example.com' } },
  ],
  ['nothing', 'example.com', { 'example.com': {} }, { kind: 'none', organizational: 'example.com' }],
  ['text that is no record', 'example.com', { '_dmarc.example.com': { TXT: ['hello'] } }, { kind: 'none' }],
  [
    'two records',
    'example.com',
    { '_dmarc.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } },
    { kind: 'several', domain: 'example.com' },
  ],
  [
    'two records of a parent count as none',
    'a.example.com',
    { '_dmarc.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } },
    { kind: 'none' },
  ],
  ['a query that fails', 'example.com', { '_dmarc.example.com': 'failed' }, { kind: 'failed' }],
  ['a query for a parent that fails', 'a.example.com', { '_dmarc.example.com': 'failed' }, { kind: 'failed' }],
])('%s', async (_, domain, answers, expected) => {
  expect(await discoverDmarc(domain, lookupOf(answers).lookup)).toMatchObject(expected);
});

describe('who accepts reports (RFC 9990 4)', () => {
  test.each<[string, string, Answers, string | null]>([
    ['the domain itself', 'mailto:a@example.com', {}, 'own'],
    ['a subdomain', 'mailto:a@reports.example.com', {}, 'own'],
    ['another domain', 'mailto:a@example.net', {}, 'refused'],
    [
      'another domain that agreed',
      'mailto:a@example.net',
      { 'example.com._report._dmarc.example.net': { TXT: ['v=DMARC1'] } },
      'authorized',
    ],
    [
      'text that is no record',
      'mailto:a@example.net',
      { 'example.com._report._dmarc.example.net': { TXT: ['yes'] } },
      'refused',
    ],
    ['a query that fails', 'mailto:a@example.net', { 'example.com._report._dmarc.example.net': 'failed' }, 'unknown'],
    ['a name that only ends alike', 'mailto:a@badexample.com', {}, 'refused'],
    ['a web address', 'https://example.net/', {}, null],
  ])('%s', async (_, uri, answers, state) => {
    const found = await authorizeReports(uri, 'example.com', 'example.com', lookupOf(answers).lookup);
    expect(found?.state ?? null).toBe(state);
  });

  test('a domain with the same organizational domain need not agree', async () => {
    const answers = { '_dmarc.example.com': dmarc('p=none') };
    const { lookup } = lookupOf(answers);
    const found = await authorizeReports('mailto:a@mail.example.com', 'lists.example.com', 'example.com', lookup);
    expect(found?.state).toBe('own');
  });
});
