import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { main } from '../../bin/program.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line as `npx smtp-quorum` does: plain node, a process of its own, no terminal. */
export async function cli(
  args: readonly string[],
  options: { env?: object; cwd?: string; timeout?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [path.join(root, 'bin/smtp-quorum.js'), ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', TZ: 'UTC', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeout ?? 300_000,
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The same command line within this process: for the many cases that turn on what is written, and not on a process. */
export async function inProcess(args: readonly string[]): Promise<Ended> {
  vi.stubEnv('NO_COLOR', '1');
  // As `bin/smtp-quorum.ts` does.
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  process.exitCode = undefined;
  const [stdout, stderr] = [caught(process.stdout), caught(process.stderr)];
  try {
    const code = await main(['node', 'smtp-quorum', ...args]);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.release();
    stderr.release();
    process.exitCode = undefined;
    vi.unstubAllEnvs();
  }
}

function caught(stream: NodeJS.WriteStream) {
  const written: string[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  return { text: () => written.join(''), release: () => spy.mockRestore() };
}
