import { expect, test } from 'vitest';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { judgeTrip } from '../../lambda/consensus/trips/judge-trip.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { handOverTrips } from '../../lambda/judge/hand-over-trips.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { testPorts } from '../ports.ts';
import { roundTrip } from '../trip-run/world.ts';

const START = Date.parse('2026-11-26T13:00:00Z');

function failed(nth: number, vantage: string) {
  const finding = {
    ...{ code: 'late', detail: '324 s, limit 300 s; at least 310 s at mx1.example.com, before mx2.example.com' },
    ...{ meaning: 'The message arrived late.', hint: 'The delays of the hops show where it waited.' },
    evidence: ['+1 s mx1.example.com (ESMTPS)', '+310 s mx2.example.com (ESMTPS)'],
  };
  return { id: `trip-${nth}`, at: START + nth * 600_000, vantage, outcome: 'fail', findings: [finding] } as const;
}

async function world() {
  const notify = [{ kind: 'webhook', url: 'https://hooks.example.com/', when: ['trip'] }] as const;
  const made = testPorts([], { notify, roundTrips: [roundTrip(25, 993)] });
  const trips = openTripStore(openInMemoryTable());
  const first = judgeTrip({ trip: 'out', previous: null, ended: failed(0, 'eu-west-1'), vantages: 3, now: START });
  const told = judgeTrip({
    trip: 'out',
    previous: first,
    ended: failed(1, 'us-east-1'),
    vantages: 3,
    now: START + 700_000,
  });
  if (told === null) throw new Error('nothing is told');
  await trips.writeVerdict(told, 0);
  return { ...made, trips, ports: { ...made.ports, trips } };
}

test('an alert is handed over once, and then no longer owed', async () => {
  const { ports, alerts, trips } = await world();
  expect(await handOverTrips(ports)).toEqual({ told: 1, failed: [] });
  expect(await handOverTrips(ports)).toEqual({ told: 0, failed: [] });
  expect(alerts.map(({ kind }) => kind)).toEqual(['trip']);
  expect((await trips.verdict('out'))?.owed).toEqual([]);
});

test('what cannot be handed over stays owed', async () => {
  const { ports, trips } = await world();
  const deliveries = { ...ports.deliveries, make: () => Promise.reject(new Error('throttled')) };
  expect((await handOverTrips({ ...ports, deliveries })).failed).toEqual(['out']);
  expect((await trips.verdict('out'))?.owed).toHaveLength(1);
});

test('without round trips in the config, nothing is read', async () => {
  const { ports } = await world();
  const { roundTrips: _, ...config } = ports.config;
  const trips = { ...ports.trips, verdicts: () => Promise.reject(new Error('read')) };
  expect(await handOverTrips({ ...ports, config, trips })).toEqual({ told: 0, failed: [] });
});

test('an alert names the hop where the time went', async () => {
  const { ports, alerts } = await world();
  await handOverTrips(ports);
  const [alert] = alerts;
  if (alert === undefined) throw new Error('no alert');
  const texts = alertTexts(alert, { name: 'mail', home: 'us-east-1', targets: [] });
  expect(texts.email.split('\n')[0]).toBe(
    'round trip out: 324 s, limit 300 s; at least 310 s at mx1.example.com, before mx2.example.com (late), sent from eu-west-1 and us-east-1 since 13:00 UTC',
  );
  expect(texts.email).toContain('+310 s mx2.example.com (ESMTPS)');
  expect(texts.email).toContain('npx smtp-quorum roundtrip out');
  expect(texts.subject).toBe('[mail] NOT ARRIVING out: late');
  expect(JSON.parse(texts.https)).toMatchObject({ kind: 'trip', subject: 'out' });
});
