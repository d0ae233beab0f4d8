import { expect, test } from 'vitest';
import { measureTrips } from '../../../bench/trips.ts';
import { PRICES, TRIP_RUN } from '../../../lambda/reports/cost/prices.ts';
import { type TripFleet, tripFleet, tripUsage } from '../../../lambda/reports/cost/trip-usage.ts';
import { testPorts } from '../../ports.ts';
import { roundTrip } from '../../trip-run/world.ts';

const fleet: TripFleet = { messages: 4_320, vantages: 3, mailboxes: 1, secrets: 3 };

function dollars(of: TripFleet): number {
  return tripUsage(of).reduce((sum, { unit, quantity }) => sum + quantity * PRICES[unit], 0);
}

test('a round trip each ten minutes from three vantages costs few dollars a month, most of it secrets and alarms', () => {
  expect(dollars(fleet)).toBeGreaterThan(1);
  expect(dollars(fleet)).toBeLessThan(4);
  const rest = tripUsage(fleet).filter(({ unit }) => unit !== 'secret' && unit !== 'alarmMetric');
  expect(rest.reduce((sum, { unit, quantity }) => sum + quantity * PRICES[unit], 0)).toBeLessThan(1.5);
});

test('the fleet is that of the config, within its ceiling of messages', () => {
  const trip = roundTrip(587, 993);
  const key = { secret: 'trips/key' } as const;
  const { config } = testPorts([], {
    roundTrips: [
      { ...trip, id: 'a', key },
      { ...trip, id: 'b', key, perDay: 10 },
    ],
  }).ports;
  expect(tripFleet(config)).toEqual({ messages: 4_320 + 300, vantages: 3, mailboxes: 1, secrets: 1 });
  expect(tripFleet(testPorts([]).ports.config)).toBeNull();
});

test('the write units of the bill are those of real trips', async () => {
  const { writeUnits } = await measureTrips(5);
  expect(writeUnits / 1000).toBe(TRIP_RUN.writeUnits);
});
