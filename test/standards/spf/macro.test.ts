/** Macros: the examples of RFC 7208 7.4, the limits of 7.1 and 7.3, and the explanations of 6.2. */
import { describe, expect, test } from 'vitest';
import { evaluateSpf } from '../../../lambda/standards/spf/evaluate.ts';
import { explainFailure } from '../../../lambda/standards/spf/explanation.ts';
import {
  domainSpecProblem,
  expandDomain,
  expandMacros,
  macroStringProblem,
} from '../../../lambda/standards/spf/macro.ts';
import { type Answers, lookupOf } from '../answers.ts';

const values = {
  sender: 'strong-bad@email.example.com',
  helo: 'mx.example.net',
  ip: '192.0.2.3',
  domain: 'email.example.com',
};
const six = { ...values, ip: '2001:db8::cb01' };

describe('RFC 7208 7.4', () => {
  test.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d3}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
    ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
    ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
  ])('%s is %s', (text, expected) => expect(expandDomain(text, values, '')).toBe(expected));

  test('IPv6', () => {
    expect(expandDomain('%{ir}.%{v}._spf.%{d2}', six, '')).toBe(
      '1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com',
    );
  });
});

test.each([
  ['%%%-%_x', '%%20 x'],
  ['%{h}', 'mx.example.net'],
  ['%{p}', 'mail.example.com'],
  ['%{D2}', 'example.com'],
  ['%{S}', 'strong-bad%40email.example.com'],
  ['%{d99}', 'email.example.com'],
  ['%{dr-}', 'email.example.com'],
  ['%{l-+_}', 'strong.bad'],
  ['a.%{d}.', 'a.email.example.com'],
])('%s is %s', (text, expected) => expect(expandDomain(text, values, 'mail.example.com')).toBe(expected));

test.each([
  ['%{c}', values, '192.0.2.3'],
  ['%{c}', six, '2001:db8::cb01'],
  ['%{r}', { ...values, receiver: 'mx.example.org' }, 'mx.example.org'],
  ['%{r}', values, 'unknown'],
  ['%{t}', { ...values, time: 1_800_000_000 }, '1800000000'],
  [
    'See https://%{d}/why?s=%{S}&i=%{i}.',
    values,
    'See https://email.example.com/why?s=strong-bad%40email.example.com&i=192.0.2.3.',
  ],
])('in an explanation, %s', (text, given, expected) => expect(expandMacros(text, given, '')).toBe(expected));

describe('a name of more than 253 characters loses its leftmost labels (7.3)', () => {
  const label = 'a'.repeat(62);
  const name = [label, label, label, label].join('.');
  test.each([
    [`x.${name}`, `x.${name}`],
    [`xx.${name}`, name],
    [`%{l}.${name}`, name],
    [`x.y.z.${name}`, `z.${name}`],
  ])('%s', (text, expected) => expect(expandDomain(text, values, '')).toBe(expected));
});

test.each<[string, number, RegExp]>([
  ['%', 0, /percent/],
  ['%b', 0, /percent/],
  ['%{', 0, /percent/],
  ['%{s', 0, /percent/],
  ['%{s1', 0, /percent/],
  ['%{s1r', 0, /percent/],
  ['%{s0}', 0, /keeps no label/],
  ['%{s00}', 0, /keeps no label/],
  ['%{}', 0, /percent/],
  ['%{x}', 0, /no macro/],
  ['%{sx}', 0, /percent/],
  ['a.%{d}.%{d', 7, /percent/],
  ['%(d)', 0, /percent/],
  ['%%%', 2, /percent/],
])('%s: a mistake at %i', (text, at, reason) => {
  expect(macroStringProblem(text)).toMatchObject({ at, reason: expect.stringMatching(reason) });
});

