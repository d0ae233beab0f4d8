import { expect, test } from 'vitest';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import { openPostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { judgePostures } from '../../../lambda/judge/judge-postures.ts';
import { anySeed } from '../../seed.ts';
import { MANY_FAULTS } from '../faults.ts';
import { simulatePostureWatch } from './simulate-posture.ts';

const product = {
  judge,
  judgePostures,
  deliverChannel,
  openHistory,
  openPostureHistory,
  openDeliveries,
  openNotifications,
};

test.each([
  { seed: 1, days: 6, vantages: 2 },
  { seed: 2, days: 6, vantages: 1 },
  { seed: 3, days: 12, vantages: 2 },
  { seed: anySeed, days: 8, vantages: 2 },
] as const)('no promise about posture is broken: seed $seed, $days days, $vantages vantages', async (setting) => {
  const { violations, alerts } = await simulatePostureWatch(product, { ...setting, faults: MANY_FAULTS });
  expect(violations).toEqual([]);
  expect(alerts).toBeGreaterThan(5);
});
