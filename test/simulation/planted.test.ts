import { expect, test, vi } from 'vitest';
import { FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import { BUGS, withBug } from './planted.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);
vi.spyOn(console, 'warn').mockReturnValue(undefined);

/** In turn: bugs show under many faults, or in the time that an alert takes under few. */
const WORLDS = [
  { faults: MANY_FAULTS, vantages: 3 },
  { faults: MANY_FAULTS, vantages: 2 },
  { faults: FEW_FAULTS, vantages: 3, targets: 6 },
] as const;

test.each(BUGS)(
  'the simulation detects: $name',
  async (bug) => {
    const product = await withBug(bug);
    const caught: string[] = [];
    for (let seed = 1; seed <= 18 && caught.length === 0; seed += 1) {
      const { violations } = await simulate(product, {
        ...(WORLDS[seed % WORLDS.length] ?? WORLDS[0]),
        seed,
        rounds: 600,
        faultRate: 6,
        stopAtFirst: true,
      });
      caught.push(...violations);
    }
    expect(caught).not.toEqual([]);
  },
  120_000,
);
