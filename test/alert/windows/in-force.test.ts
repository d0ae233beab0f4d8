import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inForce } from '../../../lambda/alert/windows/in-force.ts';
import type { MaintenanceWindow, Mute } from '../../../lambda/calendar/planned-time.ts';

const at = (time: string) => Date.parse(`2026-11-29T${time}Z`);
const MINUTE = 60_000;

const patches: MaintenanceWindow = {
  id: 'patches',
  targets: ['mx*'],
  tags: ['edge'],
  why: 'patches',
  times: {
    kind: 'recurring',
    zone: 'UTC',
    starts: [{ on: { kind: 'weekdays', days: [7] }, at: 120, end: { to: 240 } }],
  },
  grace: 15 * MINUTE,
};
const everything: Mute = {
  id: 'mute-1',
  from: at('03:00'),
  until: at('05:00'),
  why: 'new rack',
  by: 'ops@example.com',
};

describe('what holds a subject', () => {
  test.each<[string, string, readonly string[], string, string | null]>([
    ['before', 'mx1', [], '01:59:59.999', null],
    ['at its start', 'mx1', [], '02:00', 'patches'],
    ['by a tag', 'web', ['edge'], '02:30', 'patches'],
    ['another', 'web', ['core'], '02:30', null],
    ['the one that ends last', 'mx1', [], '03:30', 'mute-1'],
    ['a mute of everything', 'example.com', [], '03:30', 'mute-1'],
    ['a mute of a clock that is ahead', 'example.com', [], '02:58', 'mute-1'],
    ['not one of a clock that is far ahead', 'example.com', [], '02:49', null],
    ['until its end', 'mx1', [], '04:59:59.999', 'mute-1'],
    ['not at its end', 'mx1', [], '05:00', null],
  ])('%s', (_, subject, tags, time, expected) => {
    expect(inForce([patches], [everything], subject, tags, at(time))?.id ?? null).toBe(expected);
  });
});

describe('overrun', () => {
  const held = (time: string, opened: string, grace: number) =>
    inForce([{ ...patches, grace }], [], 'mx1', [], at(time), at(opened)) !== null;
  test.each<[string, string, string, number, boolean]>([
    ['tell: at the end it is told', '04:00', '03:00', 0, false],
    ['with grace it is held', '04:10', '03:00', 15 * MINUTE, true],
    ['until the grace is over', '04:15', '03:00', 15 * MINUTE, false],
    ['what begins after the end is told at once', '04:10', '04:05', 15 * MINUTE, false],
    ['what begins at the end, too', '04:10', '04:00', 15 * MINUTE, false],
  ])('%s', (_, time, opened, grace, expected) => {
    expect(held(time, opened, grace)).toBe(expected);
  });
});

test('what it says is the window as a whole', () => {
  expect(inForce([patches], [], 'mx1', [], at('02:30'))).toEqual({
    kind: 'window',
    id: 'patches',
    why: 'patches',
    from: at('02:00'),
    until: at('04:00'),
    tellsAt: at('04:15'),
    scope: { targets: ['mx*'], tags: ['edge'] },
  });
});

test('every mute has an end: nothing is held after the last one', () => {
  const mutes = fc.array(
    fc.record({ from: fc.nat(1_000), length: fc.nat(500) }).map(({ from, length }) => ({
      id: `m${from}`,
      from: from * MINUTE,
      until: (from + length) * MINUTE,
      why: 'x',
      by: 'ops',
    })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(mutes, fc.nat(2_000), (mutes, minute) => {
      const now = minute * MINUTE;
      const held = inForce([], mutes, 'mx1', [], now);
      // The clock of who mutes may be ahead by ten minutes.
      const holds = mutes.some(({ from, until }) => from - 10 * MINUTE <= now && now < until && from < until);
      expect(held !== null).toBe(holds);
      if (held !== null) expect(held.tellsAt).toBeGreaterThan(now);
    }),
  );
});
