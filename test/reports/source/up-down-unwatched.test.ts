import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observedTime, observedTimes, uptimeShare } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';

const start = Date.parse('2026-11-01T00:00:00Z');
const moment = fc.integer({ min: -2_000_000, max: 8_000_000 }).map((at) => start + at);
const spanOf = fc.tuple(moment, moment).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const spans = fc.array(spanOf, { maxLength: 8 });
const periods = fc.array(
  fc.tuple(spanOf, fc.constantFrom('up', 'degraded', 'down', 'unknown')).map(([one, verdict]) => ({ ...one, verdict })),
  { maxLength: 8 },
) as fc.Arbitrary<{ from: number; to: number; verdict: 'up' | 'degraded' | 'down' | 'unknown' }[]>;

const second = (at: number) => Math.floor(at / 1000) * 1000;

test('up, down and unwatched are the span, to the second', () => {
  fc.assert(
    fc.property(spanOf, spans, periods, (span, watched, verdicts) => {
      const stretches = observedTime(span, watched, verdicts);
      const { up, down, unwatched, degraded } = observedTimes(stretches);
      expect(up + down + unwatched).toBe(second(span.to) - second(span.from));
      expect(degraded).toBeLessThanOrEqual(up);
      for (const length of [up, down, unwatched]) expect(length % 1000).toBe(0);
      // In order, without a gap or an overlap.
      const edges = stretches.flatMap(({ from, to }) => [from, to]);
      const inner = edges.slice(1, -1);
      expect(inner.filter((_, at) => at % 2 === 0)).toEqual(inner.filter((_, at) => at % 2 === 1));
      expect(stretches.every(({ from, to }) => from < to)).toBe(true);
    }),
  );
});

test('each second is in the state of its verdict, and unwatched without a fresh sample', () => {
  fc.assert(
    fc.property(spanOf, spans, periods, fc.nat(), (span, watched, verdicts, seed) => {
      fc.pre(second(span.to) > second(span.from));
      const stretches = observedTime(span, watched, verdicts);
      const at = second(span.from) + ((seed * 1000) % (second(span.to) - second(span.from)));
      const isIn = ({ from, to }: { from: number; to: number }) => at >= second(from) && at < second(to);
      const has = (verdict: string) => verdicts.some((one) => one.verdict === verdict && isIn(one));
      const verdict = ['down', 'degraded', 'unknown'].find(has) ?? 'up';
      const expected = watched.some(isIn) && verdict !== 'unknown' ? verdict : 'unwatched';
      expect(stretches.filter(isIn).map(({ state }) => state)).toEqual([expected]);
    }),
  );
});

test('nothing was seen: no uptime, no objective, and all time is unwatched', () => {
  const span = { from: start, to: start + 3_600_000 };
  const times = observedTimes(observedTime(span, [], [{ ...span, verdict: 'down' }]));
  expect([times, uptimeShare(times)]).toEqual([{ up: 0, degraded: 0, down: 0, unwatched: 3_600_000 }, null]);
  expect(uptimeOf('mx1', [], { span, watched: [] }, 99.9)).toMatchObject({ uptime: null, objective: null });
});

test('a monitor that was off for 109 minutes of an outage adds neither downtime nor burn', () => {
  const minute = 60_000;
  const span = { from: start, to: start + 600 * minute };
  const watched = [
    { from: start, to: start + 100 * minute },
    { from: start + 209 * minute, to: span.to },
  ];
  const at = (minutes: number) => new Date(start + minutes * minute).toISOString();
  const incident = {
    id: 'mx1@1',
    target: 'mx1',
    opened: at(90),
    closed: at(219),
    verdict: 'down' as const,
    witnesses: [],
    timeline: [
      { at: at(90), what: 'down: 1 of 1' },
      { at: at(219), what: 'up: 0 of 1' },
    ],
  };
  const report = uptimeOf('mx1', [incident], { span, watched }, 90);
  expect(report).toMatchObject({ down: 20 * minute, unwatched: 109 * minute, up: 471 * minute, toRepair: 20 * minute });
  expect(report.outageList).toMatchObject([{ down: 20 * minute }]);
  expect(report.objective?.burn).toBeCloseTo(20 / 49.1);
});
