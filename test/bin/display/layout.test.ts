import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grid } from '../../../bin/display/layout/grid.ts';
import { openProgressBar } from '../../../bin/display/layout/progress-bar.ts';
import { type Screen, screenOf } from '../../../bin/display/layout/screen.ts';
import { wrapIndented, wrapText } from '../../../bin/display/layout/wrap.ts';
import { wrapTranscript } from '../../../bin/display/probe/transcript.ts';
import { milliseconds, waterfall } from '../../../bin/display/probe/waterfall.ts';

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
    expect(waterfall({ timings, total: 40 }, { ...pipe, width: 70 })).toEqual([
      'dns            10.0 ms  ##########',
      'connect        10.0 ms            ##########',
      'greeting       20.0 ms                      ####################',
    ]);
  });

  test('adds up to the total: what is of no phase is `other`, and QUIT comes after', () => {
    const lines = waterfall({ timings: { ...timings, quit: 5 }, total: 55 }, { ...pipe, width: 70 });
    expect(lines.map((line) => /^(\D*\S) +([\d.]+) ms/.exec(line)?.slice(1))).toEqual([
      ['dns', '10.0'],
      ['connect', '10.0'],
      ['greeting', '20.0'],
      ['other', '15.0'],
      ['then quit', '5.0'],
    ]);
    expect(waterfall({ timings: {}, total: 55 }, pipe)).toEqual([]);
  });

  test('never exceeds the terminal width', () => {
    const phases = fc.record({ dns: fc.nat(30_000), tls: fc.nat(30_000), quit: fc.nat(30_000) });
    fc.assert(
      fc.property(phases, fc.integer({ min: 40, max: 160 }), (some, columns) => {
        for (const line of waterfall({ timings: some, total: 40_000 }, terminal(columns))) {
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

describe('a transcript', () => {
  const reply = `S: 550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in local recipient table\x1b[0m`;
  const lines = ['* 192.0.2.1, port 25', 'C: RCPT TO:<nobody@example.com>', reply];

  test('is wrapped to the screen below its side, and escaped', () => {
    const shown = wrapTranscript(lines, { ...pipe, bounded: true, width: 60 }, 2);
    expect(shown).toEqual([
      '* 192.0.2.1, port 25',
      'C: RCPT TO:<nobody@example.com>',
      'S: 550 5.1.1 <nobody@example.com>: Recipient address',
      '   rejected: User unknown in local recipient table\\x1b[0m',
    ]);
  });

  test('has whole lines in a pipe', () => {
    expect(wrapTranscript(lines, pipe, 2)).toHaveLength(3);
  });
});

test.each([
  ['  code: some more words', 16, ['  code: some', '        more', '        words']],
  ['  first  some more words', 20, ['  first  some more', '         words']],
  ['  some more words, many', 16, ['  some more', '  words, many']],
])('a wrapped line is indented as its label: %j', (line, columns, lines) => {
  expect(wrapIndented(line, columns)).toEqual(lines);
});
