import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import { dayStrip } from '../../../bin/display/report/day-strip.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { readWatchRecords } from '../../../lambda/reports/source/watch-records.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { healthy, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const minute = 60_000;
const hour = 60 * minute;
const every = 10 * minute;
/** A round counts for 2.5 rounds. */
const fresh = 1500;
const start = Date.parse('2026-11-01T00:00:00Z');
const targets = ['always', 'added', 'removed', 'unable'];
const unable: RecordedSample = { ...healthy, outcome: 'unable', phase: 'auth', code: 'secret-unreadable' };

/** The samples of a round. None while the monitor is off, from 60:00 for 109 minutes. */
function samplesAt(at: number): Readonly<Record<string, RecordedSample>> {
  const hours = (at - start) / hour;
  if (hours >= 60 && hours < 60 + 109 / 60) return {};
  return {
    always: healthy,
    unable,
    ...(hours >= 80.5 ? { added: { ...healthy, total: 800 } } : {}),
    ...(hours < 30.5 ? { removed: healthy } : {}),
  };
}

type Recorded = Readonly<{ at: number; samples: Readonly<Record<string, RecordedSample>>; fresh?: number }>;

/** Records rounds, and rolls up every hour until `rolled`. */
async function record(rounds: readonly Recorded[], until: number, rolled: number) {
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
  const rollUp = () => history.rollUp({ vantages: ['local'], by: 'test', deadline: Infinity });
  for (const { at, samples, ...counts } of rounds) {
    clock.now = at;
    await history.recordRound({ ...roundOf('local', isoSeconds(at), samples), ...counts });
  }
  clock.now = rolled;
  await rollUp();
  clock.now = until;
  return { source: { table, history, vantages: ['local'], targets }, bytes };
}

async function recordsOf(rounds: readonly Recorded[], until: number, rolled: number, older = fresh) {
  const { source, bytes } = await record(rounds, until, rolled);
  const span = { from: start, to: until };
  bytes.read = 0;
  const records = await readWatchRecords(source, { span, older, latency: true });
  const { read } = bytes;
  // Without latencies, it says the same of when each was watched.
  const untimed = [...records].map(([target, record]) => [target, { ...record, latency: null }] as const);
  expect(await readWatchRecords(source, { span, older, latency: false })).toEqual(new Map(untimed));
  return { span, records, read };
}

const fleet = (until: number): readonly Recorded[] =>
  Array.from({ length: (until * hour) / every }, (_, at) => start + at * every)
    .map((at) => ({ at, samples: samplesAt(at), fresh }))
    .filter(({ samples }) => Object.keys(samples).length > 0);

test.each([
  [96, 96],
  [95.5, 95.5],
  [96, 50],
  [96, 0],
])(
  'a target is watched while it has a recent sample, to the second: %f hours, %f of them rolled up',
  async (until, rolled) => {
    const { span, records, read } = await recordsOf(fleet(until), start + until * hour, start + rolled * hour);
    const minutesOf = (target: string) =>
      records.get(target)?.watched.map(({ from, to }) => [(from - start) / minute, (to - start) / minute]);
    // The last round before the gap is that of 59:50, the first after it that of 61:50.
    expect(minutesOf('always')).toEqual([
      [0, 60 * 60 + 15],
      [61 * 60 + 50, until * 60],
    ]);
    expect(minutesOf('added')).toEqual([[80.5 * 60, until * 60]]);
    expect(minutesOf('removed')).toEqual([[0, 30 * 60 + 45]]);
    expect(minutesOf('unable')).toEqual([]);
    // It reads days instead of all their hours.
    if (rolled > 90) expect(read).toBeLessThan(100_000);

    const reportOf = (target: string) =>
      uptimeOf(target, [], { span, ...records.get(target), watched: records.get(target)?.watched ?? [] }, 99);
    expect(reportOf('removed')).toMatchObject({ uptime: 100, unwatched: (until - 30.75) * hour });
    expect(reportOf('removed').objective?.budget).toBe(0.3075 * hour);
    expect(reportOf('unable')).toMatchObject({
      uptime: null,
      up: 0,
      down: 0,
      unwatched: until * hour,
      objective: null,
    });
    expect(reportOf('always').latency?.map(Math.round)).toEqual([111, 111, 111]);
    expect(reportOf('added').latency?.every((time) => Math.abs(time / 800 - 1) <= 0.02)).toBe(true);
    expect(reportOf('unable').latency).toBeNull();
  },
);

test('a gap is unwatched to the second, however the history is stored, and whatever the config says today', async () => {
  const seconds = fc.integer({ min: 1, max: 4 * 3600 });
  const round = fc.record({
    wait: fc.oneof(fc.integer({ min: 1, max: 900 }), seconds),
    outcome: fc.constantFrom('pass', 'warn', 'fail', 'unable'),
    counts: fc.oneof(fc.constant(600), fc.constant(600), fc.integer({ min: 60, max: 9000 })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 40 }),
      seconds,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (rounds, rest, share) => {
        let at = start;
        const recorded = rounds.map(({ wait, outcome, counts }): Recorded => {
          at += wait * 1000;
          return {
            at,
            samples: { always: { ...healthy, outcome: outcome as RecordedSample['outcome'] } },
            fresh: counts,
          };
        });
        const until = at + rest * 1000;
        const { records } = await recordsOf(recorded, until, start + Math.floor((until - start) * share), 77);
        const watched = records.get('always')?.watched ?? [];
        // Second by second, without a merge of spans.
        const isSeen = (second: number) =>
          recorded.some(
            ({ at: from, samples, fresh: counts = 0 }) =>
              samples.always?.outcome !== 'unable' && second >= from && second < from + counts * 1000,
          );
        const edges = [
          start,
          until - 1000,
          ...recorded.flatMap(({ at: from, fresh: counts = 0 }) => [from, from + counts * 1000]),
        ];
        for (const edge of edges.flatMap((one) => [one - 1000, one])) {
          if (edge < start || edge >= until) continue;
          expect(watched.some(({ from, to }) => edge >= from && edge < to)).toBe(isSeen(edge));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('rounds of an older version count for as long as the policy says', async () => {
  const rounds = fleet(30).map(({ at, samples }) => ({ at, samples }));
  for (const rolled of [0, 30]) {
    const { records } = await recordsOf(rounds, start + 40 * hour, start + rolled * hour, 3600);
    expect(records.get('always')?.watched).toEqual([{ from: start, to: start + 29 * hour + 50 * minute + hour }]);
  }
});

test('a bar of the report shows which share of its day was not watched', async () => {
  const { span, records } = await recordsOf(fleet(96), start + 96 * hour, start + 96 * hour);
  const range = reportRange({ month: '2026-11', utc: true }, span.to);
  const strip = (target: string) =>
    dayStrip(range, uptimeOf(target, [], { span, watched: records.get(target)?.watched ?? [] }, null));
  const days = (target: string) => strip(target).match(/<g>.*?<\/g>/g) ?? [];
  expect(days('always')[0]).toContain(
    '<title>2026-11-01: up</title><rect class="up" x="0" y="0" width="16" height="30"',
  );
  expect(days('always')[2]).toContain('<title>2026-11-03: unwatched 1 h 35 min</title><rect class="up" x="38"');
  expect(days('removed')[3]).toMatch(/<title>2026-11-04: unwatched<\/title><rect class="unwatched"[^>]*\/><\/g>$/);
  expect(days('added')[0]).toContain('<title>2026-11-01: unwatched</title>');
  expect(days('added')[9]).toContain('<title>2026-11-10: not in the report</title><rect class="blank"');
});

test('a day that was watched for forty minutes is as wide as the others, and legible', () => {
  const range = reportRange({ month: '2026-11', utc: true }, start + 24 * hour);
  const watched = [{ from: start, to: start + 40 * minute }];
  const strip = dayStrip(range, uptimeOf('mx1', [], { span: range.span, watched }, null));
  expect(strip).toContain('<rect class="up" x="0" y="24.4" width="16" height="5.6"/>');
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
