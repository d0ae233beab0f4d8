import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DayRule, type Span, spansOf, type WindowStart } from '../../lambda/calendar/window-times.ts';
import { around, changesOf, type WallClock, wallClock, zones } from './wall-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Whether a window begins on a day, by the calendar of Date. */
function begins(rule: DayRule, day: number): boolean {
  const date = new Date(day * DAY);
  const next = (more: number) => new Date((day + more) * DAY).getUTCMonth();
  switch (rule.kind) {
    case 'weekdays':
      return rule.days.includes(date.getUTCDay() || 7);
    case 'date':
      return date.getUTCDate() === rule.date;
    case 'last day':
      return next(1) !== date.getUTCMonth();
    case 'weekday of month': {
      if ((date.getUTCDay() || 7) !== rule.weekday) return false;
      if (rule.which === 'last') return next(7) !== date.getUTCMonth();
      const earlier = [1, 2, 3, 4, 5].filter((weeks) => next(-7 * weeks) === date.getUTCMonth());
      return earlier.length === rule.which - 1;
    }
    default:
      return rule satisfies never;
  }
}

/** Epoch minutes: the first at which the clock shows it. If it never does, as the clock went on before it was changed. */
function shownAt({ first, shown }: WallClock, wall: number): { at: number; isSkipped: boolean } | null {
  const index = shown.indexOf(wall);
  if (index !== -1) return { at: first + index, isSkipped: false };
  const after = shown.findIndex((minute) => minute > wall);
  if (after < 1) return null;
  return { at: first + after - 1 + wall - (shown[after - 1] ?? 0), isSkipped: true };
}

function stepped(clock: WallClock, start: WindowStart): readonly Span[] {
  const days = [...new Set(clock.shown.map((minute) => Math.floor(minute / 1440)))];
  return days
    .filter((day) => begins(start.on, day))
    .flatMap((day) => {
      const from = shownAt(clock, day * 1440 + start.at);
      if (from === null) return [];
      if ('length' in start.end) return [{ from: from.at * MINUTE, until: from.at * MINUTE + start.end.length }];
      const length = start.end.to - start.at;
      const until = from.isSkipped ? from.at + length : shownAt(clock, day * 1440 + start.end.to)?.at;
      return until === undefined ? [] : [{ from: from.at * MINUTE, until: until * MINUTE }];
    });
}

const days: fc.Arbitrary<DayRule> = fc.oneof(
  fc
    .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
    .map((some) => ({ kind: 'weekdays' as const, days: some })),
  fc.integer({ min: 1, max: 31 }).map((date) => ({ kind: 'date' as const, date })),
  fc.constant({ kind: 'last day' as const }),
  fc.record({
    kind: fc.constant('weekday of month' as const),
    weekday: fc.integer({ min: 1, max: 7 }),
    which: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 'last' as const),
  }),
);

const starts: fc.Arbitrary<WindowStart> = fc
  .record({
    on: days,
    at: fc.integer({ min: 0, max: 1439 }),
    minutes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3 * 1440 })),
    byClock: fc.boolean(),
  })
  .map(({ on, at, minutes, byClock }) => ({
    on,
    at,
    end: byClock ? { to: at + minutes } : { length: minutes * MINUTE },
  }));

const nights = zones.flatMap((zone) => {
  const changes = [
    ...changesOf(zone, [2025, 2026, 2027]),
    ...(zone === 'America/Sao_Paulo' ? changesOf(zone, [2018]) : []),
  ];
  return (changes.length > 0 ? changes : [Date.UTC(2026, 2, 29, 1)]).map(
    (at) => [zone, new Date(at).toISOString(), at] as const,
  );
});

