import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RangeOptions, reportRange } from '../../../bin/arguments/report-range.ts';
import { longTitle, rangeTitle } from '../../../bin/display/report/range-title.ts';

const now = Date.parse('2026-11-12T10:30:15.400Z');
const HOUR = 3_600_000;

afterEach(() => void vi.unstubAllEnvs());

const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

describe('the range of a report', () => {
  test.each<[string, RangeOptions, string, string, string, number, string]>([
    ['UTC', {}, '2026-11-01T00:00:00Z', '2026-11-12T10:30:15Z', '2026-11 (UTC)', 30, 'day'],
    [
      'Europe/Berlin',
      { month: '2026-10' },
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
      '2026-10 (Europe/Berlin)',
      31,
      'day',
    ],
    [
      'Europe/Berlin',
      { month: '2026-10', utc: true },
      '2026-10-01T00:00:00Z',
      '2026-11-01T00:00:00Z',
      '2026-10 (UTC)',
      31,
      'day',
    ],
    [
      'Asia/Kolkata',
      { since: '2026-10-05', until: '2026-10-11' },
      '2026-10-04T18:30:00Z',
      '2026-10-11T18:30:00Z',
      '2026-10-05 00:00:00 to 2026-10-12 00:00:00 +05:30',
      7,
      'day',
    ],
    [
      'UTC',
      { since: '2h' },
      '2026-11-12T08:30:15Z',
      '2026-11-12T10:30:15Z',
      '2026-11-12 08:30:15 to 10:30:15 +00:00',
      1,
      'day',
    ],
    [
      'UTC',
      { since: '2026-01-01', utc: true },
      '2026-01-01T00:00:00Z',
      '2026-11-12T10:30:15Z',
      '2026-01-01 00:00:00 to 2026-11-12 10:30:15 UTC',
      46,
      'week',
    ],
    [
      'UTC',
      { since: '2024-01-15', utc: true },
      '2024-01-15T00:00:00Z',
      '2026-11-12T10:30:15Z',
      '2024-01-15 00:00:00 to 2026-11-12 10:30:15 UTC',
      35,
      'month',
    ],
  ])('%s %j', (zone, options, from, to, title, parts, part) => {
    vi.stubEnv('TZ', zone);
    const range = reportRange(options, now);
    expect([iso(range.span.from), iso(range.span.to)]).toEqual([from, to]);
    expect([rangeTitle(range), range.parts.length, range.part]).toEqual([title, parts, part]);
    // Without a gap or an overlap, and all of the span.
    for (const [at, { from: begin }] of range.parts.entries()) if (at > 0) expect(begin).toBe(range.parts[at - 1]?.to);
    expect(range.parts[0]?.from).toBeLessThanOrEqual(range.span.from);
    expect(range.parts.at(-1)?.to).toBeGreaterThanOrEqual(range.span.to);
  });

  test('a day on which the clock is changed has 25 or 23 hours', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const hours = (month: string) => reportRange({ month }, now).parts.map(({ from, to }) => (to - from) / HOUR);
    expect(hours('2026-10').filter((length) => length !== 24)).toEqual([25]);
    expect(hours('2026-03').filter((length) => length !== 24)).toEqual([23]);
  });

  test('its long title has a month, or the first and the last date', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(longTitle(reportRange({ month: '2026-10' }, now))).toBe('October 2026');
    expect(longTitle(reportRange({ since: '2026-10-05', until: '2026-10-11' }, now))).toBe('2026-10-05 to 2026-10-11');
  });

  test.each<[RangeOptions, string]>([
    [{ month: '2026-13' }, "--month: '2026-13' is not a month"],
    [{ month: '2027-01' }, '--month: 2027-01 is in the future'],
    [{ month: '2026-10', since: '7d' }, '--month excludes --since and --until'],
    [{ until: '2026-10-11' }, '--until needs --since'],
    [{ since: '2026-10-12', until: '2026-10-11' }, 'is not before the end of the report'],
    [{ since: '2026-10-40' }, "--since: '2026-10-40' is not a time"],
  ])('%j is refused', (options, message) => expect(() => reportRange(options, now)).toThrow(message));
});
