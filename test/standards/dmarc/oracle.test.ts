/**
 * mailauth 4.13 beside our evaluation of DMARC. It implements RFC 7489 with a list of public suffixes; ours RFC 9989 with the
 * tree walk. Where both differ, the case says why.
 */
import fc from 'fast-check';
import { dmarc as mailauth } from 'mailauth/lib/dmarc/index.js';
import { describe, expect, test } from 'vitest';
import { type AuthenticatedDomain, evaluateDmarc } from '../../../lambda/standards/dmarc/evaluate.ts';
import { type Answers, lookupOf } from '../answers.ts';
import { nodeResolver } from '../node-resolver.ts';

interface Asked {
  readonly answers: Answers;
  readonly from?: string;
  readonly dkim?: readonly string[];
  readonly spf?: string;
}

const passing = (domain: string): AuthenticatedDomain => ({ domain, result: 'pass' });

async function both({ answers, from = 'example.com', dkim = [], spf }: Asked) {
  const question = { from, dkim: dkim.map(passing), spf: spf === undefined ? null : passing(spf) };
  const ours = await evaluateDmarc(question, lookupOf(answers).lookup);
  const theirs = await mailauth({
    headerFrom: `ops@${from}`,
    dkimDomains: dkim.map((domain) => ({ domain })),
    spfDomains: spf === undefined ? [] : [spf],
    resolver: nodeResolver(answers) as never,
  });
  if (theirs === false) throw new Error('mailauth did not evaluate');
  const policy = (theirs.policy ?? 'none').toLowerCase();
  return { ours: `${ours.result} ${ours.policy}`, theirs: `${theirs.status.result} ${policy}` };
}

const record = (text: string, name = 'example.com'): Answers => ({ [`_dmarc.${name}`]: { TXT: [text] } });

