import { expect, test } from 'vitest';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { openTroubleLines } from '../../../bin/display/roundtrip/open-troubles.ts';
import { judgeTrip, withdrawTrip } from '../../../lambda/consensus/trips/judge-trip.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import { openTroubles } from '../../../lambda/reports/trips/open-troubles.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-26T13:00:00Z');

test('status names round trips and senders in trouble, until it is over', async () => {
  const table = openInMemoryTable(() => START);
  const [trips, bounces] = [openTripStore(table), openBounceHistory(table, { now: () => START })];
  expect(await openTroubles({ table })).toEqual([]);
  const finding = { code: 'late', detail: '324 s', meaning: 'm', hint: 'h', evidence: [] };
  const ended = (nth: number) =>
    ({ id: `trip-${nth}`, at: START + nth, vantage: 'local', outcome: 'fail', findings: [finding] }) as const;
  const question = { trip: 'out', vantages: 1, now: START };
  const first = judgeTrip({ ...question, previous: null, ended: ended(0) });
  const told = judgeTrip({ ...question, previous: first, ended: ended(1) });
  if (told === null) throw new Error('nothing is told');
  await trips.writeVerdict(told, 0);
  const rate = { metric: 'bounces', provider: 'Microsoft', outcome: 'fail', code: '5.7.515' } as const;
  const since = '2026-11-26T12:00:00Z';
  await bounces.writeVerdict(
    {
      ...{ domain: 'example.com', since, alerts: 1, lastAlert: since, owed: [] },
      rates: [{ ...rate, since }],
      episode: { id: `example.com/bounces@${since}`, opened: since },
    },
    0,
  );
  const troubles = await openTroubles({ table });
  expect(openTroubleLines(troubles, { now: START, utc: true }, screenOf({}, {}))).toEqual([
    expect.stringMatching(/^round trip out: late, since .*13:00/),
    expect.stringMatching(/^mail of example\.com: bounces at Microsoft 5\.7\.515, since .*12:00/),
  ]);
  await trips.writeVerdict(withdrawTrip(told, START), 1);
  expect((await openTroubles({ table })).map(({ subject }) => subject)).toEqual(['example.com']);
});
