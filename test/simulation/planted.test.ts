import { expect, test, vi } from 'vitest';
import { FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import { BUGS, withBug } from './planted.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);
vi.spyOn(console, 'warn').mockReturnValue(undefined);

test.each(BUGS)(
  'the simulation detects: $name',
  async (bug) => {
    const product = await withBug(bug);
    const caught: string[] = [];
    const { faults = MANY_FAULTS } = bug;
    for (let seed = 1; seed <= 24 && caught.length === 0; seed += 1) {
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
  },
  240_000,
);
