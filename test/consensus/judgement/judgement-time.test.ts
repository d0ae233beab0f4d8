import { expect, test } from 'vitest';
import { judgementTime } from '../../../lambda/consensus/judgement/judgement-time.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';

const now = Date.parse('2026-11-22T05:00:00Z');

test.each([
  { ahead: [0, 0, 0], judged: 0, why: 'no clock is wrong' },
  { ahead: [60, 60, 60], judged: 0, why: 'within a round' },
  { ahead: [120, 120, 120], judged: 120, why: 'the judge is behind all' },
  { ahead: [120, 180, -60], judged: 120, why: 'the judge is behind a majority' },
  { ahead: [600, 0, 0], judged: 0, why: 'one vantage is ahead' },
  { ahead: [600, 0], judged: 0, why: 'one of two vantages is ahead' },
  { ahead: [600], judged: 600, why: 'the only vantage' },
  { ahead: [-600, -600, -600], judged: 0, why: 'all rounds are old' },
  { ahead: [], judged: 0, why: 'no rounds' },
  { ahead: [120, 120, 120], judged: 0, began: false, why: 'no round says when it began' },
])('the time to judge at: $why', ({ ahead, judged, began = true }) => {
  const vantages = ['a', 'b', 'c'].slice(0, Math.max(1, ahead.length));
  const rounds = ahead.flatMap((seconds, place) =>
    [seconds - 60, seconds].map((each) => ({
      vantage: vantages[place] ?? '',
      round: isoSeconds(now + (each - 5) * 1000),
      ...(began ? { began: isoSeconds(now + each * 1000) } : {}),
    })),
  );
  expect(judgementTime(now, rounds, { vantages, every: 60_000 })).toBe(now + judged * 1000);
});
