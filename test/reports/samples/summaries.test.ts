import { expect, test } from 'vitest';
import { summariesAsCsv } from '../../../bin/display/tables/history-formats.ts';
import { gapLines } from '../../../bin/display/tables/history-gaps.ts';
import { summaryRows } from '../../../bin/display/tables/hour-and-day-summaries.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { targetKey } from '../../../lambda/history/table/keys.ts';
import { readSummaries } from '../../../lambda/reports/samples/summaries.ts';
import { gapsWithin } from '../../../lambda/reports/source/select-gaps-in-range.ts';
import { observedTime } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { healthy, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const start = Date.parse('2026-11-01T00:00:00Z');
const hour = 3_600_000;

/** A round every half hour, kept for two days, and a rollup every hour except from hour 30 to 250. */
async function recordHistory(until: number) {
  const clock = { now: start };
  const twin = openInMemoryTable(() => clock.now);
  const history = openHistory(twin, { now: () => clock.now, roundDays: 2 });
  for (; clock.now < start + until * hour; clock.now += hour / 2) {
    await history.recordRound(roundOf('local', isoSeconds(clock.now), { mx1: healthy }));
    const at = (clock.now - start) / hour;
    if (at < 30 || at >= 250) await history.rollUp({ vantages: ['local'], by: 'test', deadline: Infinity });
  }
  const query = { target: 'mx1', vantages: ['local'], since: isoSeconds(start), until: isoSeconds(clock.now) };
  return { twin, history, store: { table: twin, history }, query };
}

test('days at the edges of a gap have their number of hours, days within the gap are missing', async () => {
  const { history, store, query } = await recordHistory(260.5);
  const days = await readSummaries(store, query, 'day');
  // The gap ends two days before the rollup that found it, when the oldest round had just expired. The last day has not ended.
  expect(days.map(({ span, hours }) => [span.slice(8), hours])).toEqual([
    ['01', undefined],
    ['02', 5],
    ['09', 14],
    ['10', undefined],
    ['11', 21],
  ]);
  expect(days.map(({ vantages }) => vantages.local?.counts.pass)).toEqual([48, 10, 27, 48, 41]);
  const day = start + 24 * hour;
  const watched = { from: start, to: day + 5 * hour };
  const rows = summaryRows(days, ['local'], observedTime({ from: start, to: start + 260.5 * hour }, [watched], []));
  expect(rows[1]).toMatchObject({ from: '2026-11-02T00:00:00Z', hours: 5, unwatched: 19 * 3600 });
  const [header, first, second] = summariesAsCsv(rows).split('\n');
  expect(header).toMatch(/,p99,hours,unwatched$/);
  expect([first, second]).toEqual([
    '2026-11-01T00:00:00Z,mx1,local,48,0,0,0,111,111,111,,0',
    '2026-11-02T00:00:00Z,mx1,local,10,0,0,0,111,111,111,5,68400',
  ]);
  const gaps = await history.gaps();
  expect(gapLines(gaps, { now: 0, utc: true })).toEqual([
    'no history from 2026-11-02 05:00:00 UTC to 2026-11-09 10:00:00 UTC: its rounds, if any, expired before the rollup',
  ]);
  expect(gapsWithin(gaps, '2026-11-09T10:00:00Z', '2026-11-20T00:00:00Z')).toEqual([]);
  expect(gapsWithin(gaps, '2026-11-02T04:00:00Z', '2026-11-02T05:00:00Z')).toEqual(gaps);
});

test('a day without an item is computed from its samples', async () => {
  const { twin, history, store, query } = await recordHistory(30);
  const whole = await readSummaries(store, query, 'day');
  (twin.stored as Map<string, unknown>).delete(JSON.stringify([targetKey.pk('mx1'), targetKey.day('2026-11-01')]));
  expect(await history.days('mx1', query.since)).toEqual([]);
  // A day item also has phases, which the rows do not show.
  expect(summaryRows(await readSummaries(store, query, 'day'), ['local'], [])).toEqual(
    summaryRows(whole, ['local'], []),
  );
});
