import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeTarget } from '../../lambda/consensus/judge-target.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../../lambda/consensus/judgement/observation.ts';
import { castVote } from '../../lambda/consensus/vote/cast-vote.ts';
import { MINUTE, policyOf, rounds, START } from './samples.ts';

const VANTAGES = ['a', 'b', 'c'] as const;
const policy = policyOf(VANTAGES);
const letters = fc.string({ unit: fc.constantFrom('p', 'f', 'w', 'u', '.'), minLength: 4, maxLength: 12 });
const rows = fc.tuple(letters, letters, letters);

function observationsOf(histories: readonly string[], minute: number): readonly Observation[] {
  return histories.flatMap((row, i) => rounds(VANTAGES[i] ?? '', row.slice(0, minute + 1)));
}

/** The judgements after each minute, over the samples that `transform` returns. */
function judgements(histories: readonly string[], transform: (seen: readonly Observation[]) => readonly Observation[]) {
  const all: Judgement[] = [];
  for (let minute = 0; minute < 12; minute += 1) {
    const observations = transform(observationsOf(histories, minute));
    const now = START + minute * MINUTE + 5000;
    all.push(judgeTarget({ target: 'mx1', previous: all.at(-1) ?? null, observations, policy, now }));
  }
  return all;
}

test('repeated samples change nothing', () => {
  fc.assert(
    fc.property(rows, (histories) => {
      const once = judgements(histories, (seen) => seen);
      expect(judgements(histories, (seen) => [...seen, ...seen])).toEqual(once);
    }),
  );
});

test('the order of samples does not matter', () => {
  fc.assert(
    fc.property(rows, fc.integer(), (histories, seed) => {
      const rotated = (seen: readonly Observation[]) =>
        seen.length === 0
          ? seen
          : [...seen.slice(Math.abs(seed) % seen.length), ...seen.slice(0, Math.abs(seed) % seen.length)].reverse();
      expect(judgements(histories, rotated)).toEqual(judgements(histories, (seen) => seen));
    }),
  );
});

test('a second pass over the same rounds returns the same object', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 11 }), (histories, minute) => {
      const before = judgements(histories, (seen) => seen)[minute] ?? null;
      const question = { target: 'mx1', observations: observationsOf(histories, minute), policy };
      const again = judgeTarget({ ...question, previous: before, now: START + minute * MINUTE + 5000 });
      expect(again).toBe(before);
    }),
  );
});

test('a vote stays the same if it is cast again with its own state', () => {
  fc.assert(
    fc.property(letters, fc.option(fc.constant('2026-11-22T11:00:00Z'), { nil: null }), (row, failing) => {
      const now = START + (row.length - 1) * MINUTE;
      const first = castVote(rounds('a', row), policy, now, failing);
      const again = castVote(rounds('a', row), policy, now, first.vote === 'down' ? first.since : null);
      expect(again.vote === 'abstain' ? first.vote : again.vote).toBe(first.vote);
    }),
  );
});

test('one more failed probe never changes a vote from down to up', () => {
  fc.assert(
    fc.property(letters, fc.nat(), (row, at) => {
      const now = START + (row.length - 1) * MINUTE;
      fc.pre(castVote(rounds('a', row), policy, now).vote === 'down');
      const worse = [...row].map((letter, i) => (i === at % row.length && letter !== '.' ? 'f' : letter)).join('');
      expect(castVote(rounds('a', worse), policy, now).vote).toBe('down');
    }),
  );
});

test('every alert of a target has a unique id, and the end of every reported incident is reported', () => {
  fc.assert(
    fc.property(rows, (histories) => {
      const last = judgements(histories, (seen) => seen).at(-1);
      const ids = last?.owed.map(({ id }) => id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
      if (last?.verdict === 'up' && ids.length > 0) expect(last.owed.at(-1)?.kind).toBe('recovered');
    }),
  );
});
