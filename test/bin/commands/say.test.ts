import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { problemOf } from '../../../lambda/history/exported-item-check.ts';
import { type History, openHistory } from '../../../lambda/history/history.ts';
import { addStatement, type Statement, withdrawStatement } from '../../../lambda/history/statements/statement.ts';
import { statementsItem, storedStatementsOf } from '../../../lambda/history/statements/statement-item.ts';
import { openStatementStore, type StatementStore } from '../../../lambda/history/statements/statement-store.ts';
import { splitThreshold, valueSize } from '../../../lambda/history/table/item-size.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { cli, inProcess } from '../cli.ts';
import { type HistoryFolder, openHistoryFolder } from '../history-folder.ts';

const opened = '2026-11-22T05:08:00Z';
const open: Incident = {
  id: `mx1@${opened}`,
  target: 'mx1',
  opened,
  closed: null,
  verdict: 'down',
  witnesses: [],
  timeline: [],
};
const ended = { ...open, id: `mx2@${opened}`, target: 'mx2', closed: '2026-11-22T05:30:00Z' };

let folder: string;
let own: HistoryFolder;
let history: History;
let store: StatementStore;

beforeAll(async () => {
  own = await openHistoryFolder();
  folder = own.folder;
  const { table } = own;
  history = openHistory(table);
  store = openStatementStore(table);
  const judgement = { target: 'mx1', verdict: 'down', since: opened, incident: open, owed: [] } as const;
  await history.writeJudgement(judgement, 0, null);
  await history.writeJudgement({ ...judgement, target: 'mx2', verdict: 'up', incident: ended }, 0, null);
  await history.writeJudgement({ ...judgement, target: 'mx3', verdict: 'up', incident: null }, 0, null);
});

afterAll(() => own.close());

const say = (...args: readonly string[]) => inProcess(['say', ...args, '--folder', folder]);

test('is stored with its state and its author, listed, and withdrawn; the others keep their numbers', async () => {
  const first = await say('mx1', 'A disk is full.', '--state', 'identified', '--by', 'ops@example.com');
  expect([first.code, first.stderr, first.stdout.split('\n')[0]]).toEqual([
    0,
    '',
    `said of ${open.id}, as identified, by ops@example.com`,
  ]);
  const second = await say(open.id, 'Mail flows again.\n\nWe watch.', '--state', 'monitoring', '--by', 'noc');
  expect(second.stdout).toContain(`'smtp-quorum say ${open.id} --withdraw 2' removes it`);
  await say('mx1', '  The state stays.  ', '--by', 'noc');
  const { statements, version } = await store.statements(open.id);
  expect(version).toBe(3);
  expect(statements).toMatchObject([
    { number: 1, state: 'identified', by: 'ops@example.com', text: 'A disk is full.' },
    { number: 2, state: 'monitoring', by: 'noc', text: 'Mail flows again.\n\nWe watch.' },
    { number: 3, state: 'monitoring', text: 'The state stays.' },
  ]);
  expect((await say('mx1', '--withdraw', '2', '--by', 'lead')).stdout).toBe(`withdrew 2 of ${open.id}\n`);
  const list = await say('mx1', '--list', '--utc');
  expect(list.stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: UTC)?/g, 'TIME')).toBe(
    [
      '1 identified  TIME, by ops@example.com',
      '  A disk is full.',
      '',
      '2 monitoring  TIME, by noc',
      '  withdrawn TIME, by lead',
      '',
      '3 monitoring  TIME, by noc',
      '  The state stays.',
      '',
    ].join('\n'),
  );
  const lines = (await say('mx1', '--list', '--json')).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { number: 1 },
    { text: '', withdrawn: { by: 'lead' } },
    {},
  ]);
  const shown = await inProcess(['incident', 'mx1', '--folder', folder]);
  expect(shown.stdout).toContain('A disk is full.');
  expect(shown.stdout).not.toContain('We watch.');
});

test.each([
  {
    args: ['mx1', 'over', '--state', 'resolved'],
    message: `${open.id} is not over: the verdict is down. The quorum says when it ends; until then say 'monitoring'`,
  },
  { args: ['mx3', 'what'], message: "there is no incident 'mx3'; mx3 has no incidents" },
  { args: ['mx11', 'what'], message: "did you mean 'mx1'?" },
  { args: ['mx1@2026-11-22T05:08:01Z', 'what'], message: `did you mean '${open.id}'?` },
  { args: ['mx1', 'what', '--state', 'fixed'], message: 'Allowed choices are investigating' },
  { args: ['mx1', ' \n '], message: 'the text is empty' },
  { args: ['mx1', 'x'.repeat(2001)], message: 'the text has 2001 characters, and 2000 are the most' },
  { args: ['mx1', '\u202e'.repeat(300)], message: 'the text has 2400 characters' },
  { args: ['mx1'], message: 'give a text in quotes, or --list, or --withdraw NUMBER' },
  { args: ['mx1', 'a text', '--list'], message: 'give a text in quotes, or --list' },
  { args: ['mx1', '--withdraw', '0'], message: "--withdraw: '0' is not a number of --list" },
  { args: ['mx1', '--withdraw', '9'], message: 'under 9; there is 1, 3' },
  { args: ['mx1', '--withdraw', '2'], message: '2 was withdrawn already, by lead' },
  { args: ['mx2', '--withdraw', '1'], message: 'nothing at all' },
])('$args is refused: $message', async ({ args, message }) => {
  const { code, stderr } = await say(...args);
  expect(code).toBe(3);
  expect(stderr).toContain(message);
});

