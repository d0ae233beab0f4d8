/** What the suite of openspf.org does not have: the reason, the limits at their edge, and failures of DNS. */
import { describe, expect, test } from 'vitest';
import { evaluateSpf } from '../../../lambda/standards/spf/evaluate.ts';
import { type Answers, lookupOf } from '../answers.ts';

function evaluate(answers: Answers, ip = '192.0.2.1') {
  const { lookup, queries } = lookupOf(answers);
  const question = { ip, domain: 'example.com', sender: 'postmaster@example.com', helo: 'mail.example.com' };
  return evaluateSpf(question, lookup).then((evaluation) => ({ ...evaluation, queries }));
}

const spf = (text: string) => ({ TXT: [`v=spf1 ${text}`] });

/** `example.com` includes 1, which includes 2, and so on up to the last, which passes. */
function chain(length: number): Answers {
  const names = Array.from(
    { length },
    (_, nth) => [`s${nth + 1}.example.com`, spf(`include:s${nth + 2}.example.com`)] as const,
  );
  return {
    'example.com': spf('include:s1.example.com -all'),
    ...Object.fromEntries(names),
    [`s${length}.example.com`]: spf('+all'),
  };
}

test.each<[string, Answers, string, RegExp]>([
  [
    'the term that matches',
    { 'example.com': spf('ip4:192.0.2.0/24 -all') },
    'pass',
    /^ip4:192\.0\.2\.0\/24 of example\.com$/,
  ],
  ['no term matches', { 'example.com': spf('ip4:198.51.100.0/24') }, 'neutral', /no term/],
  ['no record', { 'example.com': { TXT: ['other'] } }, 'none', /no SPF record/],
  ['no domain', {}, 'none', /no SPF record/],
  ['two records', { 'example.com': { TXT: ['v=spf1 a', 'v=spf1 -all'] } }, 'permerror', /2 SPF records/],
  ['the query for TXT fails', { 'example.com': { TXT: 'failed' } }, 'temperror', /ESERVFAIL/],
  ['a query of a term fails', { 'example.com': { TXT: ['v=spf1 a -all'], A: 'failed' } }, 'temperror', /ESERVFAIL/],
  [
    'a failure after a match',
    { 'example.com': spf('ip4:192.0.2.1 include:x.example.com'), 'x.example.com': 'failed' },
    'pass',
    /ip4/,
  ],
  ['an include of itself', { 'example.com': spf('include:example.com') }, 'permerror', /more than 10 lookups/],
  ['ten includes', chain(10), 'pass', /include:s1/],
  ['eleven includes', chain(11), 'permerror', /more than 10 lookups/],
  ['two void lookups', { 'example.com': spf('a:v1.example.com a:v2.example.com +all') }, 'pass', /all/],
  [
    'three void lookups',
    { 'example.com': spf('a:v1.example.com a:v2.example.com a:v3.example.com +all') },
    'permerror',
    /more than 2 lookups without records/,
  ],
  [
    'eleven MX hosts',
    {
      'example.com': {
        TXT: ['v=spf1 mx -all'],
        MX: Array.from({ length: 11 }, (_, n) => ({ host: `m${n}.example.com`, preference: n })),
      },
    },
    'permerror',
    /11 MX hosts/,
  ],
  ['a null MX', { 'example.com': { TXT: ['v=spf1 mx -all'], MX: [{ host: '', preference: 0 }] } }, 'fail', /-all/],
])('%s', async (_, answers, result, reason) => {
  const evaluation = await evaluate(answers);
  expect(evaluation).toMatchObject({ result, reason: expect.stringMatching(reason) });
});

describe('an address of IPv6', () => {
  test.each([
    ['ip6:2001:db8::/32 -all', '2001:db8::1', 'pass'],
    ['ip6:2001:db8::/127 -all', '2001:db8::2', 'fail'],
    ['ip6:2001:db8::/127 -all', '2001:db8::1', 'pass'],
    // RFC 7208 5: a mapped address is one of IPv4.
    ['ip4:192.0.2.1 -all', '::ffff:192.0.2.1', 'pass'],
    ['ip4:0.0.0.0/0 -all', '2001:db8::1', 'fail'],
    ['ip6:::/0 -all', '192.0.2.1', 'fail'],
  ])('%s for %s: %s', async (text, ip, result) => {
    expect((await evaluate({ 'example.com': spf(text) }, ip)).result).toBe(result);
  });
});

test('the queries are bounded, whatever is included', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, nth) => [`s${nth}.example.com`, spf('ip4:198.51.100.1 -all')]),
  );
  const includes = Array.from({ length: 500 }, (_, nth) => `include:s${nth}.example.com`).join(' ');
  const { result, queries } = await evaluate({ ...many, 'example.com': spf(`${includes} -all`) });
  expect(result).toBe('permerror');
  expect(queries).toHaveLength(11);
});
