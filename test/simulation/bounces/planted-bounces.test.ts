import { afterAll, expect, test, vi } from 'vitest';
import { MANY_FAULTS } from '../faults.ts';
import { BOUNCE_BUGS, withBounceBug } from './planted-bounces.ts';
import { simulateBounces } from './simulate-bounces.ts';

// The bugs log errors of their own.
vi.spyOn(console, 'error').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

test.each(BOUNCE_BUGS)(
  'the simulation of bounces detects: $name',
  async (bug) => {
    const product = await withBounceBug(bug);
    const caught: string[] = [];
    const { seed: first = 1 } = bug;
    for (let seed = first; seed < first + 6 && caught.length === 0; seed += 1) {
      const setting = { seed, hours: 20, faults: MANY_FAULTS, stopAtFirst: true };
      caught.push(...(await simulateBounces(product, setting)).violations);
    }
    expect(caught).not.toEqual([]);
  },
  240_000,
);
