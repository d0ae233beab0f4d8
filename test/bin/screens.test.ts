/**
 * What a terminal of 80 and of 120 columns shows of every command, of the history of version 0.1. After a change look at the
 * difference, then write the files again with `npx vitest run test/bin/screens.test.ts -u`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { inProcess } from './cli.ts';
import { onTerminal } from './terminal.ts';

/** The end of the recording of the fixture. */
const END = Date.parse('2026-11-22T01:12:00Z');
const widths = [80, 120];

const commandNames = await listCommands();

let folder: string;

beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-screens-'));
  const file = resolve(import.meta.dirname, '../fixtures/table-0.1.ndjson');
  await inProcess(['import', file, '--folder', folder]);
  vi.useFakeTimers({ toFake: ['Date'], now: END });
});

afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Commands that read the history. */
const SCREENS: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  'history-samples': ['history', 'mx1', '--since', '2026-11-21T22:00:00Z', '--until', '2026-11-21T22:20:00Z'],
  'history-of-a-submission': ['history', 'submission', '--since', '10m'],
  'history-hours': ['history', 'mx1', '--since', '6h', '--step', 'hour'],
  'history-days': ['history', 'mx1', '--since', '9d', '--step', 'day'],
  incidents: ['incidents'],
  incident: ['incident', 'mx1'],
  'incident-of-inbound': ['incident', 'inbound'],
  report: ['report', '--month', '2026-11'],
  replay: ['replay', '--quorum', '3', '--since', '2d'],
  cost: ['cost'],
  'cost-of-a-config': [
    'cost',
    '--estimate',
    '--config',
    resolve(import.meta.dirname, '../../examples/smtp-quorum.yaml'),
  ],
};

describe.each(widths)('%i columns', (width) => {
  test.each(Object.entries(SCREENS))('%s', async (name, args) => {
    const { stdout, stderr } = await onTerminal(width, () => inProcess([...args, '--folder', folder]));
    expect(stderr).toBe('');
    await check(name, width, stdout);
  });

  test.each(['', ...commandNames])('help of %s', async (name) => {
    const args = name === '' ? ['--help'] : [name, '--help'];
    const { stdout } = await onTerminal(width, () => inProcess(args));
    await check(`help${name && '-'}${name}`, width, stdout);
  });
});

async function check(name: string, width: number, text: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(`screens/${name}.${width}.txt`);
  expect(text.split('\n').filter((line) => Array.from(line).length > width)).toEqual([]);
}

/** The commands that `--help` lists. */
async function listCommands(): Promise<readonly string[]> {
  const { stdout } = await inProcess(['--help']);
  const list = stdout.slice(stdout.indexOf('\nCommands:'), stdout.indexOf('\nExamples:'));
  return [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}
