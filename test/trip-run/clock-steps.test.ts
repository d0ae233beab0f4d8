/** The clock of a machine was wrong for some time. What was written then holds up nothing. */
import { afterEach, expect, test } from 'vitest';
import { MINUTE, openTripWorld, START, type TripWorld } from './world.ts';

const DAY = 1_440 * MINUTE;
let world: TripWorld;

afterEach(() => world.close());

async function open(): Promise<TripWorld> {
  world = await openTripWorld();
  return world;
}

test.each([DAY, 300 * DAY])('after a clock that was %i ms ahead, messages are sent and found again', async (ahead) => {
  const { route, imap, store } = await open();
  await world.run('local', START, { now: () => world.now() + ahead });
  for (let nth = 0; nth < 3; nth++) await world.run('local', START + nth * 11 * MINUTE);
  expect(route.accepted).toHaveLength(4);
  const trips = await store.trips('out', START - DAY, START + DAY / 2);
  expect(trips.map(({ verdict }) => verdict?.outcome)).toEqual(['pass', 'pass', 'pass']);
  expect(imap.folders.INBOX).toEqual([]);
  expect((await world.mailbox()).open).toEqual([]);
});

test('a failed trip of a clock that was ahead does not hold up the verdict', async () => {
  const { route, store } = await open();
  route.behaviour = { refuse: { code: 554, text: '5.7.1 no' } };
  await world.run('local', START, { now: () => world.now() + DAY });
  route.behaviour = {};
  await world.run('local', START + 10 * MINUTE);
  expect((await store.verdict('out'))?.failed).toEqual([]);
});

test('a clock that steps ahead sends once, and no messages that it missed', async () => {
  const { route } = await open();
  await world.run('local', START);
  for (let nth = 0; nth < 5; nth++) await world.run('local', START + DAY + nth * MINUTE);
  expect(route.accepted).toHaveLength(2);
});

test('a clock that swings by a minute sends no more than the config allows', async () => {
  const { route } = await open();
  for (let nth = 0; nth < 20; nth++) {
    await world.run('local', START + nth * MINUTE, { now: () => world.now() + (nth % 2) * MINUTE });
  }
  expect(route.accepted.length).toBeLessThanOrEqual(3);
});
