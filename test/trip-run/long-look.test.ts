import { expect, test } from 'vitest';
import { openTripWorld, START } from './world.ts';

const SECOND = 1_000;

/** The clock of the run, and a look that takes ten seconds, in which the message comes after the inbox was searched. */
async function tripOfLongLook(within: { readonly warn: number; readonly fail: number }) {
  const world = await openTripWorld({ trips: [{ within }] });
  const { imap, route, store } = world;
  route.behaviour = { folders: [] };
  let clock = START;
  imap.onCommand = (command) => {
    const [message] = route.accepted;
    if (message === undefined || !/^SELECT "?Junk/.test(command) || clock >= START + 10 * SECOND) return;
    clock += 10 * SECOND;
    const received = 'Received: from a by mx.example.net with ESMTP id X1; Thu, 26 Nov 2026 13:00:01 +0000\r\n';
    imap.put('INBOX', Buffer.concat([Buffer.from(received), message]));
  };
  const sleep = async (milliseconds: number) => {
    clock += milliseconds;
  };
  await world.run('local', START, { now: () => clock, sleep });
  const [record] = await store.trips('out', START, START);
  await world.close();
  return record?.verdict?.findings.map(({ code }) => code);
}

test('a message that came during a long look is not late because of it', async () => {
  expect(await tripOfLongLook({ warn: 3 * SECOND, fail: 60 * SECOND })).toEqual(['arrived']);
});

test('a look that began before the message was due does not show that it is missing', async () => {
  expect(await tripOfLongLook({ warn: 3 * SECOND, fail: 5 * SECOND })).toEqual(['arrived']);
});
