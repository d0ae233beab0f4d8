/** The evaluation of DMARC: RFC 9989 4.4 (alignment), 4.10 (discovery), 4.7 (policies), with the examples of the RFC. */
import { describe, expect, test } from 'vitest';
import { type AuthenticatedDomain, domainExists, evaluateDmarc } from '../../../lambda/standards/dmarc/evaluate.ts';
import { type Answers, lookupOf } from '../answers.ts';

const dmarc = (text: string) => ({ TXT: [`v=DMARC1; ${text}`] });
const pass = (domain: string): AuthenticatedDomain => ({ domain, result: 'pass' });
const fail = (domain: string): AuthenticatedDomain => ({ domain, result: 'fail' });
const unsure = (domain: string): AuthenticatedDomain => ({ domain, result: 'temperror' });

const ZONE: Answers = {
  '_dmarc.reject.example': dmarc('p=reject'),
  '_dmarc.strict.example': dmarc('p=reject; adkim=s; aspf=s'),
  '_dmarc.half.example': dmarc('p=reject; adkim=s'),
  '_dmarc.test.example': dmarc('p=reject; t=y'),
  '_dmarc.gentle.example': dmarc('p=quarantine; t=y'),
  '_dmarc.sub.example': dmarc('p=reject; sp=none; np=quarantine'),
  'here.sub.example': { A: ['192.0.2.1'] },
  '_dmarc.none.example': dmarc('p=none'),
  '_dmarc.ignored.example': dmarc('p=nothing'),
  '_dmarc.reported.example': dmarc('p=nothing; rua=mailto:a@reported.example'),
  '_dmarc.removed.example': dmarc('p=reject; pct=0'),
  '_dmarc.broken.example': 'failed',
  '_dmarc.two.example': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
  '_dmarc.bank': dmarc('p=reject; psd=y; np=reject; sp=none'),
  '_dmarc.division.reject.example': dmarc('p=none; psd=n'),
  '_dmarc.unknown.reject.example': 'failed',
  // RFC 9989 4.10.2.
  '_dmarc.mail.example.com': dmarc('p=none'),
  '_dmarc.example.com': dmarc('p=reject'),
};

type Case = readonly [
  name: string,
  from: string,
  dkim: readonly AuthenticatedDomain[],
  spf: AuthenticatedDomain | null,
  result: string,
  policy: string,
];

