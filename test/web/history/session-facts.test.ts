import { expect, test } from 'vitest';
import { daysUntil, factRows } from '../../../web/history/session-facts.ts';
import type { Session } from '../../../web/history/sessions.ts';
import { session } from './sessions.ts';

/** Of a session that saw all facts. */
const WHOLE = { timings: { connect: 12, greeting: 31, ehlo: 5, starttls: 2, tls: 9, ehlo2: 1 } };
const LEAF = '3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 C=US, O=Example CA';

test.each([
  ['2026-11-23', 1],
  ['2026-11-22', 0],
  ['2026-11-20', -2],
  ['soon', null],
])('days left until %s', (until, expected) => {
  expect(daysUntil(until, Date.parse('2026-11-22T23:59:00Z'))).toBe(expected);
});

test.each<[string, Session['timings'], readonly string[]]>([
  ['refused at the greeting', { connect: 12, greeting: 31 }, ['starttls', 'leaf', 'tls', 'inClear', 'inTls']],
  ['without a connection', { dns: 3 }, ['starttls', 'leaf', 'tls', 'inClear', 'inTls']],
  ['refused at STARTTLS', { connect: 12, greeting: 31, ehlo: 5, starttls: 2 }, ['leaf', 'tls', 'inTls']],
  ['that fails in the handshake', { connect: 12, greeting: 31, ehlo: 5, starttls: 2, tls: 9 }, ['inTls']],
  ['to the end', { connect: 12, greeting: 31, ehlo: 5, starttls: 2, tls: 9, ehlo2: 1 }, []],
  ['with TLS from the first octet', { connect: 12, tls: 9, greeting: 31, ehlo: 5 }, []],
  [
    'with TLS from the first octet, refused at the greeting',
    { connect: 12, tls: 9, greeting: 31 },
    ['starttls', 'inClear', 'inTls'],
  ],
])('facts that a session did not see itself: %s', (_, timings, before) => {
  const facts = { starttls: 'offered', leaf: LEAF, tls: 'TLSv1.3', inClear: 'DSN', inTls: 'DSN' };
  const rows = factRows(session(0, { timings }, { facts }), []);
  expect(Object.keys(facts).filter((_name, nth) => rows[nth]?.isFromBefore)).toEqual(before);
  // Its timings are those of one host of several.
  const part = factRows(session(0, { timings }, { facts: { 'mx1.example.com leaf': LEAF } }), []);
  expect(part.map(({ isFromBefore }) => isFromBefore)).toEqual([false]);
});

test('facts in words, with when they changed at this vantage', () => {
  const facts = { starttls: 'offered', leaf: LEAF, inTls: 'DSN SIZE' };
  const sessions = [
    session(0, {}, { facts: { ...facts, inTls: 'DSN PIPELINING' } }),
    session(1, { vantage: 'us-east-1' }, { facts: { ...facts, inTls: 'NOTHING' } }),
    session(2, WHOLE, { facts }),
    session(3, WHOLE, { facts }),
    session(4, {}, { facts: { ...facts, starttls: 'not offered' } }),
  ];
  const shown = sessions[3] ?? session(3, WHOLE);
  expect(factRows(shown, sessions)).toEqual([
    { label: 'STARTTLS', value: 'offered', isFromBefore: false, changed: null },
    {
      label: 'certificate',
      value: '2026-10-12 to 2027-01-10, 49 days left; by C=US, O=Example CA; SHA-256 3f2a9c0d1e4b5a67…',
      isFromBefore: false,
      changed: null,
    },
    {
      label: 'keywords in TLS',
      value: 'DSN SIZE',
      isFromBefore: false,
      changed: { round: '2026-11-22T00:02:00Z', before: 'without SIZE; with PIPELINING' },
    },
  ]);
});

test('a renewed certificate says until when the former one was; a fact of a host has its name', () => {
  const sessions = [
    session(0, {}, { facts: { 'mx1.example.com leaf': 'aa11 2026-08-01 2026-10-30 CN=R10' } }),
    session(1, {}, { facts: { 'mx1.example.com leaf': 'bb22 2026-08-01 2026-11-20 CN=R11' } }),
  ];
  expect(factRows(sessions[1] ?? session(1), sessions)).toEqual([
    {
      label: 'mx1.example.com: certificate',
      value: '2026-08-01 to 2026-11-20, expired 2 days before; by CN=R11; SHA-256 bb22…',
      isFromBefore: false,
      changed: { round: '2026-11-22T00:01:00Z', before: 'one until 2026-10-30, SHA-256 aa11…' },
    },
  ]);
});

test('a fact that is not what is expected stays as it is', () => {
  expect(factRows(session(0, WHOLE, { facts: { leaf: '<b>', other: '\u202e' } }), [])).toEqual([
    { label: 'certificate', value: '<b>', isFromBefore: false, changed: null },
    { label: 'other', value: '\u202e', isFromBefore: false, changed: null },
  ]);
  expect(factRows(session(0, { seen: null }), [])).toEqual([]);
});
