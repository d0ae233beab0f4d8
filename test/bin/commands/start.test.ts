/** `start` as a process: signals, npm, and outputs that fail. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli } from '../cli.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const isLinux = process.platform === 'linux';

let folder: string;
const servers: Server[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-start-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const pid of processesOf(folder)) kill(pid);
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Processes with the folder in their command line. */
function processesOf(marker: string): number[] {
  if (!isLinux) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLineOf(pid).includes(marker)).map(Number);
}

/** It may have ended since it was found. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const demo = (...args: string[]) => ['start', '--demo', '--folder', folder, ...args];

function run(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const env = { ...process.env, FORCE_COLOR: '', NO_COLOR: '1' };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  children.push(child);
  return child;
}

const node = (args: readonly string[], options?: SpawnOptions) =>
  run(process.execPath, [path.join(root, 'bin/smtp-quorum.js'), ...args], options);

async function untilWritten(child: ChildProcess, words: string): Promise<void> {
  let written = '';
  await new Promise<void>((seen) => {
    child.stdout?.once('close', seen).on('data', (chunk) => {
      written += chunk;
      if (written.includes(words)) seen();
    });
  });
  expect(written).toContain(words);
}

/** Milliseconds until no process has the folder in its command line. */
async function untilAllEnded(atMost = 60_000): Promise<number> {
  const start = performance.now();
  while (processesOf(folder).length > 0 && performance.now() - start < atMost) await sleep(50);
  return performance.now() - start;
}

async function writeConfig(lines: readonly string[]): Promise<string> {
  const file = path.join(folder, 'smtp-quorum.yaml');
  await writeFile(file, `${['vantages: [local]', 'every: 5s', ...lines].join('\n')}\n`);
  return file;
}

/** The port of a server that accepts and says nothing. */
async function silentServer(): Promise<number> {
  const server = createServer(() => {});
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe.runIf(isLinux)('npm start, in a session of its own,', () => {
  const signals: [string, NodeJS.Signals, (pid: number) => number][] = [
    ['SIGTERM for npm alone', 'SIGTERM', (pid) => pid],
    ['SIGTERM for the group', 'SIGTERM', (pid) => -pid],
    ['SIGINT for the group', 'SIGINT', (pid) => -pid],
    ['SIGKILL for npm alone', 'SIGKILL', (pid) => pid],
  ];

  test.each(signals)('leaves no process behind after %s', async (_, signal, receiver) => {
    const npm = run('npm', ['start', '--', ...demo().slice(1)], { detached: true });
    await untilWritten(npm, 'round 1');
    expect(processesOf(folder).length).toBeGreaterThan(1);
    process.kill(receiver(npm.pid ?? 0), signal);
    expect(await untilAllEnded()).toBeLessThan(5_000);
  });

  // Before npm passes signals on, SIGTERM ends it alone, as SIGKILL does.
  test.each(['SIGTERM', 'SIGKILL'] as const)('leaves no process behind after %s while node starts', async (signal) => {
    const npm = run('npm', ['start', '--', ...demo().slice(1)], { detached: true });
    const isNode = (pid: number) => /^node\0.*smtp-quorum.js/.test(commandLineOf(String(pid)));
    while (!processesOf(folder).some(isNode)) await sleep(5);
    npm.kill(signal);
    expect(await untilAllEnded()).toBeLessThan(5_000);
  });
});

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it within five seconds although a server never answers',
    async (signal) => {
      const port = await silentServer();
      const config = await writeConfig([`targets: [{ id: mx1, host: 127.0.0.1, port: ${port}, timeout: 50s }]`]);
      const child = node(['start', '--config', config, '--folder', folder]);
      await untilWritten(child, 'Monitoring 1 target');
      await sleep(1_500);
      const sent = performance.now();
      child.kill(signal);
      const [code] = await once(child, 'exit');
      expect(code).toBe(0);
      expect(performance.now() - sent).toBeLessThan(5_000);
    },
  );

  test('a second SIGINT ends it at once', async () => {
    const port = await silentServer();
    const config = await writeConfig([`targets: [{ id: mx1, host: 127.0.0.1, port: ${port}, timeout: 50s }]`]);
    const child = node(['start', '--config', config, '--folder', folder]);
    await untilWritten(child, 'Monitoring 1 target');
    await sleep(1_500);
    child.kill('SIGINT');
    await untilWritten(child, 'Press Ctrl-C again');
    // Two within half a second are one.
    await sleep(700);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });

  test.runIf(isLinux)('with npm in its environment but detached by setsid it outlives its parent', async () => {
    const script = `setsid "${process.execPath}" bin/smtp-quorum.js ${demo('--rounds', '3').join(' ')} >/dev/null 2>&1 &`;
    const shell = run('sh', ['-c', script], { env: { ...process.env, npm_lifecycle_event: 'watch' } });
    await once(shell, 'exit');
    // It ends by itself after three rounds: the first is the present one of three seconds, however little of it is left.
    while (processesOf(folder).length === 0) await sleep(20);
    await sleep(1_500);
    expect(processesOf(folder)).toHaveLength(1);
    expect(await untilAllEnded(300_000)).toBeLessThan(300_000);
    const { stdout } = await cli(['history', 'plain', '--folder', path.join(folder, 'demo'), '--json']);
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(6);
  });
});

