import { describe, expect, test } from 'vitest';
import {
  condenseFacts,
  describeChanges,
  expandFacts,
  type FactSource,
  factsOf,
} from '../../../lambda/consensus/facts/server-facts.ts';

const certificate = {
  fingerprint: '3f2a9c0d1e4b5a67'.repeat(4),
  validFrom: '2026-10-12T07:00:00.000Z',
  validTo: '2027-01-10T06:59:59.000Z',
  issuer: "C=US, O=Let's Encrypt, CN=R11",
};

/** A session with the keywords before TLS and in TLS; null if the session did not reach them. */
function session(beforeTls: Record<string, readonly string[]> | null, afterTls: typeof beforeTls = null): FactSource {
  const tls = afterTls === null ? null : { version: 'TLSv1.3', certificate };
  return { tls, extensions: { beforeTls, afterTls } };
}

const usual = session({ STARTTLS: [], SIZE: ['10240000'] }, { SIZE: ['10240000'], AUTH: ['plain', 'LOGIN'], DSN: [] });
const usualFacts = {
  starttls: 'offered',
  leaf: "3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 C=US, O=Let's Encrypt, CN=R11",
  tls: 'TLSv1.3',
  inClear: 'SIZE=10240000',
  inTls: 'AUTH=LOGIN,PLAIN DSN SIZE=10240000',
};

describe('a session has the facts that it reached', () => {
  const { starttls, inClear } = usualFacts;
  test.each([
    ['all of them', usual, usualFacts],
    ['without TLS', session({ STARTTLS: [], SIZE: ['10240000'] }), { starttls, inClear }],
    ['without a keyword', session({}), { starttls: 'not offered', inClear: 'none' }],
    ['without a greeting', session(null), null],
    [
      'implicit TLS',
      { ...usual, extensions: { ...usual.extensions, beforeTls: null } },
      { leaf: usualFacts.leaf, tls: 'TLSv1.3', inTls: usualFacts.inTls },
    ],
  ])('%s', (_, from, facts) => expect(factsOf(from)).toEqual(facts));

  test('facts of each host have its name', () => {
    const parts = [
      { name: 'mx1.example.com', sample: session(null) },
      { name: 'mx2.example.com', sample: session({ SIZE: ['1'] }) },
    ];
    expect(factsOf({ ...usual, parts })).toEqual({
      'mx2.example.com starttls': 'not offered',
      'mx2.example.com inClear': 'SIZE=1',
    });
  });
});

test('the order of keywords and mechanisms does not matter', () => {
  const turned = session(
    { SIZE: ['10240000'], STARTTLS: [] },
    { DSN: [], AUTH: ['LOGIN', 'PLAIN'], SIZE: ['10240000'] },
  );
  expect(factsOf(turned)).toEqual(usualFacts);
});

test('a very long keyword list is cut, and different lists stay distinct', () => {
  const listed = (last: string) =>
    factsOf(session({ AUTH: [...Array.from({ length: 5000 }, (_, n) => `X${n}`), last] }))?.inClear ?? '';
  expect(listed('Y').length).toBeLessThan(420);
  expect(listed('Y')).not.toBe(listed('Z'));
});

test('equal values are written once', () => {
  const facts = {
    'mx1 inClear': 'DSN SIZE=10240000',
    'mx1 inTls': 'DSN SIZE=10240000',
    'mx1 tls': 'TLSv1.3',
    'mx2 tls': 'TLSv1.3',
  };
  expect(condenseFacts(facts)).toEqual({ ...facts, 'mx1 inTls': '=mx1 inClear' });
  expect(expandFacts(condenseFacts(facts))).toEqual(facts);
});

const old = 'aa00 2026-08-13 2026-11-11 CN=R10';

test.each([
  ['starttls', 'offered', 'not offered', 'STARTTLS is no longer offered'],
  ['starttls', 'not offered', 'offered', 'STARTTLS is offered'],
  ['tls', 'TLSv1.3', 'TLSv1.2', 'TLS 1.3 -> 1.2'],
  ['inClear', 'SIZE=10240000', 'SIZE=1024', 'before TLS: SIZE 10240000 -> 1024'],
  ['inClear', 'SIZE', 'SIZE=1024', 'before TLS: SIZE without a value -> 1024'],
  ['inTls', 'AUTH=LOGIN,PLAIN', 'AUTH=LOGIN', 'in TLS: AUTH no longer offers PLAIN'],
  ['inTls', 'AUTH=LOGIN', 'AUTH=LOGIN,PLAIN', 'in TLS: AUTH also offers PLAIN'],
  ['inTls', 'AUTH=LOGIN', 'AUTH=PLAIN', 'in TLS: AUTH no longer offers LOGIN, AUTH also offers PLAIN'],
  ['inTls', 'LIMITS=RCPTMAX=20', 'LIMITS=RCPTMAX=10', 'in TLS: LIMITS RCPTMAX=20 -> RCPTMAX=10'],
  ['inTls', 'AUTH=PLAIN DSN', 'DSN SMTPUTF8', 'in TLS: AUTH is gone, SMTPUTF8 is new'],
  ['inTls', 'DSN', 'none', 'in TLS: DSN is gone'],
  ['mx1.example.com tls', 'TLSv1.3', 'TLSv1.2', 'mx1.example.com: TLS 1.3 -> 1.2'],
  [
    'leaf',
    old,
    'bb00 2026-10-12 2027-01-10 CN=R10',
    'new certificate, valid 2026-10-12 to 2027-01-10, issued by CN=R10; previous: valid 2026-08-13 to 2026-11-11, issued by the same issuer',
  ],
  [
    'leaf',
    old,
    'bb00 2026-10-12 2027-01-10 O=Other CA, CN=X',
    'new certificate, valid 2026-10-12 to 2027-01-10, issued by O=Other CA, CN=X; previous: valid 2026-08-13 to 2026-11-11, issued by CN=R10',
  ],
  ['of another version', 'one', 'two', 'of another: version: one -> two'],
])('%s from %s to %s reads', (name, was, is, words) => expect(describeChanges([{ name, was, is }])).toEqual([words]));

test('the most important change is first, and the same change in two places is described once', () => {
  const size = { was: 'SIZE=2', is: 'SIZE=1' };
  const changes = [
    { name: 'inTls', ...size },
    { name: 'inClear', ...size },
    { name: 'starttls', was: 'offered', is: 'not offered' },
  ];
  expect(describeChanges(changes)).toEqual(['STARTTLS is no longer offered', 'before TLS and in TLS: SIZE 2 -> 1']);
});
