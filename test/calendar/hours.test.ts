import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Hours, isWithinHours, nextStart } from '../../lambda/calendar/hours.ts';
import { around, changesOf, wallClock, zones } from './wall-clock.ts';

const MINUTE = 60_000;

const spans = fc.array(
  fc
    .record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      from: fc.integer({ min: 0, max: 1439 }),
      length: fc.integer({ min: 1, max: 3 * 1440 }),
    })
    .map(({ days, from, length }) => ({ days, from, to: from + length })),
  { minLength: 1, maxLength: 3 },
);

/** By the day and the minute that the clock shows. */
function isShownWithin({ spans: all }: Pick<Hours, 'spans'>, shown: number): boolean {
  const day = Math.floor(shown / 1440);
  return all.some(({ days, from, to }) =>
    [0, 1, 2, 3, 4].some((before) => {
      const begins = day - before;
      const weekday = new Date(begins * 86_400_000).getUTCDay() || 7;
      return days.includes(weekday) && shown >= begins * 1440 + from && shown < begins * 1440 + to;
    }),
  );
}

const nights = zones.flatMap((zone) => {
  const changes = changesOf(zone, [2025, 2026, 2027]);
  // A zone without summer time is held, too.
  return (changes.length > 0 ? changes : [Date.UTC(2026, 2, 29, 1)]).map(
    (at) => [zone, new Date(at).toISOString(), at] as const,
  );
});

test('the zones change their clocks as they do', () => {
  expect(nights.filter(([zone]) => zone === 'Europe/Berlin')).toHaveLength(6);
  expect(nights.filter(([zone]) => zone === 'Australia/Lord_Howe')).toHaveLength(6);
  expect(nights.filter(([zone]) => zone === 'America/Sao_Paulo')).toHaveLength(1);
  expect(changesOf('America/Sao_Paulo', [2018])).toHaveLength(2);
});

describe.each(nights)('%s around %s', (zone, _, change) => {
  const { from, until } = around(change);
  const { first, shown } = wallClock(zone, from, until);

  test('each minute is within hours as its clock shows', () => {
    const minutes = fc.integer({ min: 0, max: shown.length - 1 });
    fc.assert(
      fc.property(spans, fc.array(minutes, { minLength: 20, maxLength: 20 }), (spans, some) => {
        for (const at of some) {
          const within = isWithinHours({ zone, spans }, (first + at) * MINUTE);
          expect(within).toBe(isShownWithin({ spans }, shown[at] ?? 0));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('the next start is the first minute within them', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: shown.length - 1 }), (spans, at) => {
        const found = nextStart({ zone, spans }, (first + at) * MINUTE);
        const index = shown.findIndex((minute, nth) => nth >= at && isShownWithin({ spans }, minute));
        // Later than what was stepped through: a span a week.
        if (index === -1) expect(found).toBeGreaterThanOrEqual(until);
        else expect(found).toBe((first + index) * MINUTE);
      }),
      { numRuns: 50 },
    );
  });
});

describe('one night of each', () => {
  const berlin = (from: number, to: number): Hours => ({ zone: 'Europe/Berlin', spans: [{ days: [7], from, to }] });
  test.each<[string, Hours, string, string]>([
    ['a skipped half hour waits a week', berlin(120, 150), '2026-03-28T12:00Z', '2026-04-05T00:00Z'],
    [
      'a half skipped hour begins when the clock is changed',
      berlin(150, 210),
      '2026-03-28T12:00Z',
      '2026-03-29T01:00Z',
    ],
    ['a repeated hour begins with the first', berlin(120, 180), '2026-10-24T12:00Z', '2026-10-25T00:00Z'],
    ['a repeated half hour begins again', berlin(120, 150), '2026-10-25T00:30Z', '2026-10-25T01:00Z'],
    ['over midnight', berlin(1320, 1800), '2026-11-23T05:30Z', '2026-11-29T21:00Z'],
  ])('%s', (_, hours, now, expected) => {
    expect(nextStart(hours, Date.parse(now))).toBe(Date.parse(expected));
  });

  test('now is the next start within the hours', () => {
    expect(nextStart(berlin(0, 1440), Date.parse('2026-11-29T12:34:56.789Z'))).toBe(
      Date.parse('2026-11-29T12:34:56.789Z'),
    );
  });

  test('no day, no start', () => {
    expect(nextStart({ zone: 'UTC', spans: [{ days: [], from: 0, to: 60 }] }, 0)).toBeNull();
  });
});