describe('an output that fails does not end it:', () => {
  const roundsOf = async () => {
    const { stdout } = await cli(['history', 'plain', '--folder', path.join(folder, 'demo'), '--json']);
    return new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).round),
    ).size;
  };

  test('a pipe whose reader ends after the first line', async () => {
    const child = node(demo('--rounds', '3'));
    const reported = text(child.stderr as NonNullable<ChildProcess['stderr']>);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await reported).toBe('smtp-quorum: the output cannot be written (EPIPE); monitoring continues without it\n');
    expect(await roundsOf()).toBe(3);
  });

  test.runIf(isLinux)('a file on a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    const child = node(demo('--rounds', '2'), { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    const reported = text(child.stderr as NonNullable<ChildProcess['stderr']>);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await reported).toBe(
      'smtp-quorum: the output cannot be written (ENOSPC); monitoring continues without it\n',
    );
    expect(await roundsOf()).toBe(2);
  });

  test.runIf(isLinux)('both outputs on a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    const child = node(demo('--rounds', '2'), { stdio: ['ignore', full, full] });
    closeSync(full);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await roundsOf()).toBe(2);
  });
});

test('other commands end without an error when their reader ends', async () => {
  await cli(demo('--rounds', '1', '--quiet'));
  const child = node(['history', 'plain', '--folder', path.join(folder, 'demo')]);
  child.stdout?.destroy();
  const reported = text(child.stderr as NonNullable<ChildProcess['stderr']>);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await reported).toBe('');
});

test('in a pipe it writes no boards, and one summary', async () => {
  const { code, stdout, stderr } = await cli(demo('--rounds', '2'));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.match(/round \d+/g)).toEqual(['round 1']);
  expect(stdout).toMatch(/UTC {2}round 1: 4 targets: /);
});

test('--log json writes JSON alone', async () => {
  const { code, stdout, stderr } = await cli(demo('--rounds', '2', '--log', 'json'));
  expect([code, stderr]).toEqual([0, '']);
  const entries = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entries.map(({ type, number }) => [type, number])).toEqual([
    ['round', 1],
    ['round', 2],
  ]);
});

test('--quiet writes nothing while nothing happens', async () => {
  expect(await cli(demo('--rounds', '2', '--quiet'))).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('the heartbeat is fetched in each round, and its failure is one line', async () => {
  let requests = 0;
  const service = createHttpServer((_, response) => {
    requests += 1;
    response.writeHead(requests < 2 ? 200 : 503).end();
  });
  servers.push(service.listen(0, '127.0.0.1'));
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  const silent = await silentServer();
  const config = await writeConfig([
    `heartbeat: http://127.0.0.1:${port}/secret-path`,
    `targets: [{ id: mx1, host: 127.0.0.1, port: ${silent}, timeout: 1s }]`,
  ]);
  const { code, stdout } = await cli(['start', '--config', config, '--folder', folder, '--rounds', '3', '--quiet']);
  expect(code).toBe(0);
  expect(requests).toBeGreaterThanOrEqual(2);
  expect(stdout.match(/heartbeat failed/g)).toHaveLength(1);
  expect(stdout).toContain(`warning: heartbeat failed: http://127.0.0.1:${port}: HTTP 503`);
  expect(stdout).not.toContain('secret-path');
});
