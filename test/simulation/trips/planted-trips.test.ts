import { afterAll, expect, test, vi } from 'vitest';
import { MANY_FAULTS } from '../faults.ts';
import { NO_BUG, TRIP_BUGS, withTripBug } from './planted-trips.ts';
import { simulateTrips } from './simulate-trips.ts';

// The bugs log errors of their own.
vi.spyOn(console, 'error').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

test.each(TRIP_BUGS)('the simulation of round trips detects: $name', async (bug) => {
  const product = await withTripBug(bug);
  const caught: string[] = [];
  const { seed: first = 1, perDay = 1_000, vantages = 2 } = bug;
  for (let seed = first; seed < first + 12 && caught.length === 0; seed += 1) {
    const setting = { seed, perDay, vantages, hours: 36, faults: MANY_FAULTS, stopAtFirst: true };
    caught.push(...(await simulateTrips(product, setting)).violations);
  }
  expect(caught).not.toEqual([]);
});

test('a copy without a bug breaks no promise', async () => {
  const product = await withTripBug(NO_BUG);
  const setting = { seed: 3, vantages: 2, hours: 36, faults: MANY_FAULTS } as const;
  expect((await simulateTrips(product, setting)).violations).toEqual([]);
});
