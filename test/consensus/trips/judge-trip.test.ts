import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeTrip, vantagesBeforeSecond } from '../../../lambda/consensus/trips/judge-trip.ts';
import type { EndedTrip, RoundTripVerdict } from '../../../lambda/consensus/trips/round-trip-verdict.ts';

const START = Date.parse('2026-11-26T13:00:00Z');
const MINUTE = 60_000;

const OUTCOMES = { p: 'pass', w: 'warn', f: 'fail', u: 'unable' } as const;

/** `fA pB`: a trip from vantage A that failed, then one from B that passed. */
function ended(word: string, nth: number): EndedTrip {
  const outcome = OUTCOMES[word[0] as keyof typeof OUTCOMES];
  const finding = {
    code: 'junked',
    detail: 'in junk, expected in inbox',
    meaning: 'm',
    hint: 'h',
    evidence: ['a hop'],
  };
  const findings = outcome === 'pass' ? [] : [finding];
  return { id: `trip-${nth}`, at: START + nth * MINUTE, vantage: word.slice(1), outcome, findings };
}

function story(words: string, vantages: number): RoundTripVerdict | null {
  return words
    .split(' ')
    .map(ended)
    .reduce<RoundTripVerdict | null>(
      (previous, trip, nth) =>
        judgeTrip({ trip: 'out', previous, ended: trip, vantages, now: START + nth * MINUTE + 30_000 }),
      null,
    );
}

const STORIES: readonly (readonly [string, string, number, readonly string[]])[] = [
  ['all arrive', 'pA pB pA', 2, []],
  ['one fails', 'fA', 2, []],
  ['one fails, the next arrives', 'fA pB', 2, []],
  ['two in a row fail, from two vantages', 'fA fB', 2, ['trip']],
  ['two in a row fail from one of two vantages', 'fA fA', 2, []],
  ['four in a row fail from one of two vantages: the other is gone', 'fA fA fA fA', 2, ['trip']],
  ['two in a row fail, and there is one vantage', 'fA fA', 1, ['trip']],
  ['every other one fails', 'fA pB fA pB', 2, []],
  ['what is unable is neither', 'fA uB fB', 2, ['trip']],
  ['only unable', 'uA uB uA', 2, []],
  ['a warning has arrived', 'fA fB wA wB', 2, ['trip', 'trip-over']],
  ['one arrival is not the end', 'fA fB pA', 2, ['trip']],
  ['two in a row are the end', 'fA fB pA pB', 2, ['trip', 'trip-over']],
  ['an arrival between failures is not the end', 'fA fB pA fB pA', 2, ['trip']],
  ['trouble goes on and is told once', 'fA fB fA fB fA', 2, ['trip']],
  ['trouble comes again', 'fA fB pA pB fA fB', 2, ['trip', 'trip-over', 'trip']],
];

test.each(STORIES)('%s', (_, words, vantages, kinds) => {
  expect(story(words, vantages)?.owed.map(({ kind }) => kind) ?? []).toEqual(kinds);
});

describe('an alert', () => {
  const verdict = story('fA fB pA pB', 2);

  test('says what failed, from where and since when', () => {
    expect(verdict?.owed[0]).toMatchObject({
      ...{ id: 'out/trip@2026-11-26T13:00:00Z#1-trip', kind: 'trip', subject: 'out', was: 'up', is: 'degraded' },
      reason: '2 trips in a row failed, sent from A and B',
      incident: { id: 'out/trip@2026-11-26T13:00:00Z', opened: '2026-11-26T13:00:00Z', closed: null },
      posture: { findings: [{ code: 'junked', vantages: ['A', 'B'], evidence: ['a hop'] }] },
    });
  });

  test('of the end has the same incident', () => {
    expect(verdict?.owed[1]).toMatchObject({
      ...{ kind: 'trip-over', was: 'degraded', is: 'up' },
      incident: { id: 'out/trip@2026-11-26T13:00:00Z', closed: '2026-11-26T13:03:30Z' },
    });
    expect(verdict).toMatchObject({ failed: [], arrived: [], episode: null });
  });
});

test.each([
  ['fA', ['A']],
  ['fA pB', []],
  ['fA fB', []],
  ['pA', []],
])('after %s, a second trip is wanted at once elsewhere than at %j', (words, vantages) => {
  expect(vantagesBeforeSecond(story(words, 2), `trip-${words.split(' ').length - 1}`)).toEqual(vantages);
});

const trips = fc.array(fc.constantFrom('pA', 'pB', 'wA', 'fA', 'fB', 'uA', 'uB'), { minLength: 1, maxLength: 30 });

test('beginnings and ends alternate, and no alert has the id of another', () => {
  fc.assert(
    fc.property(trips, (words) => {
      const owed = story(words.join(' '), 2)?.owed ?? [];
      expect(owed.map(({ kind }) => kind)).toEqual(owed.map((_, nth) => (nth % 2 === 0 ? 'trip' : 'trip-over')));
      expect(new Set(owed.map(({ id }) => id)).size).toBe(owed.length);
    }),
  );
});

test('a trip that is judged twice in a row changes nothing', () => {
  fc.assert(
    fc.property(trips, (words) => {
      const once = story(words.join(' '), 2);
      const last = ended(words.at(-1) ?? 'pA', words.length - 1);
      const again = judgeTrip({ trip: 'out', previous: once, ended: last, vantages: 2, now: START + 99 * MINUTE });
      expect(again).toBe(once);
    }),
  );
});
