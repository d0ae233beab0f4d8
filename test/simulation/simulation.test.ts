import { expect, test, vi } from 'vitest';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { recordRound } from '../../lambda/probe/record-round.ts';
import { MANY_FAULTS } from './faults.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);

const product = { judge, openHistory, recordRound };
const anySeed = Math.floor(Math.random() * 2 ** 31);

test.each([
  { seed: 1, rounds: 400, vantages: 3, faultRate: 6 },
  { seed: 2, rounds: 400, vantages: 2, faultRate: 6 },
  { seed: 3, rounds: 300, vantages: 5, faultRate: 6 },
  { seed: 4, rounds: 800, vantages: 3, faultRate: 1 },
  { seed: anySeed, rounds: 600, vantages: 3, faultRate: 3 },
])('no promise is broken: seed $seed, $rounds rounds, $vantages vantages', async (setting) => {
  const { violations, outages } = await simulate(product, { ...setting, faults: MANY_FAULTS });
  expect(violations).toEqual([]);
  expect(outages).toBeGreaterThan(0);
});
