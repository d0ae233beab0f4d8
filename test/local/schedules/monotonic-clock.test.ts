import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { roundName } from '../../../lambda/consensus/judgement/round-name.ts';
import { type ClockStep, clockStepText, openClock } from '../../../local/schedules/monotonic-clock.ts';
import { startSchedule } from '../../../local/schedules/schedule.ts';

const START = Date.parse('2026-11-22T05:00:00Z');
const minute = 60_000;

/** A machine whose clock can be set, and which can sleep. */
function machine() {
  let [wall, monotonic] = [START, 0];
  const steps: ClockStep[] = [];
  const clock = openClock(
    (step) => steps.push(step),
    () => wall,
    () => monotonic,
  );
  return {
    clock,
    steps,
    wall: () => wall,
    pass(milliseconds: number) {
      wall += milliseconds;
      monotonic += milliseconds;
      return clock.now();
    },
    /** Sets the clock, or lets the machine sleep: the monotonic clock does not count either. */
    step(milliseconds: number) {
      wall += milliseconds;
      return clock.now();
    },
  };
}

test('without steps it is the clock of the machine', () => {
  const { pass, wall, steps } = machine();
  for (const milliseconds of [1, 59_000, 3_600_000, 0, 7]) expect(pass(milliseconds)).toBe(wall());
  expect(steps).toEqual([]);
});

test.each([
  { by: -120_000, at: 0, ahead: 120_000 },
  { by: -1000, at: 0, ahead: 1000 },
  { by: 120_000, at: 120_000, ahead: 0 },
  { by: 8 * 3_600_000, at: 8 * 3_600_000, ahead: 0 },
])('a step of $by ms is reported, and time does not go back', ({ by, at, ahead }) => {
  const { step, steps } = machine();
  expect(step(by)).toBe(START + at);
  expect(steps).toEqual([{ by, ahead }]);
});

test('a clock that was set back catches up: 3 s a minute', () => {
  const { step, pass, wall } = machine();
  step(-120_000);
  pass(minute);
  expect(pass(0) - wall()).toBe(117_000);
  for (let passed = 1; passed < 40; passed += 1) pass(minute);
  expect(pass(0)).toBe(wall());
});

test('time passes as well where the clock is read often', () => {
  const { step, pass, clock } = machine();
  step(-120_000);
  for (let milliseconds = 0; milliseconds < 10_000; milliseconds += 0.5) pass(0.5);
  expect(Math.abs(clock.now() - START - 9500)).toBeLessThanOrEqual(2);
});

test('under any steps time never goes back, is never behind the machine, and passes at 95 % of its speed or more', () => {
  const moves = fc.array(
    fc.record({
      passes: fc.integer({ min: 0, max: 5 * minute }),
      step: fc.integer({ min: -86_400_000, max: 86_400_000 }),
    }),
  );
  fc.assert(
    fc.property(moves, (all) => {
      const { pass, step, wall } = machine();
      let before = START;
      for (const { passes, step: by } of all) {
        const after = pass(passes);
        expect(after).toBeGreaterThanOrEqual(before + Math.floor(passes * 0.95) - 1);
        before = step(by);
        expect(before).toBeGreaterThanOrEqual(Math.max(after, wall()));
      }
    }),
  );
});

test.each([
  { last: null, starts: START, why: 'no round' },
  { last: '2026-11-22T04:59:00Z', starts: START, why: 'a past round' },
  { last: '2026-11-22T05:02:00Z', starts: START + 3 * minute, why: 'a round in the future' },
  { last: '2026-11-22T05:02:31.042817263Z', starts: START + 3 * minute, why: 'a second opinion in the future' },
  { last: '2026-11-22T05:00:00.5Z', starts: START + 501, why: 'a second opinion named within the second' },
  { last: '2027-11-22T05:00:00Z', starts: START, why: 'a round from no clock' },
  { last: 'zzz', starts: START, why: 'an unreadable name' },
])('after a restart it starts after the last recorded round: $why', ({ last, starts }) => {
  const { clock } = machine();
  clock.startAfter(last, minute);
  expect(clock.now()).toBe(starts);
});

test('a step in words', () => {
  expect(clockStepText({ by: -120_000, ahead: 123_000 })).toBe(
    'The clock of this machine was set back 120 s. Rounds and alerts keep their order: their times are 123 s ahead of the clock, and 3 s a minute less from now on.',
  );
  expect(clockStepText({ by: 7200_000, ahead: 0 })).toContain('moved 7200 s ahead');
});

beforeEach(() => {
  vi.useFakeTimers({ now: START + 20_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The names of the rounds that a schedule runs, and when, in seconds of the monotonic clock. */
function scheduled(every = minute) {
  const rounds: string[] = [];
  const times: number[] = [];
  const began = performance.now();
  const schedule = startSchedule(every, async (at) => {
    rounds.push(roundName(at, every).slice(11, 19));
    times.push(Math.round((performance.now() - began) / 1000));
  });
  return { rounds, times, schedule };
}

test('a schedule runs the current round at once, then each round as it begins', async () => {
  const { rounds, times, schedule } = scheduled();
  await vi.advanceTimersByTimeAsync(3 * minute);
  await schedule.stop();
  expect(rounds).toEqual(['05:00:00', '05:01:00', '05:02:00', '05:03:00']);
  expect(times).toEqual([0, 40, 100, 160]);
});

test('the clock is set back 120 s: rounds go on, each under a later name', async () => {
  const { rounds, times, schedule } = scheduled();
  await vi.advanceTimersByTimeAsync(minute);
  vi.setSystemTime(Date.now() - 120_000);
  await vi.advanceTimersByTimeAsync(5 * minute);
  await schedule.stop();
  expect(rounds).toEqual(['05:00:00', '05:01:00', '05:02:00', '05:03:00', '05:04:00', '05:05:00', '05:06:00']);
  const waits = times.slice(2).map((time, place) => time - (times[place + 1] ?? 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(64);
});

test('the clock is set ahead, or the machine wakes up: the next round begins at once', async () => {
  const { rounds, times, schedule } = scheduled(60 * minute);
  await vi.advanceTimersByTimeAsync(minute);
  vi.setSystemTime(Date.now() + 5 * 60 * minute);
  await vi.advanceTimersByTimeAsync(minute);
  await schedule.stop();
  expect(rounds).toEqual(['05:00:00', '10:00:00']);
  expect(times).toEqual([0, 61]);
});