describe.each(nights)('%s around %s', (zone, _, change) => {
  const clock = wallClock(zone, change - 7 * DAY, change + 7 * DAY);
  const { from, until } = around(change);

  test('spans are those of a clock that is stepped through', () => {
    fc.assert(
      fc.property(starts, (start) => {
        const found = spansOf({ kind: 'recurring', zone, starts: [start] }, from, until);
        const expected = stepped(clock, start).filter((span) => span.from < until && span.until > from);
        expect(found).toEqual(expected);
        for (const span of found) expect(span.until).toBeGreaterThan(span.from);
      }),
      { numRuns: 60 },
    );
  });

  test('a part of a time has the spans that overlap it', () => {
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: 0, max: 4 * 1440 - 2 }),
        fc.integer({ min: 1, max: 1440 }),
        (start, at, length) => {
          const times = { kind: 'recurring', zone, starts: [start] } as const;
          const part = { from: from + at * MINUTE, until: from + (at + length) * MINUTE };
          const whole = spansOf(times, from - DAY, until + DAY);
          const overlaps = whole.filter((span) => span.from < part.until && span.until > part.from);
          expect(spansOf(times, part.from, part.until)).toEqual(overlaps);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('one night of each', () => {
  const sunday: DayRule = { kind: 'weekdays', days: [7] };
  const iso = (times: readonly Span[]) =>
    times.map(({ from, until }) => [from, until].map((at) => new Date(at).toISOString().slice(5, 16)).join(' '));
  const all = (start: WindowStart, from: string, until: string) =>
    iso(spansOf({ kind: 'recurring', zone: 'Europe/Berlin', starts: [start] }, Date.parse(from), Date.parse(until)));

  test.each<[string, WindowStart, string, string]>([
    [
      'over the gap it is an hour shorter',
      { on: sunday, at: 60, end: { to: 240 } },
      '2026-03-29',
      '03-29T00:00 03-29T02:00',
    ],
    [
      'a length is a length',
      { on: sunday, at: 60, end: { length: 3 * 60 * MINUTE } },
      '2026-03-29',
      '03-29T00:00 03-29T03:00',
    ],
    [
      'one in the gap keeps its length',
      { on: sunday, at: 120, end: { to: 150 } },
      '2026-03-29',
      '03-29T01:00 03-29T01:30',
    ],
    [
      'over the repeated hour it is an hour longer',
      { on: sunday, at: 60, end: { to: 240 } },
      '2026-10-25',
      '10-24T23:00 10-25T03:00',
    ],
    [
      'in the repeated hour it is the first',
      { on: sunday, at: 120, end: { to: 150 } },
      '2026-10-25',
      '10-25T00:00 10-25T00:30',
    ],
  ])('%s', (_, start, night, expected) => {
    expect(all(start, `${night}T00:00Z`, `${night}T04:00Z`)).toEqual([expected]);
  });

  test('the last day of each month, and the first Sunday', () => {
    const last = all(
      { on: { kind: 'last day' }, at: 1320, end: { to: 1800 } },
      '2028-01-01T00:00Z',
      '2028-04-01T00:00Z',
    );
    expect(last).toEqual([
      '12-31T21:00 01-01T05:00',
      '01-31T21:00 02-01T05:00',
      '02-29T21:00 03-01T05:00',
      '03-31T20:00 04-01T04:00',
    ]);
    const first = all(
      { on: { kind: 'weekday of month', weekday: 7, which: 1 }, at: 0, end: { to: 60 } },
      '2026-11-15T00:00Z',
      '2027-02-15T00:00Z',
    );
    expect(first).toEqual(['12-05T23:00 12-06T00:00', '01-02T23:00 01-03T00:00', '02-06T23:00 02-07T00:00']);
  });

  test('once', () => {
    expect(spansOf({ kind: 'once', from: 10, until: 20 }, 0, 10)).toEqual([]);
    expect(spansOf({ kind: 'once', from: 10, until: 20 }, 19, 30)).toEqual([{ from: 10, until: 20 }]);
    expect(spansOf({ kind: 'once', from: 10, until: 20 }, 20, 30)).toEqual([]);
  });
});
