import { afterAll, expect, test, vi } from 'vitest';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { recordOrRename } from '../../lambda/probe/record-or-rename.ts';
import { anySeed } from '../seed.ts';
import { FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import { simulate } from './simulate.ts';

vi.spyOn(console, 'error').mockReturnValue(undefined);
vi.spyOn(console, 'warn').mockReturnValue(undefined);
afterAll(() => void vi.restoreAllMocks());

const product = { judge, deliverChannel, openHistory, openDeliveries, openNotifications, recordOrRename };

// All planted bugs but one show within 150 rounds. `npm run simulate` has worlds of thousands.
test.each([
  { seed: 1, rounds: 150, vantages: 3, faultRate: 6 },
  { seed: 2, rounds: 150, vantages: 2, faultRate: 6 },
  { seed: 3, rounds: 90, vantages: 5, faultRate: 6 },
  { seed: 4, rounds: 300, vantages: 3, faultRate: 1 },
  { seed: anySeed, rounds: 300, vantages: 3, faultRate: 3 },
  { seed: 5, rounds: 16, vantages: 3, faultRate: 6, targets: 50 },
  { seed: 6, rounds: 60, vantages: 5, faultRate: 6, targets: 6, faults: FEW_FAULTS },
  { seed: anySeed, rounds: 120, vantages: 3, faultRate: 6, targets: 6, faults: FEW_FAULTS },
])('no promise is broken: seed $seed, $rounds rounds, $vantages vantages, $targets targets', async (setting) => {
  const { violations, outages } = await simulate(product, { faults: MANY_FAULTS, ...setting });
  expect(violations).toEqual([]);
  expect(outages).toBeGreaterThan(0);
});
