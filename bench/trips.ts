/** What a round trip costs: processor, time, write units, code. Servers are on loopback, in the same process. */
import { itemSize } from '../lambda/history/table/item-size.ts';
import { MINUTE, openTripWorld, START } from '../test/trip-run/world.ts';

const TRIPS = 50;

export interface TripCost {
  /** Milliseconds of a processor for one trip, with the servers that take and keep its message. */
  readonly cpu: number;
  /** Milliseconds from the claim to the end of a run, without its waits for the message. */
  readonly wall: number;
  /** Write units of 1,000 trips. */
  readonly writeUnits: number;
  /** Octets of the largest item. */
  readonly largest: number;
}

/** Trips that arrive at once, with an attachment of some octets. */
export async function measureTrips(trips = TRIPS, attachment = 1_000): Promise<TripCost> {
  const world = await openTripWorld({ trips: [{ perDay: 10 * trips }] });
  const [trip] = world.portsOf('local').config.roundTrips ?? [];
  if (trip === undefined) throw new Error('no round trip');
  const received = 'Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.net with ESMTPS id 4XyZ123';
  const fields = Array.from({ length: 5 }, () => `${received}; Thu, 26 Nov 2026 13:00:00 +0000`);
  world.route.behaviour = { fields };
  const config = {
    ...world.portsOf('local').config,
    roundTrips: [{ ...trip, send: { ...trip.send, attachment } }],
  };
  await world.run('local', START, { config });
  world.writes.length = 0;
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  for (let nth = 1; nth <= trips; nth++) await world.run('local', START + nth * 11 * MINUTE, { config });
  const { user, system } = process.cpuUsage(cpu);
  const wall = performance.now() - began;
  const sizes = world.writes.map(itemSize);
  await world.close();
  return {
    cpu: (user + system) / 1000 / trips,
    wall: wall / trips,
    writeUnits: (sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0) / trips) * 1000,
    largest: Math.max(...sizes),
  };
}

export async function run(): Promise<void> {
  console.log(`Round trips (${TRIPS} trips over five hops, servers on loopback in the same process)`);
  for (const attachment of [1_000, 1_000_000]) {
    const { cpu, wall, writeUnits, largest } = await measureTrips(attachment > 1_000 ? 10 : TRIPS, attachment);
    console.log(
      `  attachment of ${attachment.toLocaleString('en-US')} octets: ${cpu.toFixed(1)} ms of CPU, ${wall.toFixed(0)} ms without waits, ${Math.round(writeUnits).toLocaleString('en-US')} write units for 1,000 trips, largest item ${largest} octets`,
    );
  }
}
