import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HistoryShard, SHARD_VERSION } from '../../../lambda/reports/history-shards/shard.ts';
import { heatRounds, MOST_COLUMNS, placeAfterKey } from '../../../web/history/heat-rounds.ts';
import { incidentLink } from '../../../web/history/incident-link.ts';
import { CHART_RANGES, shardsOfRange } from '../../../web/history/ranges.ts';
import { linkToSession, sessionInLink } from '../../../web/history/session-link.ts';
import { shadedTimes } from '../../../web/history/shaded-times.ts';
import { incidentPath } from '../../../web/pages/paths.ts';
import { START, session } from './sessions.ts';

const HOUR = 3_600_000;

describe('the heat map', () => {
  const sessions = Array.from({ length: 300 }, (_, minute) => session(minute));

  test('has the newest rounds until a time, and a row for each vantage, also without a session', () => {
    const { rounds, rows } = heatRounds(sessions, START + 250 * 60_000, ['us-east-1', 'eu-west-1']);
    expect(rounds).toHaveLength(MOST_COLUMNS);
    expect(rounds.at(-1)).toBe(START + 250 * 60_000);
    expect(rows.map(({ vantage, cells }) => [vantage, cells.filter((cell) => cell !== null).length])).toEqual([
      ['us-east-1', 0],
      ['eu-west-1', MOST_COLUMNS],
    ]);
    expect(rows[1]?.cells.at(-1)?.at).toBe(rounds.at(-1));
  });

  test('keys never lead out of it, and other keys lead nowhere', () => {
    const heat = heatRounds(sessions, Number.POSITIVE_INFINITY, ['a', 'eu-west-1', 'b']);
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys)), (pressed) => {
        let place: readonly [number, number] = [0, 0];
        for (const key of pressed) place = placeAfterKey(key, place, heat) ?? place;
        expect(heat.rows[place[0]]?.cells[place[1]]).not.toBeUndefined();
      }),
    );
    expect(placeAfterKey('Tab', [0, 0], heat)).toBeNull();
    expect(placeAfterKey('ArrowRight', [1, 3], heat)).toEqual([1, 4]);
    expect(placeAfterKey('End', [0, 0], heat)).toEqual([0, MOST_COLUMNS - 1]);
  });
});

describe('the link of a session', () => {
  test('names what it was made of, whatever the vantage is called', () => {
    const name = fc.record({
      round: fc.constantFrom('2026-11-22T05:08:00Z', '2026-11-22T05:08:31.042817263Z'),
      vantage: fc.string({ minLength: 1, unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(name, fc.option(name), (one, other) => {
        const link = { session: one, other };
        expect(sessionInLink(linkToSession(link))).toEqual(link);
      }),
    );
  });

  test.each([
    '',
    '#',
    '#session=',
    '#session=now,x',
    '#session=2026-11-22T05:08:00Z,',
    '#session=2026-99-22T05:08:00Z,x',
    '#session=2026-11-22T05:08:00Z,%',
  ])('%s names none', (hash) => {
    expect(sessionInLink(hash)).toBeNull();
  });
});

test('the page of an incident is where its path says, if the link is known', () => {
  const names = fc.stringMatching(/^[A-Za-z0-9._/ -]{1,12}$/);
  fc.assert(
    fc.property(names, (target) => {
      const id = `${target}@2026-11-22T06:09:48Z`;
      const link = incidentLink(id);
      expect(link === null || link === incidentPath(id)).toBe(true);
      expect(link !== null).toBe(/^[A-Za-z0-9._-]+$/.test(target));
    }),
  );
});

test('shards of a range: hours of today are read as rounds', () => {
  const now = Date.parse('2026-11-26T10:00:00Z');
  const names = CHART_RANGES.map((range) =>
    shardsOfRange(range, now, now - 3 * HOUR).map(({ grain, first }) => `${grain} ${first}`),
  );
  expect(names[1]).toEqual(['round 2026-11-25', 'round 2026-11-26']);
  expect(names[2]).toEqual(['hour 2026-11-17', 'hour 2026-11-25', 'round 2026-11-25', 'round 2026-11-26']);
  expect(names[3]).toEqual(['2026-08', '2026-09', '2026-10', '2026-11'].map((month) => `day ${month}-01`));
  expect(names[4]).toHaveLength(14);
});

test.each<[string, number, string, number, readonly string[]]>([
  ['three hours of the page itself', 0, '10:00', 180, []],
  ['which was written a moment later', 0, '10:00', 179, []],
  ['20 minutes of a large fleet', 0, '10:00', 20, ['2026-11-26']],
  ['which began on the day before', 0, '01:00', 20, ['2026-11-25', '2026-11-26']],
  ['of which all is after midnight', 0, '00:30', 30, ['2026-11-25']],
  ['a day, of which the page has today', 1, '02:00', 180, ['2026-11-25']],
])('rounds before those of the page: %s', (_, nth, clock, minutes, days) => {
  const now = Date.parse(`2026-11-26T${clock}:00Z`);
  const [range] = CHART_RANGES.slice(nth);
  if (range === undefined) throw new Error('there is no such range');
  const shards = shardsOfRange(range, now, now - minutes * 60_000);
  expect(shards).toEqual(days.map((first) => ({ grain: 'round', first })));
});

test('what is shaded: each once, as the newest shard knows it, within the time', () => {
  const shard = (incidents: HistoryShard['incidents'], windows: HistoryShard['windows'] = []): HistoryShard => ({
    version: SHARD_VERSION,
    target: 'mx1',
    from: '2026-11-22T00:00:00Z',
    to: '2026-11-23T00:00:00Z',
    incidents,
    windows,
    grain: 'round',
    hours: [],
    omitted: 0,
  });
  const incident = { id: 'mx1@a', from: '2026-11-22T02:00:00Z', to: null, verdict: 'down' as const };
  const window = { kind: 'window' as const, from: '2026-11-22T01:00:00Z', to: '2026-11-22T03:00:00Z', why: 'updates' };
  const shards = [
    shard([incident], [window]),
    shard([{ ...incident, to: '2026-11-22T02:30:00Z' }], [window]),
    shard([incident]),
  ];
  expect(
    shadedTimes(shards, START, START + 86_400_000).map(({ words, from, to }) => [
      words,
      from - START,
      to && to - START,
    ]),
  ).toEqual([
    ['Maintenance: updates', 3_600_000, 10_800_000],
    ['Incident, down', 7_200_000, 9_000_000],
  ]);
  expect(shadedTimes(shards, START + 12_000_000, START + 86_400_000)).toEqual([]);
});
