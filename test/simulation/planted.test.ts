import { afterAll, expect, test, vi } from 'vitest';
import { FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import { BUGS, withBug } from './planted.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);
vi.spyOn(console, 'warn').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

/** Most bugs show early in the world of this seed. Where one does not, the next worlds are tried. */
const FIRST_SEED = 10;
const WORLDS = 24;

test.each(BUGS)('the simulation detects: $name', async (bug) => {
  const product = await withBug(bug);
  const caught: string[] = [];
  const { faults = MANY_FAULTS, seed: first = FIRST_SEED } = bug;
  for (let seed = first; seed < first + WORLDS && caught.length === 0; seed += 1) {
    const { violations } = await simulate(product, {
      seed,
      rounds: 600,
      faults,
      vantages: seed % 2 === 0 && faults !== FEW_FAULTS ? 2 : 3,
      targets: faults === FEW_FAULTS ? 12 : 3,
      faultRate: 6,
      stopAtFirst: true,
    });
    caught.push(...violations);
  }
  expect(caught).not.toEqual([]);
});
