import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannedTime } from '../../../lambda/calendar/planned-time.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { nextWindows } from '../../../lambda/reports/planned/next-windows.ts';
import { plannedAtOpening, plannedOf, readPlannedTimes } from '../../../lambda/reports/planned/planned-times.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-22T00:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const iso = (minute: number) => new Date(START + minute * MINUTE).toISOString().replace('.000', '');

function outage(from: number, to: number): Incident {
  return {
    id: `mx1@${iso(from)}`,
    target: 'mx1',
    opened: iso(from),
    closed: iso(to),
    verdict: 'down',
    witnesses: [],
    timeline: [
      { at: iso(from), what: 'down: 2 of 3 entitled vantages voted down, quorum 2' },
      { at: iso(to), what: 'up: 0 of 3 entitled vantages voted down, quorum 2' },
    ],
  };
}

const minutes = fc.integer({ min: -60, max: 1500 });
const spans = fc.array(
  fc.record({ from: minutes, length: fc.integer({ min: 1, max: 600 }) }).map(({ from, length }, at = 0) => ({
    kind: 'window' as const,
    id: `w${at}`,
    why: 'x',
    from: START + from * MINUTE,
    to: START + (from + length) * MINUTE,
  })),
  { maxLength: 4 },
);
const span = { from: START, to: START + DAY };

test('planned time is a part of up, down and unwatched, counted minute by minute', () => {
  const outages = fc
    .record({ from: fc.integer({ min: 0, max: 700 }), length: fc.integer({ min: 1, max: 600 }) })
    .map(({ from, length }) => ({ from, to: from + length }));
  const seen = fc.record({ from: fc.integer({ min: 0, max: 300 }), length: fc.integer({ min: 60, max: 1100 }) });
  fc.assert(
    fc.property(outages, seen, spans, ({ from, to }, { from: first, length }, planned) => {
      const watched = [{ from: START + first * MINUTE, to: START + (first + length) * MINUTE }];
      const report = uptimeOf('mx1', [outage(from, to)], { span, watched, planned }, null);
      const states = Array.from({ length: 1440 }, (_, minute) => {
        const at = START + minute * MINUTE;
        const isPlanned = planned.some((one) => one.from <= at && one.to > at);
        return { state: report.stretches.find((one) => one.from <= at && one.to > at)?.state, isPlanned };
      });
      expect(report.up + report.down + report.unwatched).toBe(DAY);
      const count = (state: string, isPlanned: boolean) =>
        states.filter((one) => one.state === state && one.isPlanned === isPlanned).length;
      if (!states.some(({ isPlanned }) => isPlanned)) {
        expect(report.planned).toBeNull();
        return;
      }
      expect(report.planned).toMatchObject({
        up: (count('up', true) + count('degraded', true)) * MINUTE,
        down: count('down', true) * MINUTE,
        unwatched: count('unwatched', true) * MINUTE,
      });
      const [up, down] = [count('up', false), count('down', false)];
      if (up + down === 0) expect(report.planned?.uptimeOutside).toBeNull();
      else expect(report.planned?.uptimeOutside).toBeCloseTo((up / (up + down)) * 100, 6);
    }),
    { numRuns: 200 },
  );
});

test('an outage that began in a window is marked with it', () => {
  const planned = [
    { kind: 'window' as const, id: 'patches', why: 'x', from: START + 60 * MINUTE, to: START + 120 * MINUTE },
  ];
  const report = uptimeOf('mx1', [outage(30, 40), outage(110, 150)], { span, watched: [span], planned }, null);
  expect(report.outageList.map(({ planned }) => planned)).toEqual([null, 'patches']);
  expect(report.planned).toMatchObject({ down: 10 * MINUTE, up: 50 * MINUTE });
  expect([report.uptime, report.planned?.uptimeOutside]).toEqual([(1390 / 1440) * 100, (1340 / 1380) * 100]);
});

describe('what was planned is read of the history', () => {
  const patches: PlannedTime = {
    kind: 'window',
    id: 'patches',
    why: 'x',
    from: START - 30 * DAY,
    until: START + DAY,
    subjects: ['mx1'],
  };
  const mute: PlannedTime = {
    ...patches,
    kind: 'mute',
    id: 'mute-1',
    from: START + 10,
    until: START + 20,
    subjects: null,
  };

  test('also one that began long before, and not one that ended', async () => {
    const table = openInMemoryTable();
    const store = openWindowStore(table);
    for (const planned of [patches, mute, { ...patches, id: 'over', until: START }]) await store.keep(planned);
    const read = await readPlannedTimes({ table }, { from: START, to: START + 15 });
    expect(read).toEqual([patches, mute]);
    expect(plannedOf(read, 'mx1').map(({ id }) => id)).toEqual(['patches', 'mute-1']);
    expect(plannedOf(read, 'mx2').map(({ id }) => id)).toEqual(['mute-1']);
    expect(plannedAtOpening(read, { target: 'mx1', opened: iso(1) })?.id).toBe('patches');
    expect(plannedAtOpening(read, { target: 'mx1', opened: iso(1440) })).toBeNull();
  });
});

test('the next time of each window, soonest first', () => {
  const window = { why: 'x', grace: 0 };
  const sunday = { on: { kind: 'weekdays', days: [7] }, at: 60, end: { to: 120 } } as const;
  const last = { on: { kind: 'date', date: 31 }, at: 60, end: { to: 120 } } as const;
  const windows = [
    { ...window, id: 'monthly', times: { kind: 'recurring', zone: 'UTC', starts: [last] } },
    { ...window, id: 'weekly', times: { kind: 'recurring', zone: 'UTC', starts: [sunday] } },
    { ...window, id: 'passed', times: { kind: 'once', from: START - 2, until: START - 1 } },
    { ...window, id: 'once', times: { kind: 'once', from: START + 400 * DAY, until: START + 401 * DAY } },
  ] as const;
  // A window that is in force is listed as that, and here with its next time.
  const found = nextWindows(windows, START + 90 * MINUTE).map(({ id, from }) => [
    id,
    new Date(from).toISOString().slice(0, 16),
  ]);
  expect(found).toEqual([
    ['weekly', '2026-11-29T01:00'],
    ['monthly', '2026-12-31T01:00'],
    ['once', '2027-12-27T00:00'],
  ]);
});
