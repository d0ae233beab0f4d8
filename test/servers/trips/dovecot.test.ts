/** Round trips into a real mailbox: Dovecot's IMAP and POP3, behind a mail server on loopback. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import { runOneTrip } from '../../../lambda/trip-run/one-trip.ts';
import { type MailRoute, openMailRoute } from '../../trip-run/mail-route.ts';
import { roundTrip } from '../../trip-run/world.ts';
import { type DovecotMailbox, missingDovecotMailbox, startDovecotMailbox } from '../dovecot-mailbox.ts';
import { makeOptions, WORLD } from '../server.ts';
import { unexpectedLines } from './log-reasons.ts';

describe.skipIf(missingDovecotMailbox() !== null)('a round trip into Dovecot', () => {
  let options: Awaited<ReturnType<typeof makeOptions>>;
  let dovecot: DovecotMailbox;
  let route: MailRoute;

  beforeAll(async () => {
    options = await makeOptions();
    dovecot = await startDovecotMailbox(options);
    route = await openMailRoute({ put: (_, raw) => void dovecot.deliver(raw.toString('latin1')) });
  });

  afterAll(async () => {
    await route?.close();
    await dovecot?.stop();
    await options?.remove();
  });

  test.each(['imap', 'imaps', 'pop3', 'pop3s'] as const)('by %s arrives, and is removed', async (door) => {
    const base = roundTrip(route.port, dovecot.ports[door]);
    const receive = {
      ...base.receive,
      protocol: door.startsWith('imap') ? ('imap' as const) : ('pop3' as const),
      security: door.endsWith('s') ? ('tls' as const) : ('starttls' as const),
      insecure: true,
      junk: door.startsWith('imap'),
    };
    const request = {
      trip: { ...base, receive, expect: { folder: 'inbox' as const, unchanged: true } },
      ehloName: 'probe.example.com',
      password: null,
      login: { user: WORLD.user, password: WORLD.password },
      key: 'a key of thirty-two characters!!',
    };
    const ports = { openMailbox, now: Date.now, sleep: (ms: number) => sleep(ms), newId: () => `trip-of-${door}-01` };
    const one = await runOneTrip(request, ports);
    expect(one.readFailure).toBeNull();
    expect(one.verdict).toMatchObject({ outcome: 'pass', findings: [{ code: 'arrived' }] });
    expect(one.arrivals).toMatchObject([{ folder: 'inbox', alterations: [] }]);
    const credentials = { user: WORLD.user, password: WORLD.password };
    const session = await openMailbox(receive, credentials);
    expect((await session.select('INBOX')).messages).toBe(0);
    await session.end();
    expect(dovecot.log().filter((line) => /error|panic|unknown command/i.test(line))).toEqual([]);
    expect(unexpectedLines('Dovecot', dovecot.log())).toEqual([]);
  });
});
