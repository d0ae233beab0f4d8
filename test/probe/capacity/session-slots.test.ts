import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSlots, slotCount } from '../../../lambda/probe/capacity/session-slots.ts';

test.each([
  ['a Lambda function', 1_024, 40, 400],
  ['a large limit', 1_048_576, 40, 400],
  ['ulimit -n 256', 256, 30, 81],
  ['a limit that is nearly reached', 100, 90, 1],
])('%s: %d descriptors, %d open', (_, limit, open, slots) => {
  expect(slotCount(limit, open)).toBe(slots);
});

test('no more slots are taken than there are, and all that are asked for in time are granted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 30 }),
      async (count, wishes) => {
        const slots = openSlots(count);
        let taken = 0;
        const order: number[] = [];
        await Promise.all(
          wishes.map(async (wanted, nth) => {
            const release = await slots.take(wanted, 10_000);
            order.push(nth);
            taken += Math.min(wanted, count);
            expect(taken).toBeLessThanOrEqual(count);
            await new Promise((done) => setImmediate(done));
            taken -= Math.min(wanted, count);
            release?.();
          }),
        );
        expect(order).toEqual(wishes.map((_, nth) => nth));
      },
    ),
    { numRuns: 30 },
  );
});

test('one that waits too long gets none, and does not hold up the next one', async () => {
  const slots = openSlots(2);
  const release = await slots.take(1, 100);
  const [both, one] = await Promise.all([slots.take(2, 20), slots.take(1, 1_000)]);
  expect(both).toBeNull();
  expect(one).not.toBeNull();
  release?.();
  one?.();
  expect(await slots.take(2, 0)).not.toBeNull();
});
