import { expect, test } from 'vitest';
import { daysUntil, factRows } from '../../../web/history/session-facts.ts';
import { session } from './sessions.ts';

const LEAF = '3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 C=US, O=Example CA';

test.each([
  ['2026-11-23', 1],
  ['2026-11-22', 0],
  ['2026-11-20', -2],
  ['soon', null],
])('days left until %s', (until, expected) => {
  expect(daysUntil(until, Date.parse('2026-11-22T23:59:00Z'))).toBe(expected);
});

test('facts in words, with when they changed at this vantage', () => {
  const facts = { starttls: 'offered', leaf: LEAF, inTls: 'DSN SIZE' };
  const sessions = [
    session(0, {}, { facts: { ...facts, inTls: 'DSN PIPELINING' } }),
    session(1, { vantage: 'us-east-1' }, { facts: { ...facts, inTls: 'NOTHING' } }),
    session(2, {}, { facts }),
    session(3, {}, { facts }),
    session(4, {}, { facts: { ...facts, starttls: 'not offered' } }),
  ];
  const shown = sessions[3] ?? session(3);
  expect(factRows(shown, sessions)).toEqual([
    { label: 'STARTTLS', value: 'offered', changed: null },
    {
      label: 'certificate',
      value: '2026-10-12 to 2027-01-10, 49 days left; by C=US, O=Example CA; SHA-256 3f2a9c0d1e4b5a67…',
      changed: null,
    },
    {
      label: 'keywords in TLS',
      value: 'DSN SIZE',
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
      changed: { round: '2026-11-22T00:01:00Z', before: 'one until 2026-10-30, SHA-256 aa11…' },
    },
  ]);
});

test('a fact that is not what is expected stays as it is', () => {
  expect(factRows(session(0, {}, { facts: { leaf: '<b>', other: '\u202e' } }), [])).toEqual([
    { label: 'certificate', value: '<b>', changed: null },
    { label: 'other', value: '\u202e', changed: null },
  ]);
  expect(factRows(session(0, { seen: null }), [])).toEqual([]);
});
