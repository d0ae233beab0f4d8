/** Child processes of the benchmark, bundled as the product is: a TypeScript loader would be measured along. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Job, Measured } from './prober-process.ts';
import type { Servers, Wanted } from './server.ts';

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/smtp-quorum-bench/', import.meta.url));

const bundles = new Map<string, string>();

/** Once per run, so that all of it measures the same. */
function bundled(name: 'prober-process' | 'server'): string {
  const made = bundles.get(name) ?? makeBundle(name);
  bundles.set(name, made);
  return made;
}

function makeBundle(name: 'prober-process' | 'server'): string {
  const outfile = `${FOLDER}${name}.mjs`;
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  return outfile;
}

export interface Worker {
  stop(): Promise<void>;
}

export interface Prober extends Worker {
  measure(job: Job): Promise<Measured>;
}

/** With as many names. */
export async function startServers(
  count: number,
  { trips = [], awake = false }: Partial<Omit<Wanted, 'count'>> = {},
): Promise<Servers & Worker> {
  const child = fork(bundled('server'), [JSON.stringify({ count, trips, awake } satisfies Wanted)]);
  const servers: Servers = await answerOf(child);
  return { ...servers, stop: () => stop(child) };
}

/** `execArgv` are Node's own switches. */
export function startProber(execArgv: readonly string[] = []): Prober {
  const child = fork(bundled('prober-process'), [], { execArgv: [...execArgv] });
  return {
    measure(job) {
      child.send(job);
      return answerOf(child);
    },
    stop: () => stop(child),
  };
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer as Answer);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
