import { expect, test, vi } from 'vitest';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { STORMY } from './faults.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);

const product = { judge, openHistory };
const anySeed = Math.floor(Math.random() * 2 ** 31);

test.each([
  { seed: 1, rounds: 400, vantages: 3, unrest: 6 },
  { seed: 2, rounds: 400, vantages: 2, unrest: 6 },
  { seed: 3, rounds: 300, vantages: 5, unrest: 6 },
  { seed: 4, rounds: 800, vantages: 3, unrest: 1 },
  { seed: anySeed, rounds: 600, vantages: 3, unrest: 3 },
])('every promise is kept: seed $seed, $rounds rounds, $vantages vantages', async (setting) => {
  const { violations, outages } = await simulate(product, { ...setting, faults: STORMY });
  expect(violations).toEqual([]);
  expect(outages).toBeGreaterThan(0);
});
