import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grid } from '../../../bin/display/layout/grid.ts';
import { type Screen, screenOf } from '../../../bin/display/layout/screen.ts';
import { sparkline } from '../../../bin/display/layout/sparkline.ts';
import { wrapText } from '../../../bin/display/layout/wrap.ts';
import { openProgressBar } from '../../../bin/display/live/progress-bar.ts';
import { milliseconds, waterfall } from '../../../bin/display/probe/waterfall.ts';
import { sampleLines } from '../../../bin/display/tables/samples.ts';
import { statusWatchLines } from '../../../bin/display/tables/status-watch.ts';
import { targetStatusLines } from '../../../bin/display/tables/target-status.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-sample.ts';
import type { TargetStatus } from '../../../lambda/reports/status/target-status.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';

const utf8 = { LANG: 'C.UTF-8', TERM: 'xterm' };
const terminal = (columns: number): Screen => screenOf({ isTTY: true, columns }, utf8);
const pipe = screenOf({}, utf8);

describe('screenOf', () => {
  test.each<[string, Parameters<typeof screenOf>, boolean, boolean]>([
    ['a terminal', [{ isTTY: true, columns: 80 }, utf8], true, true],
    ['a pipe', [{}, utf8], false, false],
    ['a terminal with NO_COLOR', [{ isTTY: true }, { ...utf8, NO_COLOR: '1' }], false, true],
    ['a pipe with FORCE_COLOR', [{}, { ...utf8, FORCE_COLOR: '1' }], true, false],
    ['NO_COLOR over FORCE_COLOR', [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }], false, false],
    ['a terminal without UTF-8', [{ isTTY: true }, { LANG: 'C' }], true, false],
    ['a dumb terminal', [{ isTTY: true }, { ...utf8, TERM: 'dumb' }], false, false],
  ])('%s', (_, args, colour, drawing) => {
    const screen = screenOf(...args);
    expect(screen.paint.red('x') !== 'x').toBe(colour);
    expect(screen.drawing).toBe(drawing);
  });
});

describe('waterfall', () => {
  const timings = { dns: 10, connect: 10, greeting: 20 };

  test('starts each bar at the end of the previous one', () => {
    expect(waterfall(timings, { ...pipe, width: 70 })).toEqual([
      'dns            10.0 ms  ##########',
      'connect        10.0 ms            ##########',
      'greeting       20.0 ms                      ####################',
    ]);
  });

  test('never exceeds the terminal width', () => {
    const phases = fc.record({ dns: fc.nat(30_000), tls: fc.nat(30_000), quit: fc.nat(30_000) });
    fc.assert(
      fc.property(phases, fc.integer({ min: 40, max: 160 }), (some, columns) => {
        for (const line of waterfall(some, terminal(columns))) {
          expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  test.each([
    [0.04, '0.0 ms'],
    [99.94, '99.9 ms'],
    [104.4, '104 ms'],
    [6102, '6102 ms'],
    [20_000, '20.0 s'],
  ])('%f is %s', (length, text) => expect(milliseconds(length)).toBe(text));
});

test('a grid aligns its columns, and omits empty ones', () => {
  const columns = [{ title: 'NAME' }, { title: 'EMPTY' }, { title: 'MS', align: 'right' as const }];
  const rows = [['mx1', '', '5'].map((text) => ({ text })), ['submission', '', '120'].map((text) => ({ text }))];
  expect(grid(columns, rows, pipe)).toEqual(['NAME         MS', 'mx1           5', 'submission  120']);
});

test('a shrinking column is cut on a narrow terminal only', () => {
  const columns = [{ title: 'NAME' }, { title: 'REPLY', shrinks: true as const }];
  const rows = [['mx1', `554 ${'no '.repeat(30)}`].map((text) => ({ text }))];
  const [, narrow = ''] = grid(columns, rows, terminal(40)).map(stripVTControlCharacters);
  expect(narrow).toMatch(/^mx1 {3}554 no .*…$/);
  expect(narrow).toHaveLength(40);
  expect(grid(columns, rows, pipe)[1]).toContain('no '.repeat(30).trimEnd());
});

test('wrapped text has every word, in lines of limited width', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '-') })), (words) => {
      const lines = wrapText(words.join(' '), 12);
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(12);
    }),
  );
});

test('a progress bar fits in one line', () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
  openProgressBar(stream, terminal(80)).show(0.5, `1234 items  ${'round#ap-southeast-1 '.repeat(5)}`);
  expect(stripVTControlCharacters(written.join('')).replace('\r', '').length).toBeLessThan(80);
});

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
    [160, three, 'pass', /12 min \(04:58\) +84 ms = 13\+20\+51 .*▄·*$/],
    [160, three, 'fail', /84 ms = 13\+20\+51 +fail at connect: connect-timeout .*█·*$/],
    [120, three, 'pass', /84 ms = 13\+20\+51 .*▄·*$/],
    [120, three, 'fail', /84 ms = 13\+20\+51 +fail at connect: connect-timeout .*█·*$/],
    [112, three, 'fail', /84 ms = 13\+20\+51 +fail: connect .*█·*$/],
    [90, three, 'fail', /84 ms +fail: connect .*█·*$/],
    [80, ['local'], 'pass', /84 ms = 13\+20\+51 .*▄·*$/],
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
