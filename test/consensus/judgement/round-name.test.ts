import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observedAt, secondOf } from '../../../lambda/consensus/judgement/observation.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { distinctions, isoSeconds, unscheduledName } from '../../../lambda/consensus/judgement/round-name.ts';
import { distinctRoundName } from '../../../lambda/history/distinct-round-name.ts';
import { packRounds, unpackRounds } from '../../../lambda/history/packing/column-packing.ts';

const START = Date.parse('2026-11-22T05:00:00Z');
const time = fc.integer({ min: 0, max: 3_590_000 }).map((offset) => START + offset);
const distinction = fc.integer({ min: 0, max: distinctions - 1 });
const every = fc.constantFrom(5000, 60_000, 300_000);

test('a name outside the schedule parses as its time, within a second, and no scheduled round has it', () => {
  fc.assert(
    fc.property(time, distinction, every, (at, digits, length) => {
      const name = unscheduledName(at, digits, length);
      expect(Date.parse(name) - at).toBeGreaterThanOrEqual(0);
      expect(Date.parse(name) - at).toBeLessThanOrEqual(1000);
      expect((Math.floor(Date.parse(name) / 1000) * 1000) % length).not.toBe(0);
      expect(unscheduledName(at, digits, length) === unscheduledName(at, (digits + 1) % distinctions, length)).toBe(
        false,
      );
    }),
  );
});

test('names outside the schedule sort among scheduled ones by time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(time, distinction)), every, (all, length) => {
      const scheduled = Array.from({ length: 60 }, (_, n) => isoSeconds(START + n * length));
      const names = [...scheduled, ...all.map(([at, digits]) => unscheduledName(at, digits, length))].sort();
      const times = names.map((name) => Date.parse(name));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});

test('an hour keeps the names of its rounds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(time, distinction)), every, (all, length) => {
      const scheduled = Array.from({ length: 12 }, (_, n) => isoSeconds(START + n * length));
      const names = [
        ...new Set([...scheduled, ...all.map(([at, digits]) => unscheduledName(at, digits, length))]),
      ].sort();
      expect(unpackRounds(packRounds(names, '2026-11-22T05'), '2026-11-22T05')).toEqual(names);
    }),
  );
  expect(packRounds(['2026-11-22T05:00:00Z', '2026-11-22T05:01:00Z'], '2026-11-22T05')).toBe('0 60');
});

test('the previous release reads such an hour: the same rounds, to the second', () => {
  const names = ['2026-11-22T05:00:00Z', '2026-11-22T05:00:31.042817263Z', '2026-11-22T05:01:00Z'];
  let at = Date.parse('2026-11-22T05:00:00Z');
  const read = packRounds(names, '2026-11-22T05')
    .split(' ')
    .map((step) => {
      at += Number(step) * 1000;
      return `${new Date(at).toISOString().slice(0, 19)}Z`;
    });
  expect(read).toEqual(['2026-11-22T05:00:00Z', '2026-11-22T05:00:31Z', '2026-11-22T05:01:00Z']);
});

test('ten thousand names of one millisecond are different', () => {
  const names = Array.from({ length: 10_000 }, () => distinctRoundName(START + 31_042, 60_000));
  expect(new Set(names).size).toBe(10_000);
});

const policy = { vantages: ['a', 'b', 'c'], every: 60_000, ...policyDefaults(3) };

test.each([
  { vantage: 'a', round: '2026-11-22T05:08:00Z', at: '05:08:00', second: '05:08:00', why: 'due at once' },
  { vantage: 'c', round: '2026-11-22T05:08:00Z', at: '05:08:40', second: '05:08:00', why: 'staggered' },
  {
    vantage: 'c',
    round: '2026-11-22T05:08:00Z',
    began: '2026-11-22T05:08:59Z',
    at: '05:08:59',
    second: '05:08:59',
    why: 'late',
  },
  {
    vantage: 'c',
    round: '2026-11-22T05:08:00Z',
    began: '2026-11-22T05:08:00Z',
    at: '05:08:00',
    second: '05:08:00',
    why: 'not delayed',
  },
  {
    vantage: 'a',
    round: '2026-11-22T05:08:00Z',
    began: '2026-11-22T05:07:57Z',
    at: '05:08:00',
    second: '05:08:00',
    why: 'a clock behind',
  },
  {
    vantage: 'b',
    round: '2026-11-22T05:08:31.042817263Z',
    at: '05:08:31',
    second: '05:08:31',
    why: 'a second opinion',
  },
  {
    vantage: 'b',
    round: '2026-11-22T05:08:31.042817263Z',
    began: '2026-11-22T05:10:02Z',
    at: '05:10:02',
    second: '05:10:02',
    why: 'delivered late',
  },
  {
    vantage: 'b',
    round: '2026-11-22T05:08:31.042817263Z',
    began: '2026-11-22T05:11:02Z',
    at: '05:08:31',
    second: '05:08:31',
    why: 'delivered later than rounds count as recent',
  },
  {
    vantage: 'c',
    round: '2026-11-22T05:08:00Z',
    began: '2026-11-22T05:14:00Z',
    at: '05:08:40',
    second: '05:08:00',
    why: 'a clock far ahead',
  },
])('when a probe was made: $why', ({ vantage, round, at, second, ...began }) => {
  const { began: seconds } = began as { began?: string };
  const observation = { vantage, round, ...(seconds === undefined ? {} : { began: seconds }) };
  expect(isoSeconds(observedAt(observation, policy)).slice(11, 19)).toBe(at);
  expect(secondOf(observation, policy).slice(11, 19)).toBe(second);
});
