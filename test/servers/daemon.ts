/** A server's process: started in the foreground on ports that were free, watched until it listens, stopped by its pid. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortsOf } from '../free-port.ts';

export interface Daemon {
  /** What it wrote to its standard output and error. */
  output(): string;
  stop(): Promise<void>;
}

/** `.ci/servers` unpacks here the packages that cannot be installed beside each other. */
export const UNPACKED = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'smtp-quorum', 'servers');

/** Path of a program that a Debian package brings, installed or unpacked; null where it is not there. */
export function program(path: string): string | null {
  return [path, join(UNPACKED, path)].find((candidate) => existsSync(candidate)) ?? null;
}

/** Why a server of the Debian package `name` cannot run here; null where it can. */
export function missing(name: string, path: string): string | null {
  if (program(path) === null) return `${name} is not installed (.ci/servers brings it)`;
  return process.getuid?.() === 0 ? null : `${name} gives up its rights to others, so it starts only as root`;
}

/** Ports of 127.0.0.1 that nobody listens on, all different. */
export async function freePorts<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const ports = await freePortsOf(names.length);
  return Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Record<Name, number>;
}

/** Starts a program in the foreground and waits until all `ports` are open. Throws with its output where it ends before. */
export async function startDaemon(
  command: readonly string[],
  ports: readonly number[],
  { env = {}, cwd = '/' }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Daemon> {
  // With the parent-death signal no server outlives a test run that was itself killed.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...command], {
    cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const daemon: Daemon = { output: () => output, stop: () => stop(child) };
  try {
    for (const port of ports) await listening(child, port);
  } catch (error) {
    await daemon.stop();
    throw new Error(`${command[0]} did not start: ${output}`, { cause: error });
  }
  return daemon;
}

/** Lines of a log file, none where it does not exist yet. */
export function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    if (isListening(port)) return;
    await sleep(100);
  }
  throw new Error(`port ${port} stays closed`);
}

/** Read from the kernel rather than tried: a connection without a word would be in the server's log. */
function isListening(port: number): boolean {
  const wanted = new RegExp(`^\\s*\\d+: \\w+:${port.toString(16).toUpperCase().padStart(4, '0')} \\w+:0000 0A `, 'm');
  return ['/proc/net/tcp', '/proc/net/tcp6'].some(
    (table) => existsSync(table) && wanted.test(readFileSync(table, 'utf8')),
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const inTime = await Promise.race([ended.then(() => true), sleep(30_000, false, { ref: false })]);
  if (!inTime) child.kill('SIGKILL');
  await ended;
  endGroup(child);
}

/** A process of a session that still goes on would write on into a folder that is to be removed. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
