import { describe, expect, test } from 'vitest';
import { screenOf } from '../../../../bin/display/layout/screen.ts';
import { openView, type ViewOptions } from '../../../../bin/display/live/choose-view.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import { alert, context } from '../../../alert/alerts.ts';
import { boardOf } from './example-board.ts';

function viewed(options: Partial<ViewOptions> = {}, isTTY = false) {
  const written: string[] = [];
  const output = { isTTY, rows: 40, columns: 120, write: (text: string) => void written.push(text) };
  const view = openView({ format: 'text', quiet: false, ...options }, output, screenOf({}, { NO_COLOR: '1' }), context);
  return { view, text: () => written.join(''), lines: () => written.join('').split('\n').slice(0, -1) };
}

const rounds = [
  boardOf('2026-11-22T05:58:00Z', 'pass', null, 1),
  boardOf('2026-11-22T05:59:00Z', 'pass', 'up', 2),
  boardOf('2026-11-22T05:59:30Z', 'fail', 'up', 3),
  boardOf('2026-11-22T06:00:00Z', 'fail', 'down', 4),
  boardOf('2026-11-22T06:00:30Z', 'pass', 'up', 5),
];

/** A probe of mx1 that ended after its round was recorded. */
function lateOf(round: string, outcome: 'pass' | 'fail', number = 1) {
  const samples = boardOf(round, outcome, null).rows[0]?.samples.get('local');
  if (samples === undefined) throw new Error('no sample');
  return { round, number, vantage: 'local', samples: new Map([['mx1', samples]]) };
}

/** A round whose probe of mx1 is under way. */
function underWay(round: string, number = 1) {
  const board = boardOf(round, 'pass', 'up', number);
  return { ...board, rows: board.rows.map((row) => (row.target === 'mx1' ? { ...row, samples: new Map() } : row)) };
}

describe('in a pipe', () => {
  test('a probe that ends after its round was recorded is told under that round, and counted', () => {
    const { view, lines } = viewed();
    view.showRound(underWay('2026-11-22T05:58:00Z', 1));
    view.showLateSamples(lateOf('2026-11-22T05:58:00Z', 'fail'));
    view.showLateSamples(lateOf('2026-11-22T05:59:00Z', 'fail'));
    view.showRound(underWay('2026-11-22T06:00:00Z', 2));
    expect(lines()).toEqual([
      '05:58:00 UTC  round 1: 2 targets: 2 up',
      '05:58:00 UTC  mx1 from local: first -> fail at greeting (greeting-refused): 554 5.3.1 Disk\\x1b[31m full',
      '06:00:00 UTC  round 2: 2 targets: 2 up; since the last summary 1 round, 1 change',
    ]);
  });

  test('a line per change, and a summary after the first round and in each hour', () => {
    const { view, lines } = viewed();
    for (const round of rounds) view.showRound(round);
    expect(lines()).toEqual([
      '05:58:00 UTC  round 1: 2 targets: 1 up, 1 unknown (mx1)',
      '05:59:30 UTC  mx1 from local: pass -> fail at greeting (greeting-refused): 554 5.3.1 Disk\\x1b[31m full',
      '06:00:00 UTC  mx1: verdict up -> down',
      '06:00:00 UTC  round 4: 2 targets: 1 up, 1 down (mx1); since the last summary 3 rounds, 2 changes',
      '06:00:30 UTC  mx1 from local: fail -> pass',
      '06:00:30 UTC  mx1: verdict down -> up',
    ]);
  });

  test('one round and one change since the last summary are told in the singular', () => {
    const { view, lines } = viewed();
    view.showRound(boardOf('2026-11-22T05:59:00Z', 'pass', 'up', 1));
    view.showRound(boardOf('2026-11-22T06:00:00Z', 'pass', 'degraded', 2));
    expect(lines().at(-1)).toContain('since the last summary 1 round, 1 change');
    expect(lines().at(-1)).not.toMatch(/rounds|changes/);
  });

  test('rounds without a change write nothing: 2,000 rounds are a line an hour', () => {
    const { view, lines } = viewed();
    const start = Date.parse('2026-11-22T05:00:00Z');
    for (let number = 0; number < 2_000; number += 1) {
      view.showRound(boardOf(new Date(start + number * 60_000).toISOString(), 'pass', 'up', number + 1));
    }
    expect(lines()).toHaveLength(Math.ceil(2_000 / 60));
  });

  test('a target that fails when the monitor starts is a change', () => {
    const { view, lines } = viewed();
    view.showRound(boardOf('2026-11-22T05:58:00Z', 'fail', 'down'));
    expect(lines().slice(0, 2)).toEqual([
      expect.stringContaining('mx1 from local: first -> fail at greeting'),
      '05:58:00 UTC  mx1: verdict first -> down',
    ]);
  });

  test('a summary names at most ten targets', () => {
    const { view, text } = viewed();
    const [row] = boardOf('2026-11-22T05:58:00Z', 'pass', null).rows;
    if (row === undefined) throw new Error('no row');
    const many = Array.from({ length: 12 }, (_, n) => ({ ...row, target: `mx${n}` }));
    view.showRound({ ...boardOf('2026-11-22T05:58:00Z', 'pass', null), rows: many });
    expect(text()).toContain('12 unknown (mx0, mx1, mx2, mx3, mx4, mx5, mx6, mx7, mx8, mx9, and 2 more)');
  });
});

