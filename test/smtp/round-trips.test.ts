import { expect, test } from 'vitest';
import { FLOWS, ours, tripsOf } from '../../bench/round-trips.ts';

test.each(FLOWS)('$what: $least round trips until the verdict', async (flow) => {
  const { verdict, goodbye } = await tripsOf(flow, ours);
  expect(verdict).toBe(flow.least);
  // RSET and QUIT, if they cannot be pipelined.
  expect(goodbye).toBeLessThanOrEqual(flow.least + (flow.pipelining === false ? 2 : 1));
});
