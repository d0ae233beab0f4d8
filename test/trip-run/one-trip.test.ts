import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import { runOneTrip } from '../../lambda/trip-run/one-trip.ts';
import { LOGIN, serveImap } from './imap-server.ts';
import { openMailRoute } from './mail-route.ts';
import { KEY, MINUTE, roundTrip, START } from './world.ts';

test('the end of a session that is older than a look does not make a lost message unknown', async () => {
  const imap = await serveImap();
  const route = await openMailRoute(imap);
  route.behaviour = { folders: [] };
  let clock = START;
  const trip = { ...roundTrip(route.port, imap.port), within: { warn: MINUTE, fail: MINUTE } };
  const request = { trip, ehloName: 'probe.example.com', password: null, login: LOGIN, key: KEY };
  const one = await runOneTrip(request, {
    now: () => clock,
    newId: () => 'message-000001',
    openMailbox: (endpoint, login) => openMailbox(endpoint, login, { limits: { deadline: 1_000 } }),
    sleep: async (milliseconds) => {
      clock += milliseconds;
      await pause(1_100);
    },
  });
  expect(one.verdict.findings.map(({ code }) => code)).toEqual(['not-arrived']);
  expect(one.readFailure).toBeNull();
  await route.close();
  await imap.close();
});
