import { expect, test } from 'vitest';
import { monthStrip } from '../../../bin/display/report/month-strip.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { roundSpan } from '../../../lambda/reports/source/rounds.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { watchedSpans } from '../../../lambda/reports/uptime/watched-time.ts';
import { healthy, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const minute = 60_000;
const hour = 60 * minute;
const every = 10 * minute;
const start = Date.parse('2026-11-01T00:00:00Z');
const targets = ['always', 'added', 'removed'];

/** The targets of the config at a time; none while the monitor is off. */
function configAt(at: number): readonly string[] {
  const hours = (at - start) / hour;
  if (hours >= 60 && hours < 72.5) return [];
  return ['always', ...(hours >= 80.5 ? ['added'] : []), ...(hours < 30.5 ? ['removed'] : [])];
}

/** Rounds every ten minutes, rolled up every hour. */
async function recordHistory(until: number) {
  const clock = { now: start };
  const bytes = { read: 0 };
  const twin = openInMemoryTable(() => clock.now);
  const table: Table = {
    ...twin,
    query: async (pk, range) => {
      const found = await twin.query(pk, range);
      bytes.read += JSON.stringify(found).length;
      return found;
    },
  };
  const history = openHistory(table, { now: () => clock.now });
  for (; clock.now < start + until * hour; clock.now += every) {
    const samples = Object.fromEntries(configAt(clock.now).map((target) => [target, healthy]));
    if (Object.keys(samples).length > 0) await history.recordRound(roundOf('local', isoSeconds(clock.now), samples));
    if (clock.now % hour === 0) await history.rollUp({ vantages: ['local'], by: 'test', deadline: Infinity });
  }
  const store = { table, history, vantages: ['local'], targets };
  const span = { from: start, to: clock.now };
  bytes.read = 0;
  const watched = await watchedSpans(
    store,
    span,
    await roundSpan(store, isoSeconds(span.from), isoSeconds(span.to)),
    every,
  );
  return { span, watched, read: bytes.read };
}

test.each([96, 95.5])(
  'a target is watched from its first sample to its last, except hours without a sample: %f hours',
  async (until) => {
    const { span, watched, read } = await recordHistory(until);
    const hoursOf = (target: string) =>
      (watched.get(target) ?? []).map(({ from, to }) => [(from - start) / hour, (to - start) / hour]);
    expect(hoursOf('always')).toEqual([
      [0, 60],
      [72.5, until],
    ]);
    expect(hoursOf('added')).toEqual([[80.5, until]]);
    expect(hoursOf('removed')).toEqual([[0, 30.5]]);
    // It reads days instead of all their hours.
    expect(read).toBeLessThan(100_000);

    const removed = uptimeOf('removed', [], { span, watched: watched.get('removed') ?? [] }, 99);
    expect(removed).toMatchObject({ uptime: 100, unwatched: (until - 30.5) * hour });
    expect(removed.objective?.budget).toBe(0.305 * hour);
  },
);

test('the month strip shows days and parts of days that were not watched', async () => {
  const { span, watched } = await recordHistory(96);
  const strip = (target: string) =>
    monthStrip('2026-11', uptimeOf(target, [], { span, watched: watched.get(target) ?? [] }, null));
  const days = (target: string) => strip(target).match(/<g>.*?<\/g>/g) ?? [];
  expect(days('always')[0]).toContain('<title>2026-11-01: up</title><rect class="up" x="0" y="0" width="16"');
  expect(days('always')[2]).toContain('<title>2026-11-03: not watched 12 h</title><rect class="blank"');
  expect(days('always')[2]).toContain('<rect class="up" x="38" y="0" width="8"');
  expect(days('removed')[3]).toMatch(/<title>2026-11-04: not watched<\/title><rect class="blank"[^>]*\/><\/g>$/);
  expect(days('added')[0]).toContain('<title>2026-11-01: not watched</title>');
});

test('unwatched time is neither up nor down', () => {
  const span = { from: start, to: start + 10 * hour };
  const watched = [
    { from: start, to: start + 2 * hour },
    { from: start + 8 * hour, to: start + 10 * hour },
  ];
  const at = (hours: number) => isoSeconds(start + hours * hour);
  const incident = {
    id: `mx1@${at(1)}`,
    target: 'mx1',
    opened: at(1),
    closed: at(9),
    verdict: 'down' as const,
    witnesses: [],
    timeline: [
      { at: at(1), what: 'down: 2 of 3' },
      { at: at(9), what: 'up: 0 of 3' },
    ],
  };
  const { down, uptime, unwatched } = uptimeOf('mx1', [incident], { span, watched }, null);
  expect([down, uptime, unwatched]).toEqual([2 * hour, 50, 6 * hour]);
});

test('time to repair ends at the last recovery, not half an hour later', () => {
  const at = (minutes: number) => isoSeconds(start + minutes * minute);
  const flapped = {
    id: `mx1@${at(10)}`,
    target: 'mx1',
    opened: at(10),
    closed: at(70),
    verdict: 'down' as const,
    witnesses: [],
    timeline: [
      { at: at(10), what: 'down: 2 of 3' },
      { at: at(20), what: 'up: 0 of 3' },
      { at: at(30), what: 'down: 2 of 3' },
      { at: at(40), what: 'up: 0 of 3' },
      { at: at(70), what: 'up: 0 of 3; steady for 30 minutes' },
    ],
  };
  const span = { from: start, to: start + 2 * hour };
  const report = uptimeOf('mx1', [flapped], { span, watched: [span] }, null);
  expect([report.toRepair, report.down, report.outageList[0]?.to]).toEqual([
    30 * minute,
    20 * minute,
    start + 40 * minute,
  ]);
});
