import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { asCsv, asJson, asMarkdown, asText } from '../../../bin/display/report/formats.ts';
import { asHtml } from '../../../bin/display/report/html-page.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { daysOf } from '../../../lambda/reports/uptime/days.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { clipToSpan, timeIn, verdictPeriods } from '../../../lambda/reports/uptime/verdict-periods.ts';

const minute = 60_000;
const start = Date.parse('2026-11-01T00:00:00Z');
const at = (minutes: number) => `${new Date(start + minutes * minute).toISOString().slice(0, 19)}Z`;

/** An incident with changes of verdict as `[minute, verdict]`; closed if the last verdict is `up`. */
function incidentOf(opened: number, changes: readonly (readonly [number, Incident['verdict']])[]): Incident {
  const [last, verdict] = changes.at(-1) ?? [opened, 'down'];
  return {
    id: `mx1@${at(opened)}`,
    target: 'mx1',
    opened: at(opened),
    closed: verdict === 'up' ? at(last) : null,
    verdict: 'down',
    witnesses: [],
    timeline: [
      ...changes.map(([minutes, to]) => ({ at: at(minutes), what: `${to}: 2 of 3 entitled vantages` })),
      { at: at(opened), what: 'eu-west-1 failed at greeting: greeting-refused' },
    ],
  };
}

const span = { from: start, to: start + 1000 * minute };
const watched = { span, watched: [span] };
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

test('unknown time does not count in the uptime share', () => {
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
  expect(uptimeOf('mx1', incidents, watched, null).uptime).toBeCloseTo(90);
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
      const all = (['up', 'degraded', 'down', 'unknown'] as const).map((verdict) => timeIn(periods, verdict));
      const end = incident.closed === null ? now : Date.parse(incident.closed);
      expect(all.reduce((sum, length) => sum + length, 0)).toBe(end - start);
      expect(clipToSpan(periods, start, now)).toEqual(periods);
    }),
  );
});

describe('formats', () => {
  const evil = uptimeOf('<script>|\x1b[31m', [], watched, 99.9);
  const report = { month: '2026-11', gaps: [{ from: '2026-11-01T03', to: '2026-11-01T04' }], targets: [evil] };
  test.each([
    ['HTML', asHtml(report), '&#60;script&#62;|\\x1b[31m'],
    ['Markdown', asMarkdown(report), '| <script>\\|\\x1b[31m | 100.000 % |'],
    ['CSV', asCsv(report), '2026-11,<script>|\\x1b[31m,100,0,0,0,0,,,99.9,60,0,0,'],
  ])('%s escapes the name of a target', (_, text, expected) => {
    expect(text).toContain(expected);
    expect(text).not.toContain('\x1b');
  });
});

describe('figures are the same in every format', () => {
  const down = incidentOf(118, [
    [119, 'down'],
    [128, 'up'],
  ]);
  const report = { month: '2026-11', gaps: [], targets: [uptimeOf('mx1', [down], watched, 99.9)] };

  test('burn is in percent, lengths are whole numbers', () => {
    const [target] = JSON.parse(asJson(report)).targets;
    expect(target.objective).toEqual({ slo: 99.9, budget: 60_000, remaining: -540_000, burn: 1000 });
    expect(asCsv(report)).toContain(',99.9,-540,1000,0,2026-11-01T02:00:00Z 480; 2026-11-01T01:00:00Z 120\n');
    expect(asText(report, screenOf({}, {}))).toMatch(
      /99\.9 % +-9 min +1000 %\n {2}worst hours \(UTC\) 11-01 02:00 \(8 min\), /,
    );
  });

  test.each([160, 120, 80, 60])('text fits %i columns', (columns) => {
    const screen = screenOf({ isTTY: true, columns }, { LANG: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' });
    const text = asText(report, screen);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(text).toContain('1000 %');
    expect(text).toMatch(/-9\s+min/);
  });
});

describe('the HTML page', () => {
  const outage = {
    ...incidentOf(60, [
      [61, 'down'],
      [120, 'degraded'],
      [180, 'up'],
    ]),
    witnesses: [
      {
        vantage: 'eu-west-1',
        firstFailure: at(60),
        lastFailure: at(119),
        phase: 'greeting',
        code: 'greeting-refused',
        reply: '554 <no>',
        transcript: [],
      },
    ],
  };
  const targets = [uptimeOf('mx1', [outage], watched, 99.9)];
  const page = asHtml({ month: '2026-11', gaps: [], targets });

  test('has a bar per day of the month, as high as the share of downtime', () => {
    expect(page.match(/<g><title>/g)).toHaveLength(30);
    expect(page).toContain('<title>2026-11-01: down 1 h, degraded 1 h</title><rect class="blank"');
    expect(page).toContain('<title>2026-11-02: not watched</title><rect class="blank"');
  });

  test('lists each outage with its first failure', () => {
    const cells = ['2026-11-01 01:00', '2026-11-01 03:00', '1 h', 'mx1', 'greeting greeting-refused'];
    expect(page).toContain(cells.map((cell) => `<td>${cell}</td>`).join(''));
    expect(page).toContain('<dt>Objective met by</dt><dd class="bad">0 of 1</dd>');
  });

  test('has no external resources, and says that no target was watched', () => {
    expect(page).not.toMatch(/<script|<link|<img|url\(|https?:/);
    const empty = uptimeOf('mx1', [], { span, watched: [] }, null);
    expect(asHtml({ month: '2026-11', gaps: [], targets: [empty] })).toContain('No target was watched');
  });
});

test('downtime is assigned to the days of the month', () => {
  const lengths = fc.tuple(fc.integer({ min: 0, max: 40 * 1440 }), fc.integer({ min: 1, max: 40 * 1440 }));
  fc.assert(
    fc.property(lengths, ([from, length]) => {
      const month = { from: start, to: Date.parse('2026-12-01T00:00:00Z') };
      const period = { verdict: 'down', from: start + from * minute, to: start + (from + length) * minute } as const;
      const days = daysOf('2026-11', { span: month, periods: [period], watched: [month] });
      expect(days).toHaveLength(30);
      const inMonth = timeIn(clipToSpan([period], month.from, month.to), 'down');
      expect(days.reduce((sum, { down }) => sum + down, 0)).toBe(inMonth);
      for (const { watched: whole } of days) expect(whole).toBe(1440 * minute);
    }),
  );
});
