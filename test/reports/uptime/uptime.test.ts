import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { clipSpans, lengthOfSpans } from '../../../lambda/history/rollup/merge-and-clip-time-spans.ts';
import { observedTime } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { daysOf } from '../../../lambda/reports/uptime/days.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { verdictPeriods } from '../../../lambda/reports/uptime/verdict-periods.ts';
import { incidentOf, minute, start, watched } from './incidents.ts';

const minutesDown = (incidents: readonly Incident[]) => uptimeOf('mx1', incidents, watched, null).down / minute;

describe('downtime', () => {
  test.each<[string, Incident[], number]>([
    ['none', [], 0],
    [
      'from the first failure to the end',
      [
        incidentOf(10, [
          [11, 'down'],
          [20, 'up'],
        ]),
      ],
      10,
    ],
    ['of an open incident, until the end of the report', [incidentOf(990, [[991, 'down']])], 10],
    [
      'without the degraded part',
      [
        incidentOf(10, [
          [11, 'down'],
          [20, 'degraded'],
          [30, 'up'],
        ]),
      ],
      10,
    ],
    [
      'not before the verdict down',
      [
        incidentOf(10, [
          [11, 'degraded'],
          [20, 'down'],
          [30, 'up'],
        ]),
      ],
      10,
    ],
    [
      'without the part before the report',
      [
        incidentOf(-30, [
          [-29, 'down'],
          [5, 'up'],
        ]),
      ],
      5,
    ],
    [
      'of every outage',
      [
        incidentOf(10, [
          [10, 'down'],
          [11, 'up'],
        ]),
        incidentOf(20, [
          [20, 'down'],
          [22, 'up'],
        ]),
      ],
      3,
    ],
    [
      'not with the verdict unknown',
      [
        incidentOf(10, [
          [10, 'unknown'],
          [30, 'up'],
        ]),
      ],
      0,
    ],
  ])('%s', (_, incidents, minutes) => expect(minutesDown(incidents)).toBe(minutes));
});

test('time without a verdict is unwatched, and does not count in the uptime share', () => {
  const incidents = [
    incidentOf(0, [
      [0, 'unknown'],
      [500, 'up'],
    ]),
    incidentOf(500, [
      [500, 'down'],
      [550, 'up'],
    ]),
  ];
  const { uptime, unwatched } = uptimeOf('mx1', incidents, watched, null);
  expect([uptime, unwatched]).toEqual([90, 500 * minute]);
});

test('an objective has a budget, the rest of it, and its burn', () => {
  const { objective } = uptimeOf(
    'mx1',
    [
      incidentOf(0, [
        [0, 'down'],
        [5, 'up'],
      ]),
    ],
    watched,
    99,
  );
  expect(objective?.budget).toBeCloseTo(10 * minute);
  expect(objective?.remaining).toBeCloseTo(5 * minute);
  expect(objective?.burn).toBeCloseTo(0.5);
});

test('mean times to detect and to repair, and the worst hours', () => {
  const incidents = [
    incidentOf(10, [
      [12, 'down'],
      [20, 'up'],
    ]),
    incidentOf(118, [
      [122, 'down'],
      [138, 'up'],
    ]),
  ];
  const { toDetect, toRepair, outages, worstHours } = uptimeOf('mx1', incidents, watched, null);
  expect([toDetect, toRepair, outages]).toEqual([3 * minute, 15 * minute, 2]);
  expect(worstHours).toEqual([
    { from: start + 120 * minute, down: 18 * minute },
    { from: start, down: 10 * minute },
    { from: start + 60 * minute, down: 2 * minute },
  ]);
});

test('the periods of an incident have no gap and no overlap', () => {
  const verdicts = fc.constantFrom('degraded' as const, 'down' as const, 'unknown' as const, 'up' as const);
  const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), verdicts), { minLength: 1 });
  fc.assert(
    fc.property(changes, (unsorted) => {
      const sorted = unsorted.sort(([a], [b]) => a - b);
      const incident = incidentOf(0, sorted);
      const now = start + 600 * minute;
      const periods = verdictPeriods(incident, now);
      for (const [index, { from }] of periods.entries()) expect(from).toBe(periods[index - 1]?.to ?? start);
      const all = (['up', 'degraded', 'down', 'unknown'] as const).map((verdict) =>
        lengthOfSpans(periods.filter((period) => period.verdict === verdict)),
      );
      const end = incident.closed === null ? now : Date.parse(incident.closed);
      expect(all.reduce((sum, length) => sum + length, 0)).toBe(end - start);
      expect(clipSpans(periods, { from: start, to: now })).toHaveLength(periods.length);
    }),
  );
});

test('downtime is assigned to the days of the month', () => {
  const lengths = fc.tuple(fc.integer({ min: 0, max: 40 * 1440 }), fc.integer({ min: 1, max: 40 * 1440 }));
  fc.assert(
    fc.property(lengths, ([from, length]) => {
      const month = { from: start, to: Date.parse('2026-12-01T00:00:00Z') };
      const period = { verdict: 'down', from: start + from * minute, to: start + (from + length) * minute } as const;
      const { parts } = reportRange({ month: '2026-11', utc: true }, month.to);
      const days = daysOf(parts, { span: month, stretches: observedTime(month, [month], [period]) });
      expect(days).toHaveLength(30);
      const inMonth = lengthOfSpans(clipSpans([period], month));
      expect(days.reduce((sum, { down }) => sum + down, 0)).toBe(inMonth);
      for (const { up, down, unwatched } of days) expect(up + down + unwatched).toBe(1440 * minute);
    }),
  );
});