test.each<Case>([
  ['nothing passes', 'reject.example', [], null, 'fail', 'reject'],
  ['SPF passes for the domain', 'reject.example', [], pass('reject.example'), 'pass', 'reject'],
  ['SPF passes for a subdomain', 'reject.example', [], pass('bounce.reject.example'), 'pass', 'reject'],
  ['SPF fails', 'reject.example', [], fail('reject.example'), 'fail', 'reject'],
  ['SPF passes for another domain', 'reject.example', [], pass('example.net'), 'fail', 'reject'],
  ['SPF passes for a domain that ends alike', 'reject.example', [], pass('badreject.example'), 'fail', 'reject'],
  ['a signature of the domain', 'reject.example', [pass('reject.example')], fail('example.net'), 'pass', 'reject'],
  ['a signature of a subdomain', 'reject.example', [pass('s.reject.example')], null, 'pass', 'reject'],
  ['a signature that fails', 'reject.example', [fail('reject.example')], null, 'fail', 'reject'],
  [
    'the second of two signatures',
    'reject.example',
    [pass('example.net'), pass('reject.example')],
    null,
    'pass',
    'reject',
  ],
  // 4.4.1: "a DKIM signature bearing a value of d=com would never allow an in alignment result".
  ['a signature of the domain above', 'example.com', [pass('com')], null, 'fail', 'reject'],
  // 4.4.1.
  ['an author domain below that of the signature', 'news.example.com', [pass('example.com')], null, 'pass', 'reject'],
  // 4.4.2.
  ['an author domain beside that of MAIL FROM', 'example.com', [], pass('cbg.bounces.example.com'), 'pass', 'reject'],
  ['siblings', 'a.reject.example', [pass('b.reject.example')], null, 'pass', 'reject'],
  ['strict: the same domain', 'strict.example', [pass('strict.example')], null, 'pass', 'reject'],
  ['strict: a subdomain', 'strict.example', [pass('s.strict.example')], pass('s.strict.example'), 'fail', 'reject'],
  ['strict in both directions', 'a.strict.example', [pass('strict.example')], pass('strict.example'), 'fail', 'reject'],
  ['strict for DKIM alone', 'half.example', [pass('s.half.example')], null, 'fail', 'reject'],
  ['relaxed for SPF beside it', 'half.example', [pass('s.half.example')], pass('s.half.example'), 'pass', 'reject'],
  ['case and a dot at the end', 'Reject.EXAMPLE.', [pass('S.reject.example.')], null, 'pass', 'reject'],
  ['no record', 'absent.example', [], null, 'none', 'none'],
  ['no record, and SPF passes', 'absent.example', [], pass('absent.example'), 'none', 'none'],
  ['policy none', 'none.example', [], fail('none.example'), 'fail', 'none'],
  ['policy none, and SPF passes', 'none.example', [], pass('none.example'), 'pass', 'none'],
  // 4.7: one step weaker.
  ['a test of reject', 'test.example', [], null, 'fail', 'quarantine'],
  ['a test of quarantine', 'gentle.example', [], null, 'fail', 'none'],
  ['pct is ignored', 'removed.example', [], null, 'fail', 'reject'],
  ['p of the domain itself', 'sub.example', [], null, 'fail', 'reject'],
  ['sp of a subdomain', 'here.sub.example', [], null, 'fail', 'none'],
  ['np of a name that does not exist', 'gone.sub.example', [], null, 'fail', 'quarantine'],
  // 4.10.1.
  ['no valid policy, and nobody to report to', 'ignored.example', [], null, 'none', 'none'],
  ['no valid policy, and an address for reports', 'reported.example', [], null, 'fail', 'none'],
  ['two records count as none', 'two.example', [], null, 'none', 'none'],
  ['the record cannot be looked up', 'broken.example', [], pass('broken.example'), 'temperror', 'none'],
  ['SPF was not answered', 'reject.example', [], unsure('reject.example'), 'temperror', 'reject'],
  ['DKIM was not answered', 'reject.example', [unsure('s.reject.example')], null, 'temperror', 'reject'],
  [
    'SPF was not answered, and DKIM passes',
    'reject.example',
    [pass('reject.example')],
    unsure('reject.example'),
    'pass',
    'reject',
  ],
  [
    'DKIM was not answered, and SPF passes',
    'reject.example',
    [unsure('reject.example')],
    pass('reject.example'),
    'pass',
    'reject',
  ],
  ['SPF of another domain was not answered', 'reject.example', [], unsure('example.net'), 'fail', 'reject'],
  [
    'the walk of a signer is not answered',
    'reject.example',
    [pass('unknown.reject.example')],
    null,
    'temperror',
    'reject',
  ],
  // psd=y: the organizational domain is one label below.
  ['below a public suffix, sp', 'a.bank', [], null, 'fail', 'reject'],
  ['below a public suffix, aligned', 'a.bank', [pass('mail.a.bank')], null, 'pass', 'reject'],
  ['below a public suffix, another registrant', 'a.bank', [pass('b.bank')], null, 'fail', 'reject'],
  ['the public suffix itself', 'a.bank', [pass('bank')], null, 'fail', 'reject'],
  // psd=n: an organizational domain of its own.
  [
    'an organizational domain within another',
    'division.reject.example',
    [pass('reject.example')],
    null,
    'fail',
    'none',
  ],
  ['and below it', 'division.reject.example', [pass('m.division.reject.example')], null, 'pass', 'none'],
  ['from outside of it', 'reject.example', [pass('division.reject.example')], null, 'fail', 'reject'],
  // The record of an intermediate domain is not used: 4.10.2.
  ['an intermediate record', 'a.mail.example.com', [], null, 'fail', 'reject'],
  ['its own record', 'mail.example.com', [], null, 'fail', 'none'],
  ['aligned by the organizational domain', 'mail.example.com', [pass('other.example.com')], null, 'pass', 'none'],
])('%s', async (_, from, dkim, spf, result, policy) => {
  const evaluation = await evaluateDmarc({ from, dkim, spf }, lookupOf(ZONE).lookup);
  expect({ result: evaluation.result, policy: evaluation.policy }).toEqual({ result, policy });
});

test('the domains that are aligned are named', async () => {
  const dkim = [pass('example.net'), pass('s.reject.example'), fail('reject.example')];
  const question = { from: 'reject.example', dkim, spf: pass('reject.example') };
  const { aligned, published } = await evaluateDmarc(question, lookupOf(ZONE).lookup);
  expect(aligned).toEqual({ dkim: ['s.reject.example'], spf: 'reject.example' });
  expect(published?.domain).toBe('reject.example');
});

test('a domain that is not below the organizational domain is not asked', async () => {
  const { lookup, queries } = lookupOf(ZONE);
  await evaluateDmarc({ from: 'reject.example', dkim: [pass('example.net')], spf: pass('example.org') }, lookup);
  expect(queries).toEqual(['TXT _dmarc.reject.example', 'TXT _dmarc.example']);
});

describe('a domain exists (RFC 9989 3.2)', () => {
  test.each<[string, Answers, boolean]>([
    ['with an address', { 'a.example': { A: ['192.0.2.1'] } }, true],
    ['with an IPv6 address', { 'a.example': { AAAA: ['2001:db8::1'] } }, true],
    ['with MX', { 'a.example': { MX: [{ host: 'mx.example.com', preference: 1 }] } }, true],
    ['with other records only', { 'a.example': { TXT: ['x'] } }, false],
    ['without a name', {}, false],
    ['without an answer', { 'a.example': 'failed' }, true],
  ])('%s', async (_, answers, exists) =>
    expect(await domainExists('a.example', lookupOf(answers).lookup)).toBe(exists),
  );
});
