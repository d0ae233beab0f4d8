import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { tripHistoryAsCsv, tripHistoryAsJson, tripHistoryLines } from '../../../bin/display/report/trip-history.ts';
import { TRIP_TITLES, tripFigureTexts, tripLines, tripsJson } from '../../../bin/display/report/trip-section.ts';
import { type TripRecord, tripItem, tripOf } from '../../../lambda/history/trips/trip-record.ts';
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import { readTripReport, tripFigures } from '../../../lambda/reports/trips/trip-report.ts';
import { TRIP_CODES, type TripCode } from '../../../lambda/trip/verdict/trip-codes.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-26T13:00:00Z');
const MINUTE = 60_000;
const EVERY = 10 * MINUTE;

/** A trip that came to this; `under way` has no verdict. */
function record(at: number, code: TripCode | 'under way', total: number | null = null): TripRecord {
  const hop = {
    ...{ host: 'mx.example.net', from: null, fromAddress: null, protocol: 'ESMTPS', id: null, at: at + 500 },
    ...{ delay: total, tls: true, acceptedByUs: true, clocksDisagree: false, plaintext: false },
  };
  const arrival = {
    ...{ seen: at + (total ?? 0), absent: null, folder: 'inbox' as const, hops: [hop] },
    ...{ results: {}, alterations: [], signatures: [] },
  };
  const verdict =
    code === 'under way'
      ? null
      : {
          outcome: TRIP_CODES[code].outcome,
          findings: [{ code, outcome: TRIP_CODES[code].outcome, detail: '' }],
          total,
        };
  return {
    ...{ trip: 'out', id: `message-${at}`, at, vantage: 'us-east-1', isSecond: false, session: 120, known: [] },
    sending: { outcome: 'accepted', at, reply: '2.0.0 queued as 4XyZ123' },
    ...{ read: null, readFailure: null, version: 1 },
    arrivals: total === null ? [] : [arrival],
    verdict: verdict === null ? null : { ...verdict, longest: null },
  } as TripRecord;
}

const SOME: readonly TripRecord[] = [
  record(START, 'arrived', 2_000),
  record(START + 10 * MINUTE, 'not-arrived'),
  record(START + 20 * MINUTE, 'late', 400_000),
  record(START + 30 * MINUTE, 'junked', 4_000),
  record(START + 40 * MINUTE, 'arrived', 3_000),
  record(START + 50 * MINUTE, 'receiver-unreachable'),
];
const HOUR: { readonly from: number; readonly to: number } = { from: START, to: START + 60 * MINUTE };

describe('the figures of a round trip', () => {
  const figures = tripFigures('out', SOME, EVERY, HOUR);

  test('count what became of the messages', () => {
    expect(figures.counts).toEqual({
      ...{ trips: 6, arrived: 4, late: 1, junked: 1, altered: 0, lost: 1, refused: 0, unable: 1, underWay: 0 },
    });
    expect(figures.total).toEqual([3_000, 400_000, 400_000]);
    expect(figures.hops).toEqual([{ host: 'mx.example.net', count: 4, delay: [3_000, 400_000, 400_000] }]);
    expect(figures.last.map(({ at }) => (at - START) / MINUTE)).toEqual([50, 40, 30, 20, 10]);
  });

  test('are down from the first of two failed ones to one that arrives', () => {
    expect(figures.troubles).toEqual([{ from: START + 10 * MINUTE, to: START + 40 * MINUTE }]);
    expect(figures).toMatchObject({ up: 30 * MINUTE, down: 30 * MINUTE, unwatched: 0 });
  });

  test('one failed message is no trouble; what is unable makes time unwatched', () => {
    const trips = [record(START, 'junked', 1_000), record(START + 10 * MINUTE, 'arrived', 1_000)];
    expect(tripFigures('out', trips, EVERY, HOUR)).toMatchObject({
      ...{ up: 30 * MINUTE, down: 0, unwatched: 30 * MINUTE, troubles: [] },
    });
  });

  test('are the same in text and JSON', () => {
    expect(tripLines(figures)).toEqual([
      'out: 4 of 6 messages arrived; late 1, junked 1, lost 1, unable 1',
      '  to the mailbox: p50 3 s, p95 400 s, p99 400 s',
      '  until mx.example.net had it: p50 3 s, p95 400 s, p99 400 s (4)',
      '  down for 30 min; unwatched never',
      '  trouble from 2026-11-26T13:10:00Z to 2026-11-26T13:40:00Z (30 min)',
      '  2026-11-26T13:50:00Z receiver-unreachable from us-east-1',
      '  2026-11-26T13:40:00Z arrived from us-east-1, after 3 s',
      '  2026-11-26T13:30:00Z junked from us-east-1, after 4 s',
      '  2026-11-26T13:20:00Z late from us-east-1, after 400 s',
      '  2026-11-26T13:10:00Z not-arrived from us-east-1',
    ]);
    expect(tripFigureTexts(figures)).toHaveLength(TRIP_TITLES.length);
    expect(tripsJson([figures])).toMatchObject([
      { trip: 'out', total: { p50: 3_000 }, troubles: [{ from: '2026-11-26T13:10:00Z' }], up: 1_800_000 },
    ]);
  });
});

