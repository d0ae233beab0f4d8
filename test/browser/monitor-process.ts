/** The monitor as its user starts it: a process with a config file, which serves the status page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface MonitorProcess {
  /** `http://127.0.0.1:41241`. */
  readonly url: string;
  /** As Ctrl-C does. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** @param config the text of `smtp-quorum.yaml` */
export async function startMonitorProcess(config: string): Promise<MonitorProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-browser-'));
  await writeFile(path.join(folder, 'smtp-quorum.yaml'), config);
  const child = spawn(process.execPath, [path.join(root, 'bin/smtp-quorum.js'), 'start', '--listen', '127.0.0.1:0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGINT');
    await closed;
  };
  const close = async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: await addressOf(child), stop, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** From its first lines. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const read = (part: Buffer) => {
      said += part;
      // With what follows it: a part may end within the port.
      const [url] = /http:\/\/127\.0\.0\.1:\d+(?=\D)/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', (code) => reject(new Error(`the monitor ended with ${code}: ${said}`)));
  });
}
