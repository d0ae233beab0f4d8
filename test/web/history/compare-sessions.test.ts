import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareSessions, markLines } from '../../../web/history/compare-sessions.ts';
import { othersToCompare } from '../../../web/history/others-to-compare.ts';
import { session } from './sessions.ts';

test('what differs: outcome, times by more than networks do, facts, keywords', () => {
  const a = session(0, {}, { facts: { tls: 'TLSv1.3', inTls: 'DSN' } });
  const b = session(
    1,
    { outcome: 'fail', timings: { connect: 14, greeting: 131 }, total: 145 },
    { code: 'greeting-refused', reply: '554 no', facts: { tls: 'TLSv1.3', inTls: 'DSN SIZE', starttls: 'offered' } },
  );
  const { phases, facts, parts } = compareSessions(a, b);
  expect([...phases]).toEqual(['greeting', 'quit']);
  expect([...facts]).toEqual(['inTls', 'starttls']);
  expect([...parts]).toEqual(['outcome', 'reply', 'total']);
});

test('a session does not differ from itself, and differences have no direction', () => {
  const any = fc.record({
    connect: fc.double({ min: 0, max: 9000, noNaN: true }),
    outcome: fc.constantFrom('pass' as const, 'fail' as const),
    facts: fc.dictionary(fc.constantFrom('tls', 'leaf', '__proto__'), fc.string()),
  });
  fc.assert(
    fc.property(any, any, (one, two) => {
      const made = ({ connect, outcome, facts }: typeof one) =>
        session(0, { outcome, timings: { connect }, total: connect }, { facts });
      const [a, b] = [made(one), made(two)];
      const same = compareSessions(a, a);
      expect(same.phases.size + same.facts.size + same.parts.size).toBe(0);
      expect(compareSessions(a, b)).toEqual(compareSessions(b, a));
    }),
  );
});

test.each([
  ['equal', ['a', 'b'], ['a', 'b'], 'a b'],
  ['one more', ['a', 'x', 'b'], ['a', 'b'], 'a ≠x b'],
  ['one less', ['a', 'b'], ['a', 'x', 'b'], 'a b'],
  ['another', ['a', 'x', 'b'], ['a', 'y', 'b'], 'a ≠x b'],
  ['nothing beside it', ['a'], [], '≠a'],
  ['repeated', ['a', 'a', 'b'], ['a', 'b'], null],
])('lines of a transcript: %s', (_, own, other, expected) => {
  const marked = markLines(own, other);
  if (expected === null) expect(marked.filter(({ differs }) => differs)).toHaveLength(1);
  else expect(marked.map(({ text, differs }) => `${differs ? '≠' : ''}${text}`).join(' ')).toBe(expected);
});

test('lines without a mark are a common sequence of both, and the longest', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (own, other) => {
      const kept = (marked: ReturnType<typeof markLines>) =>
        marked.flatMap(({ text, differs }) => (differs ? [] : [text]));
      const left = kept(markLines(own, other));
      expect(isSequenceOf(left, other)).toBe(true);
      expect(left).toHaveLength(longest(own, other));
    }),
  );
});

function isSequenceOf(part: readonly string[], whole: readonly string[]): boolean {
  let place = 0;
  return part.every((text) => {
    place = whole.indexOf(text, place) + 1;
    return place > 0;
  });
}

/** By trying. */
function longest(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  const without = longest(rest, b);
  return at === -1 ? without : Math.max(without, 1 + longest(rest, b.slice(at + 1)));
}

test('what a session is compared with: the one before, the last that passed, a day before, other vantages of its round', () => {
  const day = 1440;
  const sessions = [
    session(-3),
    session(5),
    session(day - 2),
    session(day - 1, { outcome: 'fail' }),
    session(day, { outcome: 'fail' }),
    session(day, { vantage: 'us-east-1' }),
    session(day + 1, { vantage: 'us-east-1' }),
  ];
  const own = sessions[4] ?? session(day);
  expect(
    othersToCompare(own, sessions).map(({ label, session: { at, vantage } }) => [
      label,
      vantage,
      (at - own.at) / 60_000,
    ]),
  ).toEqual([
    ['the session before', 'eu-west-1', -1],
    ['the last one that passed', 'eu-west-1', -2],
    ['the same vantage a day before', 'eu-west-1', -1443],
    ['us-east-1 in the same round', 'us-east-1', 0],
  ]);
});
