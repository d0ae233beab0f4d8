/** A mailbox has messages of others that look like ours. They neither hide ours nor are taken for ours. */
import { afterEach, expect, test } from 'vitest';
import { formatToken } from '../../lambda/trip/message/token.ts';
import { openTripWorld, START, type TripWorld } from './world.ts';

let world: TripWorld;

afterEach(() => world.close());

async function codes(): Promise<readonly string[]> {
  const trips = await world.store.trips('out', START - 86_400_000, START + 86_400_000 * 3);
  return trips.map(({ verdict }) => verdict?.findings.map(({ code }) => code).join(' ') ?? 'under way');
}

const STRANGERS = 150;

const flood = {
  'our subject': () => 'Subject: Round trip to the moon\r\n\r\nHello.\r\n',
  'our field and subject, forged': (nth: number) => {
    const token = formatToken({ trip: 'out', id: `forged-${nth + 1e6}`, at: START }, 'another key of 16 or more');
    return `Subject: Round trip ${token}\r\nX-Smtp-Quorum-Trip: ${token}\r\n\r\nHello.\r\n`;
  },
};

test.each(Object.entries(flood))('many messages of others with %s do not hide ours', async (_, text) => {
  world = await openTripWorld();
  const { imap, route } = world;
  const strangers = () => {
    for (let nth = 0; nth < STRANGERS; nth++) imap.put('INBOX', Buffer.from(text(nth)));
  };
  strangers();
  // Others arrive after ours, too.
  route.behaviour = {
    change: (message) => {
      queueMicrotask(strangers);
      return message;
    },
  };
  await world.run('local');
  expect(await codes()).toEqual(['arrived']);
  expect(imap.folders.INBOX).toHaveLength(2 * STRANGERS);
});

test('a letter that quotes our subject is not ours, and stays', async () => {
  world = await openTripWorld();
  const { imap, route } = world;
  route.behaviour = {
    change: (message) => {
      const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(message)?.[1] ?? '';
      for (const prefix of ['Fwd: ', 'FW: ', 'WG: '])
        imap.put(
          'INBOX',
          Buffer.from(`From: anna@example.org\r\nSubject: ${prefix}${subject}\r\n\r\nWhat is this?\r\n`),
        );
      return message;
    },
  };
  await world.run('local');
  expect(await codes()).toEqual(['arrived']);
  expect(imap.folders.INBOX).toHaveLength(3);
});

test('a message that lost our field on its way is ours by its subject and its identifier', async () => {
  world = await openTripWorld();
  const { imap, route } = world;
  route.behaviour = { change: (message) => message.replace(/^X-Smtp-Quorum-Trip:.*\r\n(?:[ \t].*\r\n)*/m, '') };
  await world.run('local');
  expect(await codes()).toEqual(['arrived']);
  expect(imap.folders.INBOX).toEqual([]);
});

test('a message of others that is removed between search and fetch does not end the look', async () => {
  world = await openTripWorld();
  const { imap } = world;
  imap.put('INBOX', Buffer.from('Subject: Round trip to the moon\r\n\r\nHello.\r\n'));
  imap.onCommand = (command) => {
    if (command.startsWith('UID FETCH 1 ')) imap.folders.INBOX?.splice(0, 1);
  };
  const { mailboxes } = await world.run('local');
  expect(mailboxes).toMatchObject([{ unread: [], failed: null }]);
  expect(await codes()).toEqual(['arrived']);
});
