import { expect, test, vi } from 'vitest';
import { MANY_FAULTS } from './faults.ts';
import { BUGS, withBug } from './planted.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);

test.each(BUGS)(
  'the simulation detects: $name',
  async (bug) => {
    const product = await withBug(bug);
    const caught: string[] = [];
    for (let seed = 1; seed <= 12 && caught.length === 0; seed += 1) {
      const { violations } = await simulate(product, {
        seed,
        rounds: 600,
        faults: MANY_FAULTS,
        vantages: seed % 2 === 0 ? 2 : 3,
        faultRate: 6,
        stopAtFirst: true,
      });
      caught.push(...violations);
    }
    expect(caught).not.toEqual([]);
  },
  60_000,
);
