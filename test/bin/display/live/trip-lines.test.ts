import { expect, test } from 'vitest';
import { openTripChanges } from '../../../../bin/display/live/trip-lines.ts';
import type { TripRecord } from '../../../../lambda/history/trips/trip-record.ts';
import type { MailboxRunReport } from '../../../../lambda/trip-run/trip-report.ts';

const NOTHING: MailboxRunReport = { sent: [], ended: [], owing: [], unread: [], failed: null };

function ended(trip: string): TripRecord {
  return {
    ...{ trip, id: 'message-000001', at: 0, vantage: 'local', isSecond: false, session: 1, read: null },
    ...{ readFailure: null, arrivals: [], known: [], version: 1 },
    sending: { outcome: 'accepted', at: 0, reply: '' },
    verdict: {
      ...{ outcome: 'pass', total: 1_000, longest: null },
      findings: [{ code: 'arrived', outcome: 'pass', detail: '' }],
    },
  };
}

test('a mailbox that cannot be read is named once, until it was read or the reason is another', () => {
  const changes = openTripChanges();
  const lines = (...mailboxes: readonly Partial<MailboxRunReport>[]) =>
    changes
      .next({ vantage: 'local', milliseconds: 1, mailboxes: mailboxes.map((one) => ({ ...NOTHING, ...one })) })
      .map(({ text }) => text);
  const [refused, other] = ['out, in: connect: connect-refused', 'junk: auth: auth-rejected'];
  expect(lines({ unread: [refused] }, { unread: [other] })).toEqual([
    `round trips: ${refused}`,
    `round trips: ${other}`,
  ]);
  expect(lines({ unread: [refused] }, {})).toEqual([]);
  expect(lines({ unread: ['out, in: auth: auth-rejected'] })).toEqual(['round trips: out, in: auth: auth-rejected']);
  expect(lines({ ended: [ended('out')] })).toEqual(['round trip out: arrived after 1 s']);
  expect(lines({ unread: ['out, in: auth: auth-rejected'] }, { unread: [other] })).toEqual([
    'round trips: out, in: auth: auth-rejected',
  ]);
});
