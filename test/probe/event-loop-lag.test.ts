import { expect, test } from 'vitest';
import { measureLag } from '../../lambda/probe/event-loop-lag.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('measures a delay of the event loop of 300 ms', async () => {
  const stopLag = measureLag();
  await pause(30);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await pause(30);
  expect(stopLag()).toBeGreaterThan(250);
});
