import { afterAll, expect, test, vi } from 'vitest';
import { MANY_FAULTS } from '../faults.ts';
import { POSTURE_BUGS, withPostureBug } from './planted-posture.ts';
import { simulatePostureWatch } from './simulate-posture.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

test.each(POSTURE_BUGS)('the simulation of posture detects: $name', async (bug) => {
  const product = await withPostureBug(bug);
  const caught: string[] = [];
  const { seed: first = 1 } = bug;
  for (let seed = first; seed < first + 24 && caught.length === 0; seed += 1) {
    const setting = {
      seed,
      days: 8,
      vantages: seed % 4 === 0 ? 1 : 2,
      faults: MANY_FAULTS,
      stopAtFirst: true,
    } as const;
    caught.push(...(await simulatePostureWatch(product, setting)).violations);
  }
  expect(caught).not.toEqual([]);
});
