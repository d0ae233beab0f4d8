import { expect, test } from 'vitest';
import { CONTROL, ROUTING_BUGS, withRoutingBug } from './planted-routing.ts';
import { ROUTING_FAULTS, type RoutingProduct, simulateRouting } from './simulate-routing.ts';

/** A bug shows in one of so many worlds, each with the night in which the clock repeats an hour. */
const WORLDS = 8;

async function violationIn(product: RoutingProduct, seed: number): Promise<readonly string[]> {
  const setting = { seed, from: '2026-10-24T18:00:00Z', days: 1, faults: ROUTING_FAULTS, stopAtFirst: true };
  return (await simulateRouting(product, setting)).violations;
}

test.each(ROUTING_BUGS)('the simulation of routing detects: $name', async (bug) => {
  const product = await withRoutingBug(bug);
  const caught: string[] = [];
  const { seed: first = 1 } = bug;
  for (let seed = first; seed < first + WORLDS && caught.length === 0; seed += 1)
    caught.push(...(await violationIn(product, seed)));
  expect(caught).not.toEqual([]);
});

test('a copy without a bug breaks no law', async () => {
  expect(await violationIn(await withRoutingBug(CONTROL), 1)).toEqual([]);
});
