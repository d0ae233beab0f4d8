/** Probers that are programs of their own: what one STARTTLS or plain session costs them, where they are installed. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A session with a server on 127.0.0.1 that has a certificate of `ca` for `name`. */
export interface Goal {
  readonly port: number;
  readonly security: 'none' | 'starttls';
  readonly name: string;
  readonly ca: string;
}

export interface Command {
  readonly name: string;
  readonly program: string;
  /** Milliseconds of CPU per probe, `atOnce` of them together. */
  cost(goal: Goal, atOnce: number): Promise<number>;
}

const CHECK_SMTP = '/usr/lib/nagios/plugins/check_smtp';
const SWAKS = '/usr/bin/swaks';
const BLACKBOX = '/usr/bin/prometheus-blackbox-exporter';

export const COMMANDS: readonly Command[] = [
  { name: 'blackbox_exporter', program: BLACKBOX, cost: blackbox },
  { name: 'check_smtp', program: CHECK_SMTP, cost: (goal, atOnce) => forked(checkSmtp(goal), atOnce) },
  // Perl takes so long to start that more than ten at once only wait for each other.
  { name: 'swaks', program: SWAKS, cost: (goal) => forked(swaks(goal), 10) },
];

export function isInstalled({ program }: Command): boolean {
  return existsSync(program);
}

function checkSmtp({ port, security }: Goal): readonly string[] {
  const starttls = security === 'starttls' ? ['-S'] : [];
  return [CHECK_SMTP, '-H', '127.0.0.1', '-p', String(port), '-F', 'probe.example.com', ...starttls];
}

function swaks({ port, security }: Goal): readonly string[] {
  const starttls = security === 'starttls' ? ['--tls'] : [];
  return [SWAKS, '-4', '--server', '127.0.0.1', '-p', String(port), '--quit-after', 'EHLO', ...starttls];
}

/** CPU of a process each, its start included, by the shell's own account of its children. */
async function forked(command: readonly string[], atOnce: number): Promise<number> {
  const script = 'n=$1; shift; while [ $n -gt 0 ]; do "$@" >/dev/null || echo failed & n=$((n-1)); done; wait; times';
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', String(atOnce), ...command]);
  if (stdout.includes('failed')) throw new Error(`${command.join(' ')} failed`);
  // The last line: user and system time of the children, as 0m1.250s.
  const times = (stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g);
  const seconds = [...times].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return (seconds * 1_000) / atOnce;
}

/** CPU of the daemon alone, by /proc, over four times `atOnce` probes. */
async function blackbox(goal: Goal, atOnce: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-blackbox-'));
  const port = await freePort();
  writeFileSync(join(folder, 'ca.pem'), goal.ca);
  writeFileSync(join(folder, 'config.yml'), blackboxConfig(folder, goal));
  const address = `127.0.0.1:${port}`;
  const daemon = spawn(BLACKBOX, [`--config.file=${folder}/config.yml`, `--web.listen-address=${address}`], {
    stdio: 'ignore',
  });
  try {
    const url = `http://${address}/probe?module=smtp&target=127.0.0.1:${goal.port}`;
    await untilUp(url);
    await burst(url, atOnce);
    const before = cpuOf(daemon);
    for (let round = 0; round < 4; round++) await burst(url, atOnce);
    return (cpuOf(daemon) - before) / (4 * atOnce);
  } finally {
    daemon.kill();
    await once(daemon, 'exit');
    rmSync(folder, { recursive: true });
  }
}

function blackboxConfig(folder: string, { security, name }: Goal): string {
  const starttls = `
      - send: STARTTLS
      - expect: ^220
      - starttls: true
      - send: EHLO probe.example.com
      - expect: ^250 `;
  return `
modules:
  smtp:
    prober: tcp
    timeout: 10s
    tcp:
      tls_config: { ca_file: ${folder}/ca.pem, server_name: ${name} }
      query_response:
      - expect: ^220
      - send: EHLO probe.example.com
      - expect: ^250 ${security === 'starttls' ? starttls : ''}
      - send: QUIT
`;
}

async function burst(url: string, atOnce: number): Promise<void> {
  const texts = await Promise.all(Array.from({ length: atOnce }, async () => (await fetch(url)).text()));
  if (!texts.every((text) => text.includes('probe_success 1'))) throw new Error('blackbox_exporter found a fault');
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (await fetch(url).catch(() => null)) return;
    await sleep(100);
  }
  throw new Error('blackbox_exporter does not start');
}

/** Milliseconds of user and system time so far; a tick of Linux is 10 ms. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
