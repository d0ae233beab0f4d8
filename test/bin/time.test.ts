import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeText } from '../../bin/display/times.ts';
import { timeArgument } from '../../bin/time-argument.ts';
import { UsageError } from '../../bin/usage.ts';

const now = Date.parse('2026-11-22T05:08:00Z');

beforeEach(() => vi.stubEnv('TZ', 'Asia/Kolkata'));
afterEach(() => vi.unstubAllEnvs());

test.each([
  ['2h', false, '2026-11-22T03:08:00Z'],
  ['30m', false, '2026-11-22T04:38:00Z'],
  ['7d', false, '2026-11-15T05:08:00Z'],
  ['2026-11-01', true, '2026-11-01T00:00:00Z'],
  ['2026-11-01', false, '2026-10-31T18:30:00Z'],
  ['2026-11-01T05:00', false, '2026-10-31T23:30:00Z'],
  ['2026-11-01 05:00', true, '2026-11-01T05:00:00Z'],
  ['2026-11-01T05:00Z', false, '2026-11-01T05:00:00Z'],
  ['2026-11-01T05:00:30+02:00', false, '2026-11-01T03:00:30Z'],
])('--since %s (UTC: %s) is %s', (text, utc, expected) => {
  expect(timeArgument(text, '--since', { now, utc })).toBe(expected);
});

test.each(['yesterday', '2', '2026', '2026-13-01', '2026-11-01T25:00', ''])('--since %j is refused', (text) => {
  const attempt = () => timeArgument(text, '--since', { now, utc: true });
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(`--since: '${text}' is no time; write 2h`);
});

test.each([
  ['Asia/Kolkata', false, '2026-11-22 10:38:00 +05:30'],
  ['America/New_York', false, '2026-11-22 00:08:00 -05:00'],
  ['America/New_York', true, '2026-11-22 05:08:00 UTC'],
])('in %s (UTC: %s) it is %s', (zone, utc, expected) => {
  vi.stubEnv('TZ', zone);
  expect(timeText('2026-11-22T05:08:00Z', { now, utc })).toBe(expected);
});
