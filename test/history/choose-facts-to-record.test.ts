import { describe, expect, test } from 'vitest';
import type { Facts } from '../../lambda/consensus/judgement/observation.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import {
  factsToRecord,
  isFirstOfHour,
  type RecordedFacts,
  updateRecordedFacts,
} from '../../lambda/history/choose-facts-to-record.ts';

const minute = 60_000;

test.each([
  ['2026-11-22T05:00:00Z', minute, true],
  ['2026-11-22T05:01:00Z', minute, false],
  ['2026-11-22T05:59:00Z', minute, false],
  ['2026-11-22T05:00:05Z', 5_000, false],
  ['2026-11-22T05:04:00Z', 7 * minute, true],
  ['2026-11-22T05:11:00Z', 7 * minute, false],
])('round %s of every %d ms: %s', (round, every, due) => {
  expect(isFirstOfHour(round, every)).toBe(due);
});

test.each([5_000, minute, 5 * minute, 7 * minute, 45 * minute])('once an hour at rounds of %d ms', (every) => {
  const start = Math.ceil(Date.parse('2026-11-22T00:00:00Z') / every) * every;
  const rounds = Array.from({ length: (24 * 60 * minute) / every }, (_, n) =>
    new Date(start + n * every).toISOString(),
  );
  expect(rounds.filter((round) => isFirstOfHour(round, every))).toHaveLength(24);
});

/** The facts that one process records in consecutive rounds, a minute (or `every`) apart. */
function recordedOver(seen: readonly Facts[], start = '2026-11-22T05:30:00Z', every = minute) {
  let known: RecordedFacts | undefined;
  return seen.map((facts, n) => {
    const round = isoSeconds(Date.parse(start) + n * every);
    const recorded = factsToRecord(facts, known, { round, every });
    known = updateRecordedFacts(known, facts, recorded, round);
    return recorded;
  });
}

const offered = { starttls: 'offered', tls: 'TLSv1.3' };
const stripped = { starttls: 'not offered' };

describe('recorded with a round', () => {
  test('all facts with the first round of a process, then those that changed', () => {
    expect(recordedOver([offered, offered, stripped, stripped, offered])).toEqual([
      offered,
      {},
      stripped,
      {},
      { starttls: 'offered' },
    ]);
  });

  test('if the process is called too rarely to stay warm, all facts only with the first round of an hour', () => {
    const every = 10 * minute;
    expect(recordedOver([offered, stripped], '2026-11-22T05:30:00Z', every)).toEqual([{}, stripped]);
    expect(recordedOver([offered], '2026-11-22T06:00:00Z', every)).toEqual([offered]);
  });

  test('all facts with the first round of each hour that has facts', () => {
    expect(recordedOver([offered, offered, offered], '2026-11-22T05:58:00Z')).toEqual([offered, {}, offered]);
  });

  test('a fact that keeps changing a few times an hour only; other facts are not affected', () => {
    const changing = Array.from({ length: 29 }, (_, n) => ({
      starttls: n === 28 ? 'not offered' : 'offered',
      leaf: `${n}`,
    }));
    const [, ...later] = recordedOver(changing);
    expect(later.filter((facts) => 'leaf' in facts)).toHaveLength(4);
    expect(later.at(-1)).toEqual({ starttls: 'not offered' });
  });
});

/** Rounds of one process, in the order of their writes, which may differ from the order in which they began. */
function recordedIn(rounds: readonly (readonly [round: string, turn: number, facts: Facts])[]) {
  let known: RecordedFacts | undefined;
  return rounds.map(([round, turn, facts]) => {
    const recorded = factsToRecord(facts, known, { round, every: minute, turn });
    known = updateRecordedFacts(known, facts, recorded, round, turn);
    return recorded;
  });
}

describe('a clock that was ahead and was set back', () => {
  test('begins an hour: all facts again, and changes count anew', () => {
    const [ahead, back, later, changed] = recordedIn([
      ['2026-11-23T05:30:00Z', 1, offered],
      ['2026-11-22T05:30:00Z', 2, offered],
      ['2026-11-22T05:31:00Z', 3, offered],
      ['2026-11-22T05:32:00Z', 4, stripped],
    ]);
    expect([ahead, back, later, changed]).toEqual([offered, offered, {}, stripped]);
  });

  test('every change of the hours that follow is recorded, however far ahead it was', () => {
    const hours = Array.from({ length: 10 }, (_, n) => ['offered', 'not offered'].map((is) => [n, is] as const)).flat();
    const recorded = recordedIn([
      ['2027-11-22T05:30:00Z', 1, offered],
      ...hours.map(
        ([n, starttls], at) =>
          [`2026-11-22T${String(n).padStart(2, '0')}:0${at % 2}:00Z`, at + 2, { starttls }] as const,
      ),
    ]);
    expect(recorded.slice(1)).toEqual(hours.map(([, starttls]) => ({ starttls })));
  });
});

test('a round that began in the hour before and is written later does not begin an hour', () => {
  expect(
    recordedIn([
      ['2026-11-22T05:58:00Z', 1, offered],
      ['2026-11-22T06:00:00Z', 3, offered],
      ['2026-11-22T05:59:00Z', 2, offered],
      ['2026-11-22T06:01:00Z', 4, offered],
    ]),
  ).toEqual([offered, offered, {}, {}]);
});
