import { expect, test } from 'vitest';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import { handOverTrips } from '../../../lambda/judge/hand-over-trips.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { MailboxError } from '../../../lambda/mailbox/session/mailbox-report.ts';
import { watchTrips } from '../../../lambda/trip-run/watch-trips.ts';
import { anySeed } from '../../seed.ts';
import { MANY_FAULTS } from '../faults.ts';
import { simulateTrips } from './simulate-trips.ts';

const product = {
  judge,
  MailboxError,
  watchTrips,
  handOverTrips,
  deliverChannel,
  openTripStore,
  openHistory,
  openDeliveries,
};

test.each([
  { seed: 1, hours: 36, vantages: 2 },
  { seed: 2, hours: 36, vantages: 1 },
  { seed: 3, hours: 30, vantages: 2, perDay: 60 },
  { seed: anySeed, hours: 36, vantages: 2 },
] as const)('no promise about round trips is broken: seed $seed, $hours hours, $vantages vantages', async (setting) => {
  const { violations, alerts, messages } = await simulateTrips(product, { ...setting, faults: MANY_FAULTS });
  expect(violations).toEqual([]);
  if (!('perDay' in setting)) expect(alerts).toBeGreaterThan(0);
  expect(messages).toBeGreaterThan(50);
});
