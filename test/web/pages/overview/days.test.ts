import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DaySnapshot } from '../../../../lambda/reports/snapshot/snapshot.ts';
import { dayBars, dayText } from '../../../../web/pages/day-bars.ts';
import { decodeDays, encodeDays } from '../../../../web/pages/overview/encoded-days.ts';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-08-29');

/** Days in order, of whole seconds. */
const days = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant({ up: DAY, degraded: 0, down: 0, unwatched: 0, incidents: 0, planned: 0 }) },
      { weight: 2, arbitrary: fc.constant({ up: 0, degraded: 0, down: 0, unwatched: DAY, incidents: 0, planned: 0 }) },
      fc.record({
        up: fc.nat(86_400).map((seconds) => seconds * 1000),
        degraded: fc.constantFrom(0, 60_000),
        down: fc.constantFrom(0, 1000, 400_000),
        unwatched: fc.constantFrom(0, 40_000, 60_000_000),
        incidents: fc.nat(3),
        planned: fc.constantFrom(0, 7_200_000),
      }),
    ),
    { minLength: 1, maxLength: 90 },
  )
  .map((all) =>
    all.map(({ planned, ...times }, nth): DaySnapshot => {
      const part = { up: planned, degraded: 0, down: 0, unwatched: 0 };
      const date = new Date(FIRST + nth * DAY).toISOString().slice(0, 10);
      return { ...times, date, planned: planned === 0 ? null : part };
    }),
  );

test('the script says of each day what the page says', () => {
  fc.assert(
    fc.property(days, (all) => {
      const decoded = decodeDays(encodeDays(all), all[0]?.date ?? '');
      expect(decoded.map(dayText)).toEqual(all.map(dayText));
    }),
  );
});

/** Where each bar of a picture begins, by its class: a line is one path of bars with spaces between. */
function barsOf(svg: string): ReadonlyMap<string, readonly number[]> {
  const paths = [...svg.matchAll(/<path class="(\w+)" stroke-width="\d+" d="([^"]*)"/g)];
  const bars = paths.map(([, name = '', path = '']) => {
    const lines = [...path.matchAll(/M(\d+) \d+(?:\.5)?H(\d+)/g)].map(
      ([, from, to]) => [Number(from), Number(to)] as const,
    );
    expect(lines.map(([from, to]) => `M${from}H${to}`).join('')).toBe(path.replace(/ \d+(?:\.5)?(?=H)/g, ''));
    return [
      name,
      lines.flatMap(([from, to]) => Array.from({ length: (to - from + 3) / 9 }, (_, nth) => from / 9 + nth)),
    ] as const;
  });
  const all = new Map<string, number[]>();
  for (const [name, own] of bars)
    all.set(
      name,
      [...(all.get(name) ?? []), ...own].sort((a, b) => a - b),
    );
  return all;
}

test('each day has one bar, whose colour is the worst of the day, and a sign beside the colour', () => {
  fc.assert(
    fc.property(days, (all) => {
      const bars = barsOf(dayBars(all, 'mx1')?.markup ?? '');
      const where = (is: (day: DaySnapshot) => boolean) => all.flatMap((day, nth) => (is(day) ? [nth] : []));
      const seen = ({ up, down }: DaySnapshot) => up + down > 0;
      const isDegraded = (day: DaySnapshot) => seen(day) && day.down === 0 && day.degraded > 0;
      expect(bars.get('unwatched') ?? []).toEqual(where((day) => !seen(day)));
      expect(bars.get('down') ?? []).toEqual(where((day) => day.down > 0));
      expect(bars.get('notch') ?? []).toEqual(where((day) => day.down > 0));
      expect([...new Set(bars.get('degraded') ?? [])]).toEqual(where(isDegraded));
      expect(bars.get('gap') ?? []).toEqual(where(isDegraded));
      expect(bars.get('up') ?? []).toEqual(where((day) => seen(day) && day.down + day.degraded === 0));
    }),
  );
});

test('90 days without trouble are some 300 bytes', () => {
  const all = decodeDays('90', '2026-08-29');
  expect(all).toHaveLength(90);
  expect(dayBars(all, 'mx1')?.markup.length).toBeLessThan(320);
  expect(dayBars([], 'mx1')).toBeNull();
});

test('a day names planned work', () => {
  expect(decodeDays('86000,0,400,0,1,7200', '2026-11-26').map(dayText)).toEqual([
    '2026-11-26 UTC: 99.53 %, down 6 min 40 s, planned work 2 h, 1 incident',
  ]);
});