test('an incident that is over is resolved, unless somebody says otherwise', async () => {
  await say('mx2', 'A cable was loose.');
  await say('mx2', 'We go on watching.', '--state', 'monitoring');
  await say('mx2', 'Done.', '--state', 'resolved');
  const { statements } = await store.statements(ended.id);
  expect(statements.map(({ state }) => state)).toEqual(['resolved', 'monitoring', 'resolved']);
});

test('hostile words are stored as text of one meaning, and the 51st statement is refused', async () => {
  const hostile = '\u001b[2J\u202eevil\u0000\ud800 <script>';
  await say('mx2', hostile, '--by', '\u001b]0;x\u0007');
  const { statements, version } = await store.statements(ended.id);
  expect(statements.at(-1)).toMatchObject({
    text: '\\x1b[2J\\u{202e}evil\\x00\\u{d800} <script>',
    by: '\\x1b]0;x\\x07',
  });
  const full = Array.from({ length: 50 }, (_, nth) => ({ ...(statements[0] as Statement), number: nth + 1 }));
  await store.writeStatements({ incident: ended.id, statements, version }, full);
  const { code, stderr } = await say('mx2', 'one more');
  expect([code, stderr]).toEqual([3, expect.stringContaining('has 50 statements, and these are the most')]);
});

test('two people who speak at once are both heard', async () => {
  const before = (await store.statements(open.id)).statements.length;
  const ended = await Promise.all(['one', 'two', 'three'].map((text) => cli(['say', 'mx1', text, '--folder', folder])));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  const { statements } = await store.statements(open.id);
  expect(
    statements
      .slice(before)
      .map(({ text }) => text)
      .sort(),
  ).toEqual(['one', 'three', 'two']);
});

test('export and import carry what was said', async () => {
  const file = path.join(folder, 'all.ndjson');
  const other = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  await inProcess(['export', '--out', file, '--folder', folder]);
  expect(readFileSync(file, 'utf8')).toContain('"pk":"statements"');
  const imported = await inProcess(['import', file, '--folder', other]);
  expect(imported.stderr).toBe('');
  const list = await inProcess(['say', open.id, '--list', '--json', '--folder', other]);
  expect(list.stdout).toBe((await say('mx1', '--list', '--json')).stdout);
  rmSync(other, { recursive: true });
});

describe('the item', () => {
  const words = fc.string({ unit: 'binary', maxLength: 2000 });
  const statement = fc.record({
    at: fc.constant(opened),
    by: fc.string({ unit: 'binary', maxLength: 120 }),
    state: fc.constantFrom('investigating', 'identified', 'monitoring', 'resolved'),
    text: words,
  } as const);

  test('is read as it was written, and can be imported', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 60 }), fc.nat(70), (given, number) => {
        let all: readonly Statement[] = [];
        for (const one of given) all = addStatement(all, one) ?? all;
        all = withdrawStatement(all, number, { at: opened, by: 'ops' }) ?? all;
        const item = statementsItem({ incident: open.id, statements: all, version: 1 }, '1a2b3c4d');
        expect(storedStatementsOf(item)).toEqual({ incident: open.id, statements: all, version: 1 });
        expect(problemOf(item)).toBeNull();
        expect(all.map((one) => one.number)).toEqual(all.map((_, nth) => nth + 1));
        expect(all.length).toBe(Math.min(50, given.length));
      }),
      { numRuns: 30 },
    );
  });

  test('fits also if every character has three octets', () => {
    let all: readonly Statement[] = [];
    for (let nth = 0; nth < 60; nth++) {
      all =
        addStatement(all, { at: opened, by: '\uffff'.repeat(120), state: 'resolved', text: '\u20ac'.repeat(2000) }) ??
        all;
    }
    const item = statementsItem({ incident: open.id, statements: all, version: 1 }, '1a2b3c4d');
    expect(valueSize(item)).toBeLessThan(splitThreshold);
    expect(problemOf(item)).toBeNull();
  });

  test.each([
    ['no list', { statements: 'x' }],
    ['an unknown state', { statements: [{ number: 1, at: opened, by: '', state: 'fixed', text: '' }] }],
    ['a time', { statements: [{ number: 1, at: 'now', by: '', state: 'resolved', text: '' }] }],
    ['another incident', { incident: `mx9@${opened}` }],
    ['no version', { version: -1 }],
  ])('with %s is skipped and told once, and the next statement replaces it', async (_, damage) => {
    const table = openInMemoryTable();
    const told: string[] = [];
    const statements = openStatementStore(table, ({ sk }) => void told.push(sk));
    const item = statementsItem({ incident: open.id, statements: [], version: 1 }, '1a2b3c4d');
    await table.put({ ...item, ...damage });
    expect(await statements.statementsSince('')).toEqual(new Map());
    const read = await statements.statements(open.id);
    expect([read.version, told]).toEqual([0, [item.sk]]);
    const said = addStatement(read.statements, { at: opened, by: 'ops', state: 'identified', text: 'again' }) ?? [];
    expect(await statements.writeStatements(read, said)).toBe(true);
    expect((await statements.statements(open.id)).statements).toEqual(said);
  });
});
