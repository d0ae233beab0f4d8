import { afterAll, expect, test, vi } from 'vitest';
import { MANY_FAULTS } from '../faults.ts';
import { BOUNCE_BUGS, NO_BOUNCE_BUG, withBounceBug } from './planted-bounces.ts';
import { simulateBounces } from './simulate-bounces.ts';

// The bugs log errors of their own.
vi.spyOn(console, 'error').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

/** All of them show within a day: what is counted wrong is seen at its end. */
const HOURS = 5;

test.each(BOUNCE_BUGS)('the simulation of bounces detects: $name', async (bug) => {
  const product = await withBounceBug(bug);
  const caught: string[] = [];
  const { seed: first = 1 } = bug;
  for (let seed = first; seed < first + 6 && caught.length === 0; seed += 1) {
    const setting = { seed, hours: HOURS, faults: MANY_FAULTS, stopAtFirst: true };
    caught.push(...(await simulateBounces(product, setting)).violations);
  }
  expect(caught).not.toEqual([]);
});

test('a copy without a bug breaks no promise', async () => {
  const product = await withBounceBug(NO_BOUNCE_BUG);
  const setting = { seed: 7, hours: HOURS, faults: MANY_FAULTS };
  expect((await simulateBounces(product, setting)).violations).toEqual([]);
});