test.each([
  ['example.com', true],
  ['example.com.', true],
  ['_spf.example.com', true],
  ['%{d}', true],
  ['a.%{d1}', true],
  ['%{l1r+}.example.com', true],
  ['example.co-m', true],
  ['localhost', false],
  ['example.123', false],
  ['%{l1r+}..', false],
  ['%{l1r+}._.', false],
  ['%{l1r+}.123.', false],
  ['%{l1r+}.bad-.', false],
  ['%{l1r+}.-bad.', false],
  ['%{l1r+}./.', false],
  ['%{c}.example.com', false],
  ['%{t}.example.com', false],
  ['', false],
])('%j is a domain: %j', (text, is) => expect(domainSpecProblem(text) === null).toBe(is));

describe('explanations (6.2)', () => {
  const receiver = { name: 'mx.example.org', time: 1_800_000_000 };
  const explain = async (answers: Answers, ip = '192.0.2.3') => {
    const { lookup } = lookupOf(answers);
    const question = { ip, domain: 'example.com', sender: 'ops@example.com', helo: 'mx.example.net' };
    return explainFailure(await evaluateSpf(question, lookup), question, lookup, receiver);
  };
  const spf = (text: string) => ({ TXT: [`v=spf1 ${text}`] });
  const own = spf('-all exp=why.%{d}');
  test.each<[string, Answers, string | null]>([
    [
      'the text with its macros',
      { 'example.com': own, 'why.example.com': { TXT: ['%{i} is not one of %{d}: ask %{r}'] } },
      '192.0.2.3 is not one of example.com: ask mx.example.org',
    ],
    ['no text', { 'example.com': own }, null],
    ['two texts', { 'example.com': own, 'why.example.com': { TXT: ['a', 'b'] } }, null],
    ['a mistake', { 'example.com': own, 'why.example.com': { TXT: ['100%'] } }, null],
    ['characters that are not ASCII', { 'example.com': own, 'why.example.com': { TXT: ['gr\u00fc\u00dfe'] } }, null],
    ['a query that fails', { 'example.com': own, 'why.example.com': 'failed' }, null],
    ['no exp=', { 'example.com': spf('-all') }, null],
    ['softfail', { 'example.com': spf('~all exp=why.example.com'), 'why.example.com': { TXT: ['x'] } }, null],
    ['pass', { 'example.com': spf('+all exp=why.example.com'), 'why.example.com': { TXT: ['x'] } }, null],
    [
      'that of the redirect target',
      {
        'example.com': spf('redirect=a.example.net exp=no.example.com'),
        'a.example.net': spf('-all exp=yes.%{d}'),
        'yes.a.example.net': { TXT: ['of %{d}'] },
        'no.example.com': { TXT: ['no'] },
      },
      'of a.example.net',
    ],
    [
      'not that of an include',
      {
        'example.com': spf('include:a.example.net -all exp=own.example.com'),
        'a.example.net': spf('-all exp=no.example.com'),
        'own.example.com': { TXT: ['own'] },
        'no.example.com': { TXT: ['no'] },
      },
      'own',
    ],
  ])('%s', async (_, answers, text) => expect(await explain(answers)).toBe(text));
});

test('the path names the terms that lead to a match, and the lookups until then are counted', async () => {
  const answers: Answers = {
    'example.com': { TXT: ['v=spf1 a:gone.example.com include:a.example.net -all'] },
    'a.example.net': { TXT: ['v=spf1 redirect=b.example.net'] },
    'b.example.net': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  };
  const question = { ip: '192.0.2.3', domain: 'example.com', sender: 'ops@example.com', helo: 'mx.example.net' };
  expect(await evaluateSpf(question, lookupOf(answers).lookup)).toEqual({
    result: 'pass',
    reason: 'include:a.example.net of example.com',
    path: [
      'include:a.example.net of example.com',
      'redirect=b.example.net of a.example.net',
      'ip4:192.0.2.0/24 of b.example.net',
    ],
    counts: { lookups: 3, voids: 1 },
    explainedAt: null,
  });
});
