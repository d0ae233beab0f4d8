import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Screen, screenOf } from '../../../bin/display/layout/screen.ts';
import { stepsText } from '../../../bin/display/layout/timing-steps.ts';
import { sparkline } from '../../../bin/display/tables/sample-sparkline.ts';
import { sampleLines } from '../../../bin/display/tables/samples.ts';
import { statusWatchLines } from '../../../bin/display/tables/status-watch-screen.ts';
import { targetStatusLines } from '../../../bin/display/tables/target-status.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import type { TargetStatus } from '../../../lambda/reports/status/target-status.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';

const utf8 = { LANG: 'C.UTF-8', TERM: 'xterm' };
const terminal = (columns: number): Screen => screenOf({ isTTY: true, columns }, utf8);
const pipe = screenOf({}, utf8);

describe('target status', () => {
  const now = Date.parse('2026-11-22T05:10:00Z');
  const sampleAt = (minute: number, outcome: Outcome, total = 84): VantageSample => ({
    vantage: 'local',
    round: `2026-11-22T05:0${minute}:00Z`,
    sample: {
      outcome,
      phase: outcome === 'pass' ? null : 'connect',
      code: outcome === 'pass' ? null : 'connect-timeout',
      reply: null,
      detail: null,
      timings: { dns: 2, connect: 11, greeting: 20, ehlo: 51 },
      total,
      address: null,
      transcript: [],
    },
  });

  test('a sparkline scales by the usual time of the vantage, with full height for failures and dots for gaps', () => {
    const far = { ...sampleAt(2, 'pass', 800), vantage: 'far' };
    const seen = [sampleAt(0, 'pass', 10), sampleAt(2, 'pass', 80), far, sampleAt(3, 'pass', 120), sampleAt(4, 'fail')];
    const from = Date.parse('2026-11-22T05:00:00Z');
    expect(stripVTControlCharacters(sparkline(seen, from, from + 300_000, 5, terminal(80)))).toBe('▁·▄▆█');
    expect(sparkline(seen, from, from + 300_000, 5, pipe)).toBe('');
  });

  const three = ['ap-southeast-1', 'eu-west-1', 'us-east-1'];

  test.each<[number, string[], Outcome, RegExp]>([
    [160, three, 'pass', /12 min \(04:58\) +84 ms +84 ms +84 ms .*▄·*$/],
    [160, three, 'fail', /84 ms = connect 13 .* ehlo 51 +fail: connect .*█·*$/],
    [120, three, 'fail', /84 ms +84 ms +fail at connect: connect-timeout .*█·*$/],
    [100, three, 'fail', /84 ms +84 ms +fail: connect .*█·*$/],
    [100, ['local'], 'pass', /84 ms = connect 13 \+ greeting 20 \+ ehlo 51 .*▄·*$/],
    [90, three, 'fail', /84 ms +fail: connect .*█·*$/],
    [80, ['local'], 'pass', /12 min \(04:58\) +84 ms .*▄·*$/],
    [80, ['local'], 'fail', /fail at connect: connect-timeout .*█·*$/],
    [80, three, 'fail', /12 min +84 84 fail .*█·*$/],
    [60, three, 'pass', /12 min +84 84 84 .*▄·*$/],
    [60, ['local'], 'fail', /12 min \(04:58\) +fail: connect .*█·*$/],
    [44, ['local'], 'pass', /submission +UP +12 min +84 *$/],
  ])('fits %i columns, of %j, with a sparkline: %s', (columns, names, outcome, words) => {
    const last = new Map(names.map((name) => [name, sampleAt(9, name === names.at(-1) ? outcome : 'pass')] as const));
    const recent = names.flatMap((vantage) => [0, 9].map((at) => ({ ...sampleAt(at, 'pass'), vantage })));
    const verdict = outcome === 'pass' ? 'up' : 'down';
    const since = '2026-11-22T04:58:00Z';
    const seen = [...recent, ...last.values()];
    const status = { target: 'submission', verdict, since, incident: null, last, recent: seen } as const;
    const lines = targetStatusLines([status], names, { now, utc: true }, terminal(columns)).map(
      stripVTControlCharacters,
    );
    expect(lines[1]).toMatch(words);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test('the labelled steps of a session add up to its total', () => {
    const time = fc.double({ min: 0, max: 3000, noNaN: true });
    const phases = fc.record(
      { dns: time, connect: time, greeting: time, ehlo: time, starttls: time, tls: time, ehlo2: time, auth: time },
      { requiredKeys: ['connect'] },
    );
    fc.assert(
      fc.property(phases, fc.constantFrom(0, 0, 700), (timings, waited) => {
        const total = Object.values(timings).reduce((sum, one) => sum + one, waited);
        const [shown = '', steps = ''] = stepsText({ timings, total }).split(' ms = ');
        const figures = [...steps.matchAll(/[a-z]+ (\d+(?:\.\d)?)/g)].map(([, figure]) => Number(figure));
        expect(figures.reduce((sum, one) => sum + one, 0)).toBeCloseTo(Number(shown), 6);
        expect(Math.abs(Number(shown) - total)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('an update of --watch fits the rows of the terminal, with the worst targets', () => {
    const status = (target: string, verdict: 'up' | 'down') => {
      return { target, verdict, since: null, incident: null, last: new Map(), recent: [] } as const;
    };
    const many = [...Array.from({ length: 50 }, (_, at) => status(`up${at}`, 'up')), status('mx1', 'down')];
    const clock = { now, utc: true };
    const linesOf = (some: readonly TargetStatus[]) => targetStatusLines(some, ['local'], clock, pipe);
    const lines = statusWatchLines(many, 12, clock, pipe, linesOf);
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe('updated 2026-11-22 05:10:00 UTC; press Ctrl-C to stop');
    expect(lines[2]).toMatch(/^mx1 +DOWN/);
    expect(lines).toContain('and 44 up more');
    expect(statusWatchLines(many.slice(0, 3), 12, clock, pipe, linesOf)).toHaveLength(7);
  });

  test('is printed for any number of samples', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => ({ ...sampleAt(at % 10, 'pass'), lag: 1 }));
    const clock = { now, utc: true };
    const last = new Map([['local', many[0] ?? null]]);
    const status = { target: 'mx1', verdict: 'up', since: null, incident: null, last, recent: many } as const;
    expect(targetStatusLines([status], ['local'], clock, terminal(120))[1]).toContain('84 ms');
    const from = '2026-11-22T05:00:00Z';
    expect(sampleLines('mx1', many.slice(0, 140_000), from, from, clock, pipe)).toHaveLength(140_004);
  });
});
