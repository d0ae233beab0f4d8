import { expect, test } from 'vitest';
import { anySeed } from '../../seed.ts';
import { NO_FAULTS } from '../faults.ts';
import { PRODUCT } from './product.ts';
import { ROUTING_FAULTS, simulateRouting } from './simulate-routing.ts';

/** Of one world; `SIMULATED_DAYS=60` makes it longer. */
const days = Number(process.env.SIMULATED_DAYS ?? 1);
const DAY = 86_400_000;
const anyDay = new Date(Date.UTC(2026, 0, 1) + (anySeed % 365) * DAY).toISOString();

// The clock of Berlin repeats an hour in the night of 25 October, and skips one in that of 29 March.
test.each([
  { seed: 1, from: '2026-10-24T20:00:00Z', days: 0.5, faults: ROUTING_FAULTS },
  { seed: 2, from: '2026-03-28T20:00:00Z', days: 0.5, faults: ROUTING_FAULTS },
  { seed: 3, from: '2026-11-25T06:00:00Z', days: 0.5, faults: NO_FAULTS },
  { seed: anySeed, from: anyDay, days, faults: ROUTING_FAULTS },
])(
  'no law of routing is broken: seed $seed from $from, $days days',
  async (setting) => {
    const { violations, incidents, messages } = await simulateRouting(PRODUCT, setting);
    expect(violations).toEqual([]);
    expect(incidents).toBeGreaterThan(0);
    expect(Object.keys(messages).length).toBeGreaterThan(1);
  },
  120_000 * Math.max(1, days),
);
