import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastWeeklyTime, type WeeklyTime } from '../../lambda/calendar/weekly-time.ts';
import { localMinute, weekdayOf } from '../../lambda/calendar/zone.ts';

const DAY = 86_400_000;

const time = (weekday: number, minute: number, zone = 'Europe/Berlin', weeks = 1): WeeklyTime => {
  return { zone, weekday, minute, weeks };
};

test.each<[string, WeeklyTime, string, string]>([
  ['at its second', time(1, 600), '2026-11-23T09:00:00Z', '2026-11-23T09:00:00Z'],
  ['a second before', time(1, 600), '2026-11-23T08:59:59Z', '2026-11-16T09:00:00Z'],
  ['in summer time', time(1, 600), '2026-07-08T12:00:00Z', '2026-07-06T08:00:00Z'],
  ['an hour that is skipped is moved on', time(7, 150), '2026-03-29T12:00:00Z', '2026-03-29T01:30:00Z'],
  ['an hour that is repeated is the first', time(7, 150), '2026-10-25T12:00:00Z', '2026-10-25T00:30:00Z'],
  ['in another day of UTC', time(1, 60, 'Asia/Tokyo'), '2026-11-22T17:00:00Z', '2026-11-22T16:00:00Z'],
])('%s', (_, weekly, now, last) => {
  expect(new Date(lastWeeklyTime(weekly, Date.parse(now))).toISOString()).toBe(new Date(last).toISOString());
});

const anyTime = fc.record({
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'),
  weekday: fc.integer({ min: 1, max: 7 }),
  minute: fc.integer({ min: 0, max: 1439 }),
  weeks: fc.constantFrom(1, 2, 4),
});
const anyNow = fc.integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2036-01-01T00:00Z') });

test('it is in the past, on its day, and one that is known stays the last one until the next', () => {
  fc.assert(
    fc.property(anyTime, anyNow, (weekly, now) => {
      const last = lastWeeklyTime(weekly, now);
      expect(last).toBeLessThanOrEqual(now);
      expect(now - last).toBeLessThan(weekly.weeks * 7 * DAY + 2 * 3_600_000);
      expect(weekdayOf(localMinute(last, weekly.zone).day)).toBe(weekly.weekday);
      expect(lastWeeklyTime(weekly, last)).toBe(last);
      const before = lastWeeklyTime(weekly, last - 1);
      expect(Math.abs(last - before - weekly.weeks * 7 * DAY)).toBeLessThanOrEqual(3_600_000);
    }),
  );
});
