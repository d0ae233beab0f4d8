import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import { openWindowStore, type WindowStore } from '../../../lambda/history/windows/window-store.ts';
import { inProcess } from '../cli.ts';
import { type HistoryFolder, openHistoryFolder } from '../history-folder.ts';

const HOUR = 3_600_000;
/** Of a month: not the one that may be now. */
const SUNDAY = new Date().getUTCDate() > 10 ? 'first' : 'third';
let folder: string;
let config: string;
let own: HistoryFolder;
let store: WindowStore;

beforeAll(async () => {
  own = await openHistoryFolder();
  folder = own.folder;
  config = path.join(folder, 'smtp-quorum.yaml');
  writeFileSync(
    config,
    `vantages: [local]
targets:
  - { id: mx1, host: mx1.example.net, tags: [edge] }
  - { id: mx2, host: mx2.example.net }
maintenance:
  - { id: patches, why: patches of the system, zone: Europe/Berlin, monthly: ${SUNDAY} Sunday 02:00-04:00 }
`,
  );
  store = openWindowStore(own.table);
  const history = openHistory(own.table);
  for (const target of ['mx1', 'mx2'])
    await history.writeJudgement(
      { target, verdict: 'up', since: '2026-11-22T05:08:00Z', incident: null, owed: [] },
      0,
      null,
    );
});

afterAll(() => own.close());

const run = (command: string, ...args: readonly string[]) =>
  inProcess([command, ...args, '--folder', folder, '--config', config]);
const why = ['--why', 'new power supply', '--by', 'ops@example.com'];

test('a mute is stored with its end, its reason and who made it', async () => {
  const before = Date.now();
  const { code, stdout } = await run('mute', 'mx1', '--for', '2h', ...why);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^muted mx1 until .* \(2 h\): new power supply\n'smtp-quorum unmute mute-[0-9a-f]{6}' ends it before\n$/,
    ),
  ]);
  const [mute] = (await store.mutes()).mutes;
  expect(mute).toMatchObject({ targets: ['mx1'], why: 'new power supply', by: 'ops@example.com', version: 1 });
  expect(mute?.until).toBe((mute?.from ?? 0) + 2 * HOUR);
  expect(mute?.from).toBeGreaterThan(before - 1000);
  expect(mute?.from).toBeLessThanOrEqual(Date.now());
});

test('it is listed with the windows of the config, and ended', async () => {
  const { stdout } = await run('mutes', '--json');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toMatchObject([
    { kind: 'mute', targets: ['mx1'], inForce: true },
    { kind: 'window', id: 'patches', inForce: false },
  ]);
  const text = await run('mutes');
  expect(text.stdout).toMatch(/mute-[0-9a-f]{6} +mx1 +muted, (?:1 h 59 min|2 h) left/);
  const ended = await run('unmute', 'mx1', '--by', 'noc@example.com');
  expect([ended.code, ended.stdout]).toEqual([0, `${rows[0].id} ended: mx1 is no longer muted by it\n`]);
  const [mute] = (await store.mutes()).mutes;
  expect(mute).toMatchObject({ endedBy: 'noc@example.com', version: 2 });
  expect(mute?.until).toBeLessThanOrEqual(Date.now());
  expect((await run('mutes', '--json')).stdout).not.toContain('mute-');
  expect((await run('mutes', '--all')).stdout).toContain('ended by noc@example.com');
  const again = await run('unmute', rows[0].id);
  expect([again.code, again.stderr]).toEqual([3, `smtp-quorum: ${rows[0].id} has ended already\n`]);
});

test('patterns and tags', async () => {
  expect((await run('mute', 'mx*', '--tag', 'edge', '--for', '30m', ...why)).stdout).toContain(
    'muted mx*, tag edge until',
  );
  expect((await run('unmute', 'mx*, tag edge')).code).toBe(0);
});

describe('what is no mute is refused in a line', () => {
  test.each<[string, readonly string[], string]>([
    ['no end', ['mx1', ...why], 'a mute has an end: add --for 2h'],
    ['two ends', ['mx1', '--for', '2h', '--until', '2099-01-01', ...why], 'exclude each other'],
    ['no duration', ['mx1', '--for', '2', ...why], "--for: '2' is not a duration"],
    ['nothing', ['mx1', '--for', '0h', ...why], "--for: '0h' is too short"],
    ['for ever', ['mx1', '--for', '31d', ...why], '30 days at most'],
    ['until far away', ['mx1', '--until', '2099-01-01', ...why], '30 days at most'],
    ['until the past', ['mx1', '--until', '2026-01-01', ...why], '--until: 2026-01-01 has passed'],
    ['until a duration', ['mx1', '--until', '2h', ...why], 'use --for 2h'],
    ['no reason', ['mx1', '--for', '2h'], 'a mute has a reason'],
    ['a long reason', ['mx1', '--for', '2h', '--why', 'x'.repeat(201)], '200 characters at most'],
    ['a reason of two lines', ['mx1', '--for', '2h', '--why', 'a\nb'], 'one line'],
    ['no target', ['--for', '2h', ...why], 'name targets or --tag'],
    ['an unknown target', ['mx3', '--for', '2h', ...why], "did you mean 'mx1'?"],
    ['a pattern for nothing', ['web*', '--for', '2h', ...why], "no target matches 'web*'; known: mx1, mx2"],
    ['an unknown tag', ['--tag', 'egde', '--for', '2h', ...why], "did you mean 'edge'?"],
    ['hostile text', ['\u001b[31m', '--for', '2h', ...why], 'is not a name or a pattern'],
  ])('%s', async (_, args, message) => {
    const before = (await store.mutes()).mutes.length;
    const { code, stderr } = await run('mute', ...args);
    expect([code, stderr]).toEqual([3, expect.stringContaining(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('\u001b');
    expect((await store.mutes()).mutes).toHaveLength(before);
  });

  test('unmute of nothing', async () => {
    const { code, stderr } = await run('unmute', 'mx1');
    expect([code, stderr]).toEqual([3, 'smtp-quorum: nothing is muted\n']);
  });
});