const CODES = [...(Object.keys(TRIP_CODES) as TripCode[]), 'under way' as const];
const anyTrips = fc
  .array(fc.tuple(fc.integer({ min: -60, max: 180 }), fc.constantFrom(...CODES)), { maxLength: 25 })
  .map((all) => all.map(([minute, code]) => record(START + minute * MINUTE, code, 1_000)).sort((a, b) => a.at - b.at));

test('up, down and unwatched are the span, and trouble is what is down', () => {
  fc.assert(
    fc.property(
      anyTrips,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 9_999_999 }),
      (trips, every, to) => {
        const span = { from: START + 123, to: START + 123 + to };
        const { up, down, unwatched, troubles } = tripFigures('out', trips, every * MINUTE, span);
        const whole = Math.floor(span.to / 1000) * 1000 - Math.floor(span.from / 1000) * 1000;
        expect(up + down + unwatched).toBe(whole);
        expect(Math.min(up, down, unwatched)).toBeGreaterThanOrEqual(0);
        expect(troubles.reduce((sum, one) => sum + one.to - one.from, 0)).toBe(down);
      },
    ),
  );
});

test('the report reads the table, with those of the config and those that were removed from it', async () => {
  const table = openInMemoryTable(() => START);
  const store = openTripStore(table);
  for (const one of SOME) await store.writeTrip({ ...one, version: 0 });
  const mailbox = { day: '', sent: 0, last: { out: START, silent: 1 }, open: [], second: {}, look: null, version: 0 };
  await store.writeMailbox('a mailbox', mailbox);
  const config = { roundTrips: [{ id: 'fresh', every: EVERY }] } as never;
  const report = await readTripReport({ table, config }, HOUR);
  expect(report.map(({ trip, counts }) => [trip, counts.trips])).toEqual([
    ['fresh', 0],
    ['out', 6],
  ]);
  expect(report[0]).toMatchObject({ up: 0, down: 0, unwatched: 60 * MINUTE });
  expect(report[1]).toMatchObject({ down: 30 * MINUTE });
});

describe('the history of a round trip', () => {
  const screen = screenOf({ isTTY: true, columns: 100 }, { LANG: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' });
  const clock = { now: START, utc: true };
  const stored = SOME.map((one) => tripOf(tripItem(one)));

  test('has a line for each message, and the picture of its hops', () => {
    const plain = tripHistoryLines('out', stored, false, clock, screen);
    expect(plain.some((line) => /fail +400 s +inbox/.test(line))).toBe(true);
    expect(plain.join('\n')).not.toContain('mx.example.net');
    const pictures = tripHistoryLines('out', stored, true, clock, screen);
    expect(pictures.filter((line) => line.includes('mx.example.net'))).toHaveLength(4);
    expect(pictures.filter((line) => line.includes('seen in the mailbox'))).toHaveLength(4);
    expect(Math.max(...pictures.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(tripHistoryLines('out', [], true, clock, screen)).toEqual(['no message of the round trip out in this time']);
  });

  test('as JSON and CSV', () => {
    const lines = tripHistoryAsJson(stored).trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      ...{ trip: 'out', outcome: 'fail', total: 400_000, folder: 'inbox', hops: [{ host: 'mx.example.net' }] },
    });
    expect(tripHistoryAsCsv(stored)).toContain(
      'out,2026-11-26T13:10:00Z,message-1795698600000,us-east-1,fail,not-arrived,,\n',
    );
  });
});
