import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inProcess } from '../cli.ts';

let folder: string;
const run = (...args: readonly string[]) => inProcess([...args, '--folder', folder]);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  await run('import', path.resolve(import.meta.dirname, '../../fixtures/table-0.1.ndjson'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('an incident as Markdown has its votes, out of rounds that are rolled up, and what people said', async () => {
  const id = 'mx1@2026-11-21T22:05:00Z';
  await run('say', id, 'A cable was loose.\n* not a list', '--by', 'ops@example.com');
  const { code, stdout, stderr } = await run('incident', id, '--markdown');
  expect([code, stderr]).toEqual([0, '']);
  for (const line of [
    '# mx1: incident of 2026-11-21 22:05:00 UTC',
    '- From 2026-11-21 22:05:00 UTC to 2026-11-21 22:50:20 UTC: 45 min 20 s',
    '> A cable was loose.',
    '> \\* not a list',
    '| Round | ap-southeast-1 | eu-west-1 | us-east-1 | Votes for down | Verdict |',
    '| 2026-11-21 22:00:00 UTC | pass, votes up | pass, votes up | pass, votes up | 0 of 3, quorum 2 |  |',
    '| 2026-11-21 22:05:20 UTC | fail, votes down | fail, votes down | fail, votes down | 3 of 3, quorum 2 | Down |',
    '| 2026-11-21 22:50:00 UTC | pass, votes up | pass, votes up | pass, votes up | 0 of 3, quorum 2 | Up |',
    'S: 554 5.7.1 no service here',
  ]) {
    expect(stdout.split('\n')).toContain(line);
  }
  // Rounds are named after their samples; none of them is in the hours twice.
  const rows = stdout.split('\n').filter((line) => /^\| 2026-11-21 2[123]:\d\d:\d\d UTC \| (?:pass|fail)/.test(line));
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(12);
});

test('an incident of a vantage has no votes', async () => {
  const { code, stdout } = await run('incident', 'vantage/eu-west-1@2026-11-21T23:15:20Z', '--markdown');
  expect(code).toBe(0);
  expect(stdout).toContain('# vantage/eu-west-1: incident of 2026-11-21 23:15:20 UTC');
  expect(stdout).not.toContain('## Votes');
});

test('history has what was said in its time, and not what was withdrawn', async () => {
  const asked = ['history', 'mx1', '--since', '2026-11-21T22:00:00Z', '--step', 'sample', '--utc'];
  const before = await run(...asked);
  expect(before.stdout).toMatch(
    /^said [\d: -]+UTC, resolved, by ops@example\.com: A cable was loose\. \* not a list$/m,
  );
  await run('say', 'mx1@2026-11-21T22:05:00Z', '--withdraw', '1');
  const after = await run(...asked);
  expect([after.code, after.stderr]).toEqual([0, '']);
  expect(after.stdout).not.toContain('said ');
  const other = await run('history', 'mx2', '--since', '2026-11-21T22:00:00Z', '--step', 'sample');
  expect(other.stdout).not.toContain('said ');
});
