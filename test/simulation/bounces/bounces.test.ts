import { expect, test } from 'vitest';
import { countSesEvents } from '../../../lambda/bounce-watch/count-ses-events.ts';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { judgeBounces } from '../../../lambda/judge/judge-bounces.ts';
import { anySeed } from '../../seed.ts';
import { MANY_FAULTS } from '../faults.ts';
import { simulateBounces } from './simulate-bounces.ts';

const product = { judge, judgeBounces, countSesEvents, deliverChannel, openBounceHistory, openHistory, openDeliveries };

test.each([{ seed: 1 }, { seed: anySeed }])('no promise about bounces is broken: seed $seed', async ({ seed }) => {
  const { violations, alerts } = await simulateBounces(product, { seed, hours: 20, faults: MANY_FAULTS });
  expect(violations).toEqual([]);
  expect(alerts).toBeGreaterThan(0);
});