describe('both agree', () => {
  test.each<[string, Asked, string]>([
    ['no record', { answers: {} }, 'none none'],
    ['nothing passes', { answers: record('v=DMARC1; p=reject') }, 'fail reject'],
    ['DKIM passes', { answers: record('v=DMARC1; p=reject'), dkim: ['example.com'] }, 'pass reject'],
    ['SPF passes', { answers: record('v=DMARC1; p=quarantine'), spf: 'example.com' }, 'pass quarantine'],
    ['a subdomain passes', { answers: record('v=DMARC1; p=reject'), dkim: ['mail.example.com'] }, 'pass reject'],
    [
      'another domain passes',
      { answers: record('v=DMARC1; p=reject'), dkim: ['example.net'], spf: 'example.org' },
      'fail reject',
    ],
    ['the public suffix passes', { answers: record('v=DMARC1; p=reject'), dkim: ['com'] }, 'fail reject'],
    ['a subdomain inherits', { answers: record('v=DMARC1; p=reject'), from: 'a.b.example.com' }, 'fail reject'],
    [
      'a subdomain inherits sp',
      { answers: record('v=DMARC1; p=reject; sp=quarantine'), from: 'a.example.com' },
      'fail quarantine',
    ],
    [
      'a subdomain has its own',
      {
        answers: { ...record('v=DMARC1; p=reject'), ...record('v=DMARC1; p=none', 'a.example.com') },
        from: 'a.example.com',
      },
      'fail none',
    ],
    [
      'siblings',
      { answers: record('v=DMARC1; p=reject'), from: 'a.example.com', dkim: ['b.example.com'] },
      'pass reject',
    ],
    [
      'two records',
      { answers: { '_dmarc.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } } },
      'none none',
    ],
    [
      'other text beside it',
      { answers: { '_dmarc.example.com': { TXT: ['hello', 'v=DMARC1; p=reject'] } } },
      'fail reject',
    ],
    ['a query that fails', { answers: { '_dmarc.example.com': 'failed' } }, 'temperror none'],
    ['upper case of the policy', { answers: record('v=DMARC1; p=REJECT') }, 'fail reject'],
    [
      'strict, and the same domain',
      { answers: record('v=DMARC1; p=reject; adkim=s'), dkim: ['example.com'] },
      'pass reject',
    ],
  ])('%s: %s', async (_, asked, result) => {
    expect(await both(asked)).toEqual({ ours: result, theirs: result });
  });
});

describe('both differ', () => {
  test.each<[string, Asked, string, string]>([
    // RFC 9989 4.4: strict alignment is equality. mailauth tries relaxed alignment after it, an error that 5.0 corrected.
    [
      'strict, and a subdomain',
      { answers: record('v=DMARC1; p=reject; adkim=s; aspf=s'), dkim: ['a.example.com'], spf: 'a.example.com' },
      'fail reject',
      'pass reject',
    ],
    // 4.7: the value of v= is case-sensitive.
    ['a version in lower case', { answers: record('v=dmarc1; p=reject') }, 'none none', 'fail reject'],
    // 4.8: a semicolon follows the version.
    ['no semicolon', { answers: record('v=DMARC1 p=reject') }, 'none none', 'fail none'],
    // 4.8: white space around the equals sign is allowed.
    ['spaces in the version', { answers: record('v = DMARC1; p=reject') }, 'fail reject', 'none none'],
    // 4.7: v= comes first. mailauth removes white space before it.
    ['a space before the version', { answers: record(' v=DMARC1; p=reject') }, 'none none', 'fail reject'],
    // 4.7: t=y asks for a policy that is one step weaker. RFC 7489 has no t=.
    ['a test', { answers: record('v=DMARC1; p=reject; t=y') }, 'fail quarantine', 'fail reject'],
    // 4.7: np= of names that do not exist. RFC 7489 has no np=.
    ['np', { answers: record('v=DMARC1; p=none; np=reject'), from: 'gone.example.com' }, 'fail reject', 'fail none'],
    // 4.10.1: an invalid sp= makes the policy none.
    [
      'an invalid sp',
      { answers: record('v=DMARC1; p=reject; sp=x; rua=mailto:a@example.com'), from: 'a.example.com' },
      'fail none',
      'fail x',
    ],
    // 4.10.1: without a valid policy and without an address for reports, DMARC is not applied.
    ['an invalid policy', { answers: record('v=DMARC1; p=x') }, 'none none', 'fail x'],
    // 4.10: the record of the public suffix. RFC 7489 does not look there.
    [
      'a public suffix with a record',
      { answers: record('v=DMARC1; p=reject; psd=y', 'com'), from: 'a.example.com' },
      'fail reject',
      'none none',
    ],
    // 4.10.2: without a record of the parent, the domain is its own organizational domain. The list of public suffixes says example.com.
    [
      'a record of the subdomain alone',
      { answers: record('v=DMARC1; p=reject', 'a.example.com'), from: 'a.example.com', dkim: ['example.com'] },
      'fail reject',
      'pass reject',
    ],
    // 4.10.2: psd=n ends the walk.
    [
      'an organizational domain within another',
      {
        answers: { ...record('v=DMARC1; p=reject'), ...record('v=DMARC1; p=reject; psd=n', 'a.example.com') },
        from: 'a.example.com',
        dkim: ['example.com'],
      },
      'fail reject',
      'pass reject',
    ],
    // The tree walk needs no list: a name that the list does not know as a suffix can be one by its records.
    [
      'a private suffix',
      {
        answers: { ...record('v=DMARC1; p=reject; psd=y', 'pages.example.com') },
        from: 'x.pages.example.com',
        dkim: ['y.pages.example.com'],
      },
      'fail reject',
      'none none',
    ],
    // The list of mailauth has co.uk; with a record at co.uk without psd=y, the walk ends there: an error of the registry, not of a sender.
    [
      'a suffix that forgot psd=y',
      { answers: record('v=DMARC1; p=reject', 'co.uk'), from: 'example.co.uk' },
      'fail reject',
      'none none',
    ],
  ])('%s', async (_, asked, ours, theirs) => {
    expect(ours).not.toBe(theirs);
    expect(await both(asked)).toEqual({ ours, theirs });
  });
});

/** Random records without what both read differently: the organizational domain has a record, alignment is relaxed, policies are valid. */
const policy = fc.constantFrom('none', 'quarantine', 'reject', 'Reject');
const tags = fc.tuple(
  policy,
  fc.option(policy, { nil: null }),
  fc.subarray(['adkim=r', 'aspf=r', 'fo=1', 'rua=mailto:a@example.com', 'pct=50', 'ri=3600', 'unknown=1']),
);
const text = tags.map(([p, sp, others]) =>
  ['v=DMARC1', `p=${p}`, ...(sp === null ? [] : [`sp=${sp}`]), ...others].join('; '),
);
const domain = fc.constantFrom(
  'example.com',
  'a.example.com',
  'b.a.example.com',
  'c.example.com',
  'example.net',
  'a.example.net',
  'com',
);
const from = fc.constantFrom('example.com', 'a.example.com', 'b.a.example.com', 'c.example.com');

test('both agree on random records', async () => {
  const results = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.option(fc.array(text, { minLength: 1, maxLength: 2 }), { nil: null }),
      from,
      fc.array(domain, { maxLength: 3 }),
      fc.option(domain, { nil: undefined }),
      async (own, below, author, dkim, spf) => {
        const answers: Answers = {
          '_dmarc.example.com': { TXT: [own] },
          ...(below === null ? {} : { '_dmarc.a.example.com': { TXT: below } }),
        };
        const { ours, theirs } = await both({ answers, from: author, dkim, ...(spf === undefined ? {} : { spf }) });
        results.add(ours);
        expect(ours).toBe(theirs);
      },
    ),
    { numRuns: 3_000 },
  );
  expect(results.size).toBe(6);
});
