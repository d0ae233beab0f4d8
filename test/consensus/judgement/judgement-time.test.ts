import { expect, test } from 'vitest';
import { judgementTime } from '../../../lambda/consensus/judgement/judgement-time.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';

const policy = { vantages: ['a', 'b'], every: 60_000, ...policyDefaults(2) };
const now = Date.parse('2026-11-22T05:00:00Z');

test.each([
  { named: [0, -60, -120], began: [5, -40, -80], judged: 0, why: 'no clock is wrong' },
  { named: [120, 60, 60], began: [121, 80, 100], judged: 120, why: 'the judge is behind' },
  { named: [0, 60, -60], began: [0, 81, -20], judged: 60, why: 'one vantage has recorded so far' },
  { named: [0, -60], began: [600, -40], judged: 0, why: 'the clock of a vantage is ahead' },
  { named: [180, -60], began: [2, -40], judged: 0, why: 'the judge that requested a second opinion was ahead' },
  { named: [120], began: [600], judged: 0, why: 'it began too long after its name' },
  { named: [120], began: [null], judged: 0, why: 'an older version recorded it' },
  { named: [], began: [], judged: 0, why: 'no rounds' },
])('the time to judge at: $why', ({ named, began, judged }) => {
  const rounds = named.map((seconds, place) => {
    const at = began[place] ?? null;
    const round = isoSeconds(now + seconds * 1000);
    return at === null ? { round } : { round, began: isoSeconds(now + at * 1000) };
  });
  expect(judgementTime(now, rounds, policy)).toBe(now + judged * 1000);
});
