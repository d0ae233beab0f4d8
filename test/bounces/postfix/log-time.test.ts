import { afterEach, expect, test, vi } from 'vitest';
import { logTime } from '../../../lambda/bounces/postfix/log-time.ts';

afterEach(() => vi.unstubAllEnvs());

const at = (line: string, now: string) => {
  const time = logTime(`${line} mail postfix/qmgr[9]: x`, Date.parse(now));
  return time === null ? null : new Date(time.at).toISOString().slice(0, 19);
};

const TIMES = [
  // The clock shows each time of this hour twice.
  { zone: 'Europe/Berlin', line: 'Oct 25 02:30:00', now: '2026-10-25T00:30:02Z', is: '2026-10-25T00:30:00' },
  { zone: 'Europe/Berlin', line: 'Oct 25 02:30:00', now: '2026-10-25T01:30:02Z', is: '2026-10-25T01:30:00' },
  { zone: 'Europe/Berlin', line: 'Oct 25 01:59:59', now: '2026-10-25T01:30:02Z', is: '2026-10-24T23:59:59' },
  { zone: 'Europe/Berlin', line: 'Oct 25 03:00:00', now: '2026-10-25T02:30:02Z', is: '2026-10-25T02:00:00' },
  { zone: 'Australia/Lord_Howe', line: 'Apr  4 01:45:00', now: '2027-04-03T14:45:02Z', is: '2027-04-03T14:45:00' },
  { zone: 'Australia/Lord_Howe', line: 'Apr  4 01:45:00', now: '2027-04-03T15:15:02Z', is: '2027-04-03T15:15:00' },
  { zone: 'Antarctica/Troll', line: 'Oct 25 01:30:00', now: '2026-10-25T01:30:02Z', is: '2026-10-25T01:30:00' },
  // It never shows this one: a server in another zone wrote it.
  { zone: 'Europe/Berlin', line: 'Mar 28 02:30:00', now: '2027-03-28T01:30:02Z', is: '2027-03-28T01:30:00' },
  { zone: 'Asia/Kathmandu', line: 'Jan  1 00:00:01', now: '2026-12-31T18:15:00Z', is: '2026-12-31T18:15:01' },
  { zone: 'UTC', line: 'Dec 31 23:59:59', now: '2027-01-01T00:00:05Z', is: '2026-12-31T23:59:59' },
  { zone: 'UTC', line: 'Feb 29 10:00:00', now: '2027-03-05T10:00:00Z', is: '2024-02-29T10:00:00' },
  { zone: 'UTC', line: 'Feb 29 10:00:00', now: '2028-03-01T10:00:00Z', is: '2028-02-29T10:00:00' },
  { zone: 'UTC', line: 'Feb 31 10:00:00', now: '2028-03-02T10:00:00Z', is: null },
] as const;

test.each(TIMES)('$line in $zone at $now', ({ zone, line, now, is }) => {
  vi.stubEnv('TZ', zone);
  expect(at(line, now)).toBe(is);
});
