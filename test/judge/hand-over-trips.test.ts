import { describe, expect, test } from 'vitest';
import { lineOf } from '../../lambda/alert/delivery/line.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { judgeTrip, withdrawTrip } from '../../lambda/consensus/trips/judge-trip.ts';
import { isAlert } from '../../lambda/history/packing/judgement-item.ts';
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

describe('a round trip that is no longer in the config', () => {
  test.each([
    ['with others', [{ ...roundTrip(25, 993), id: 'other' }]],
    ['the last one', undefined],
  ])('is withdrawn once, with an alert for what is open: %s', async (_, roundTrips) => {
    const { ports, alerts, trips } = await world();
    const { roundTrips: before, ...config } = ports.config;
    const after = { ...ports, config: roundTrips === undefined ? config : { ...config, roundTrips } };
    expect(before).toHaveLength(1);
    expect(await handOverTrips(after)).toEqual({ told: 2, failed: [] });
    const stored = await trips.verdict('out');
    expect(stored).toMatchObject({ failed: [], arrived: [], episode: null, owed: [], alerts: 2 });
    expect(await handOverTrips(after)).toEqual({ told: 0, failed: [] });
    expect(await trips.verdict('out')).toEqual(stored);
    expect(alerts.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['trip', '2 trips in a row failed, sent from eu-west-1 and us-east-1'],
      ['trip-over', 'withdrawn: the round trip is no longer in the config'],
    ]);
    const [, end] = alerts;
    if (end === undefined) throw new Error('no alert');
    const texts = alertTexts(end, { name: 'mail', home: 'us-east-1', targets: [] });
    expect(texts.default).toBe(
      'round trip out: late is no longer watched: withdrawn: the round trip is no longer in the config',
    );
    expect(texts.subject).toBe('[mail] WITHDRAWN out: late');
  });

  test('with one failed trip begins anew when it is back', () => {
    const first = judgeTrip({ trip: 'out', previous: null, ended: failed(0, 'a'), vantages: 2, now: START });
    if (first === null) throw new Error('no verdict');
    const gone = withdrawTrip(first, START);
    expect(gone).toMatchObject({ failed: [], owed: [] });
    expect(withdrawTrip(gone, START)).toBe(gone);
  });
});

describe('news of a round trip', () => {
  test('are in a field of their own, and in the one that version 0.1 reads', async () => {
    const { trips } = await world();
    const [alert] = (await trips.verdict('out'))?.owed ?? [];
    expect(alert?.trip?.findings.map(({ code }) => code)).toEqual(['late']);
    expect(alert?.posture).toEqual(alert?.trip);
  });

  test.each(['trip', 'posture'] as const)('are the same words if only `%s` is stored', async (kept) => {
    const { ports, alerts } = await world();
    await handOverTrips(ports);
    const [alert] = alerts;
    if (alert === undefined) throw new Error('no alert');
    const { trip, posture, ...others } = alert;
    const context = { name: 'mail', home: 'us-east-1', targets: [] };
    const one = { ...others, ...(kept === 'trip' ? { trip } : { posture }) } as Alert;
    expect(isAlert(one)).toBe(true);
    expect(lineOf(one)).toBe(lineOf(alert));
    expect(alertTexts(one, context)).toEqual(alertTexts(alert, context));
    const document = JSON.parse(alertTexts(one, context).https);
    expect(document.trip).toMatchObject({ findings: [{ code: 'late' }] });
    expect(document.posture).toEqual(document.trip);
  });

  test('that are damaged are no alert', async () => {
    const { trips } = await world();
    const [alert] = (await trips.verdict('out'))?.owed ?? [];
    expect(isAlert({ ...alert, trip: { findings: 'x' } })).toBe(false);
  });
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