describe('in a terminal', () => {
  test('a probe that ends after its round was recorded is told above the board, and shown in the board of that round', () => {
    const { view, text } = viewed({}, true);
    view.showRound(underWay('2026-11-22T05:58:00Z'));
    const before = text().length;
    view.showLateSamples(lateOf('2026-11-22T05:58:00Z', 'fail'));
    const after = text().slice(before);
    expect(after).toContain('05:58:00 UTC  mx1 from local: first -> fail at greeting');
    expect(after.split('round 1').at(-1)).toMatch(/mx1 .*FAIL greeting 554 .*up, 1 of 1 fail/);
    const shown = text().length;
    view.showLateSamples(lateOf('2026-11-22T05:57:00Z', 'pass'));
    expect(text().slice(shown)).toMatch(/mx1 from local: fail -> pass[\s\S]*FAIL greeting/);
  });

  test('problems stand above the board, which is drawn again below them', () => {
    const { view, text } = viewed({}, true);
    view.showRound(boardOf('2026-11-22T05:58:00Z', 'pass', 'up'));
    const height = text().split('\n').length - 1;
    view.showProblem({ level: 'error', text: 'judge failed' });
    const [, erased = ''] = text().split(`\x1b[${height}A\x1b[0J`);
    expect(erased.split('\n')[0]).toMatch(/^\d\d:\d\d:\d\d UTC {2}error: judge failed$/);
    expect(erased.split('\n')[1]).toContain('05:58:00 UTC  round 1');
  });
});

describe.each([false, true])('--quiet, in a terminal: %s', (isTTY) => {
  test('shows alerts and problems only', () => {
    const { view, text, lines } = viewed({ quiet: true }, isTTY);
    view.say('Monitoring 2 targets');
    for (const round of rounds) view.showRound(round);
    view.showLateSamples(lateOf('2026-11-22T06:00:30Z', 'fail'));
    expect(text()).toBe('');
    view.showProblem({ level: 'warn', text: 'heartbeat failed' });
    expect(lines()).toEqual([expect.stringMatching(/UTC {2}warning: heartbeat failed$/)]);
    view.showAlert({ alert: alert('down'), ...PLAIN });
    expect(text()).toContain('ALERT  mx1 (mx1.example.com:25) is DOWN');
  });
});

