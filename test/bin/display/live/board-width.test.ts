import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { screenOf } from '../../../../bin/display/layout/screen.ts';
import { columnsOf } from '../../../../bin/display/layout/text-width.ts';
import { painted, wrapParts } from '../../../../bin/display/layout/wrap.ts';
import { openView } from '../../../../bin/display/live/choose-view.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import type { Outcome } from '../../../../lambda/smtp/sample/sample.ts';
import { alert, context } from '../../../alert/alerts.ts';
import { boardOf } from './example-board.ts';

/** A view in a terminal with colours. */
function viewed(columns: number) {
  const written: string[] = [];
  const output = { isTTY: true, rows: 200, columns, write: (text: string) => void written.push(text) };
  const screen = screenOf(output, { LANG: 'C.UTF-8', TERM: 'xterm' });
  const view = openView({ format: 'text', quiet: false }, output, screen, context);
  return {
    view,
    lines: () =>
      written
        .join('')
        .replaceAll(/\p{Cc}\[\d+[AJ]/gu, '')
        .split('\n'),
  };
}

type Board = ReturnType<typeof boardOf>;

/** The board with other names and another reply. */
function named(board: Board, target: string, vantage: string, reply: string): Board {
  const rows = board.rows.map((row, at) => ({
    ...row,
    target: `${target}-${at}`,
    where: `${target}.example.com:25`,
    samples: new Map([...row.samples.values()].map((sample) => [vantage, { ...sample, reply }])),
  }));
  return { ...board, vantages: [vantage], rows };
}

const replies = [
  ['a long reply', `554 5.3.1 ${'The mail system is full. '.repeat(6)}`],
  ['a long word', `554 ${'x'.repeat(150)}`],
  ['wide characters', `554 5.3.1 ${'磁盘已满，请稍后再试。'.repeat(12)}`],
  ['emoji', `554 ${'📭 '.repeat(60)}`],
  ['marks', `554 ${'ä̈'.repeat(70)}`],
  ['escapes', `554 ${'\x1b[31m'.repeat(20)}`],
] as const;

describe.each([60, 80, 120])('at %d columns nothing is wider than the terminal', (width) => {
  test.each(replies)('with %s in the reply, and long ids', (_, reply) => {
    const { view, lines } = viewed(width);
    view.say('Stopping after the running probes. Press Ctrl-C again to stop at once.');
    for (const outcome of ['pass', 'fail', 'warn', 'unable', 'pass'] satisfies Outcome[]) {
      const board = boardOf('2026-11-22T05:59:30Z', outcome, 'up');
      view.showRound(named(board, 'a-target-with-a-name-as-long-as-it-may-be', 'ap-southeast-1', reply));
    }
    view.showProblem({ level: 'warn', text: `the judge failed: ${reply}` });
    view.showAlert({ alert: { ...alert('down'), reason: `mx1 is down: ${reply}` }, ...PLAIN });
    const wide = lines().filter((line) => columnsOf(line) > width);
    expect(wide).toEqual([]);
    expect(lines().join('\n')).toContain('pass -> fail');
  });
});

test('a change stands in one line where it fits, and below its first word where it does not', () => {
  const { view, lines } = viewed(60);
  const board = boardOf('2026-11-22T05:59:30Z', 'fail', 'up');
  view.showRound(board);
  const plain = lines().map((line) => line.replaceAll(/\p{Cc}\[\d+m/gu, ''));
  expect(plain.slice(0, 3)).toEqual([
    '05:59:30 UTC  mx1 from local: first -> fail at greeting',
    '              (greeting-refused): 554 5.3.1 Disk\\x1b[31m',
    '              full',
  ]);
});

test('wrapping loses no character, keeps each colour, and fits', () => {
  const texts = fc.stringMatching(/^[a-z 磁📭]{0,40}$/u);
  const colours = [1, 2, 3].map((code) => (text: string) => `\x1b[3${code}m${text}\x1b[39m`);
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 6 }), fc.integer({ min: 24, max: 120 }), (some, width) => {
      const parts = [
        { text: '05:59:30 UTC  ' },
        ...some.map((text, at) => ({ text, paint: colours[at % 3] ?? ((plain: string) => plain) })),
      ];
      const lines = wrapParts(parts, width, 14);
      for (const line of lines) expect(columnsOf(line.trimEnd())).toBeLessThanOrEqual(width);
      const ownColours = (text: string) =>
        [...text.matchAll(/\p{Cc}\[3([123])m(.*?)\p{Cc}\[39m/gu)].flatMap(([, code, run = '']) =>
          Array.from(run.replaceAll(' ', '')).map((character) => code + character),
        );
      expect(lines.flatMap(ownColours)).toEqual(ownColours(painted(parts)));
    }),
  );
});

test.each([
  ['plain', 5],
  ['é', 1],
  ['é', 1],
  ['磁盘', 4],
  ['ｗｉｄｅ', 8],
  ['한국', 4],
  ['📭', 2],
  ['\x1b[31mred\x1b[39m', 3],
  ['▁▂█ · ✓ ✗ │ …', 13],
])('%j takes %d columns', (text, columns) => expect(columnsOf(text)).toBe(columns));
