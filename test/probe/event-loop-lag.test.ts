import { expect, test } from 'vitest';
import { measureLag } from '../../lambda/probe/event-loop-lag.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('an event loop that is held up for 300 ms is noticed', async () => {
  const lagged = measureLag();
  await pause(30);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await pause(30);
  expect(lagged()).toBeGreaterThan(250);
});
