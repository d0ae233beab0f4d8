import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line as `npx smtp-quorum` does: plain node, a process of its own, no terminal. */
export async function cli(args: readonly string[], options: { env?: object; cwd?: string } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [path.join(root, 'bin/smtp-quorum.js'), ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', TZ: 'UTC', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
