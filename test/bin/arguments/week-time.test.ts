import { afterEach, expect, test, vi } from 'vitest';
import { weekTimeArgument } from '../../../bin/arguments/planned/week-time.ts';

afterEach(() => vi.unstubAllEnvs());

const NEXT = [
  { zone: 'Europe/Berlin', now: '2027-03-27T22:30:00Z', at: 'Sun 12:00', is: '2027-03-28T10:00:00.000Z' },
  { zone: 'Europe/Berlin', now: '2027-03-27T22:30:00Z', at: 'Sat 23:00', is: '2027-04-03T21:00:00.000Z' },
  { zone: 'Europe/Berlin', now: '2026-10-24T22:10:00Z', at: 'Mon 12:00', is: '2026-10-26T11:00:00.000Z' },
  { zone: 'Australia/Lord_Howe', now: '2026-10-03T12:50:00Z', at: 'Sun 12:00', is: '2026-10-04T01:00:00.000Z' },
  { zone: 'America/Santiago', now: '2026-09-06T03:30:00Z', at: 'Sun 12:00', is: '2026-09-06T15:00:00.000Z' },
  { zone: 'Asia/Kathmandu', now: '2026-12-31T18:00:00Z', at: 'Fri 00:10', is: '2026-12-31T18:25:00.000Z' },
];

test.each(NEXT)(
  'the next $at after $now in $zone is on that day, also if a day before it is shorter',
  ({ zone, now, at, is }) => {
    vi.stubEnv('TZ', zone);
    const clock = { now: Date.parse(now), utc: false };
    expect(new Date(weekTimeArgument(at, '--at', clock)).toISOString()).toBe(is);
  },
);

test('in UTC all days have the same length', () => {
  const clock = { now: Date.parse('2026-12-31T23:30:00Z'), utc: true };
  expect(new Date(weekTimeArgument('Fri 00:10', '--at', clock)).toISOString()).toBe('2027-01-01T00:10:00.000Z');
});
