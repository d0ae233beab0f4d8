import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { durationArgument, timeArgument } from '../../../bin/arguments/time.ts';
import { UsageError } from '../../../bin/arguments/usage-error.ts';
import { rangeText, timesTogether, timeText } from '../../../bin/display/layout/times.ts';

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

test.each([
  ['2026-11-24', true, '2026-11-24T23:59:59Z'],
  ['2026-11-24', false, '2026-11-24T18:29:59Z'],
  ['2026-12-31', true, '2026-12-31T23:59:59Z'],
  ['2026-11-24T00:00', true, '2026-11-24T00:00:00Z'],
  ['2h', true, '2026-11-22T03:08:00Z'],
])('--until %s (UTC: %s) is %s', (text, utc, expected) => {
  expect(timeArgument(text, '--until', { now, utc }, 'end')).toBe(expected);
});

test('a day with a clock change ends at its own midnight', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  const [from, to] = (['beginning', 'end'] as const).map((of) =>
    timeArgument('2026-10-25', '--until', { now, utc: false }, of),
  );
  expect([from, to]).toEqual(['2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z']);
});

test.each([
  ['2026-11-22T05:08:00Z', '2026-11-22T05:20:00Z', '2026-11-22 05:08:00 until 05:20:00 UTC'],
  ['2026-11-22T05:08:00Z', '2026-11-23T05:20:00Z', '2026-11-22 05:08:00 until 2026-11-23 05:20:00 UTC'],
])('from %s to %s is %s', (from, to, text) => {
  expect(rangeText(from, to, { now, utc: true })).toBe(text);
});

test.each<[string[], string, string[]]>([
  [['2026-11-22T05:08:00Z', '2026-11-22T05:09:00Z'], '2026-11-22 UTC', ['05:08:00', '05:09:00']],
  [['2026-11-22T05:08:00Z', '2026-11-23T05:09:00Z'], 'UTC', ['2026-11-22 05:08:00', '2026-11-23 05:09:00']],
  [[], '', []],
])('%j have %j in common', (times, common, texts) => {
  expect(timesTogether(times, { now, utc: true })).toEqual({ common, texts });
});

test.each(['yesterday', '2', '2026', '2026-13-01', '2026-11-01T25:00', '2026-02-30', '2025-02-29T00:00', ''])(
  '--since %j is rejected',
  (text) => {
    const attempt = () => timeArgument(text, '--since', { now, utc: true });
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(`--since: '${text}' is not a time; use 2h`);
  },
);

test.each([
  ['Asia/Kolkata', false, '2026-11-22 10:38:00 +05:30'],
  ['America/New_York', false, '2026-11-22 00:08:00 -05:00'],
  ['America/New_York', true, '2026-11-22 05:08:00 UTC'],
])('in %s (UTC: %s) it is %s', (zone, utc, expected) => {
  vi.stubEnv('TZ', zone);
  expect(timeText('2026-11-22T05:08:00Z', { now, utc })).toBe(expected);
});

describe.each(['--timeout', '--warn-after', '--fail-after', '--every'])(
  '%s takes the durations of the config',
  (option) => {
    test.each([
      ['20s', 20_000],
      ['1500ms', 1500],
      ['2.5s', 2500],
      ['2m', 120_000],
    ])('%s', (text, milliseconds) => {
      expect(durationArgument(text, option)).toBe(milliseconds);
    });

    test.each([
      ['5', "'5' is not a duration; did you mean 5s?"],
      ['2.5', "'2.5' is not a duration; did you mean 2.5s?"],
      ['1500', "'1500' is not a duration; did you mean 1500ms?"],
      ['5 s', "'5 s' is not a duration; did you mean 5s?"],
      ['5sec', "'5sec' is not a duration; did you mean 5s?"],
      ['2min', "'2min' is not a duration; did you mean 2m?"],
      ['5S', "'5S' is not a duration; did you mean 5s?"],
      ['soon', "'soon' is not a duration; use 20s, 1500ms or 2m"],
      ['', "'' is not a duration; use 20s, 1500ms or 2m"],
      ['-5s', "'-5s' is not a duration; use 20s, 1500ms or 2m"],
      ['0s', "'0s' is too short; at least 1ms"],
    ])('%j is refused: %s', (text, words) => {
      const attempt = () => durationArgument(text, option);
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(`${option}: ${words}`);
    });
  },
);

test('a round of less than a second is refused', () => {
  expect(() => durationArgument('500ms', '--every', 1000)).toThrow("--every: '500ms' is too short; at least 1s");
});
