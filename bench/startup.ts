/** What it costs to start the command line: CPU of a process, next to a Node that does nothing. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildCommandLine } from '../bin/build/command-line.ts';

/** `probe` and `--help` take at most this many times the CPU of bare Node: a monitoring plugin runs every minute. */
export const goal = 1.7;

const RUNS = 40;
const root = resolve(import.meta.dirname, '..');

/** Milliseconds of user and system time per process, by the shell's own account of its children. */
async function cpuOf(command: readonly string[]): Promise<number> {
  const script = 'n=$1; shift; while [ $n -gt 0 ]; do "$@" >/dev/null 2>&1; n=$((n-1)); done; times';
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', String(RUNS), ...command]);
  const times = (stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g);
  const seconds = [...times].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return (seconds * 1000) / RUNS;
}

export async function run(): Promise<void> {
  await buildCommandLine();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 mx1.example.com ESMTP\r\n');
    socket.on('data', (bytes) =>
      socket.write(String(bytes).startsWith('QUIT') ? '221 bye\r\n' : '250 mx1.example.com\r\n'),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const smtpQuorum = [process.execPath, join(root, 'bin/smtp-quorum.js')];
  const bare = await cpuOf([process.execPath, '-e', '0']);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['smtp-quorum --help', [...smtpQuorum, '--help']],
    ['smtp-quorum probe', [...smtpQuorum, 'probe', `127.0.0.1:${port}`, '--security', 'none']],
    ['the same from the sources', [process.execPath, '--import', 'tsx', join(root, 'bin/smtp-quorum.ts'), '--help']],
  ];
  console.log(`CPU per process of ${RUNS}, Node ${process.version} (goal: ${goal} × bare Node)\n`);
  console.log(`  ${'node -e 0'.padEnd(28)}${bare.toFixed(1).padStart(7)} ms`);
  for (const [name, command] of rows) {
    const cpu = await cpuOf(command);
    console.log(`  ${name.padEnd(28)}${cpu.toFixed(1).padStart(7)} ms  ${(cpu / bare).toFixed(2)} ×`);
  }
  server.close();
}