describe('--log json', () => {
  const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

  test('each line is an object with a time and a type', () => {
    const { view, lines, text } = viewed({ format: 'json' });
    view.say('Monitoring 2 targets');
    for (const round of rounds) view.showRound(round);
    view.showAlert({ alert: alert('down'), ...PLAIN });
    view.showProblem({ level: 'error', text: 'judge failed' });
    expect(text()).toMatch(/^[ -~\n]*$/);
    const entries = parsed(lines());
    for (const { at } of entries) expect(new Date(at).toISOString()).toBe(at);
    expect(entries.map(({ type }) => type)).toEqual([
      ...['round', 'round', 'change', 'round', 'change', 'round', 'change', 'change', 'round', 'alert', 'problem'],
    ]);
  });

  test('a round has every target with its verdict and what each vantage saw', () => {
    const { view, lines } = viewed({ format: 'json' });
    view.showRound(boardOf('2026-11-22T06:00:00Z', 'fail', 'down', 4));
    expect(parsed(lines()).at(-1)).toMatchObject({
      type: 'round',
      round: '2026-11-22T06:00:00Z',
      number: 4,
      targets: {
        mx1: {
          verdict: 'down',
          vantages: { local: { outcome: 'fail', phase: 'greeting', code: 'greeting-refused', total: 12.5 } },
        },
        mx2: { verdict: 'up', vantages: { local: { outcome: 'pass', phase: null, code: null, total: 12.5 } } },
      },
    });
  });

  test('a change of an outcome has the failure, a change of a verdict has not', () => {
    const { view, lines } = viewed({ format: 'json' });
    for (const round of rounds.slice(1, 4)) view.showRound(round);
    const changes = parsed(lines()).filter(({ type }) => type === 'change');
    const outcome = { what: 'outcome', target: 'mx1', vantage: 'local', from: 'pass', to: 'fail' };
    expect(changes).toEqual([
      expect.objectContaining({ ...outcome, code: 'greeting-refused', reply: '554 5.3.1 Disk\x1b[31m full' }),
      expect.objectContaining({ what: 'verdict', target: 'mx1', from: 'up', to: 'down' }),
    ]);
    expect(changes[1]).not.toHaveProperty('reply');
  });

  test('a probe that ends after its round was recorded is told under that round', () => {
    const { view, lines } = viewed({ format: 'json' });
    view.showRound(underWay('2026-11-22T05:58:00Z', 7));
    view.showLateSamples(lateOf('2026-11-22T05:58:00Z', 'fail', 7));
    const [round, change, late] = parsed(lines());
    expect(round.targets.mx1.vantages).toEqual({});
    const failed = { outcome: 'fail', phase: 'greeting', code: 'greeting-refused' };
    expect(change).toMatchObject({
      type: 'change',
      round: '2026-11-22T05:58:00Z',
      target: 'mx1',
      from: null,
      to: 'fail',
    });
    expect(late).toEqual({
      at: expect.any(String),
      type: 'late',
      round: '2026-11-22T05:58:00Z',
      number: 7,
      targets: { mx1: { vantages: { local: { ...failed, total: 12.5 } } } },
    });
  });

  test('an alert is the document that webhooks get', () => {
    const { view, lines } = viewed({ format: 'json', quiet: true });
    view.showAlert({ alert: alert('down'), ...PLAIN });
    const [entry] = parsed(lines());
    expect(entry.alert).toMatchObject({ version: 1, id: alert('down').id, kind: 'down', subject: 'mx1' });
  });

  test.each(['constructor', '__proto__'])('a target with the id %s is a target', (id) => {
    const { view, lines } = viewed({ format: 'json' });
    const board = boardOf('2026-11-22T06:00:00Z', 'pass', 'up');
    view.showRound({ ...board, rows: board.rows.map((row) => ({ ...row, target: id })) });
    expect(lines()[0]).toContain(`"targets":{"${id}":{"verdict":"up"`);
  });
});
