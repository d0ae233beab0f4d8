/** The monitor as a process: started, killed, stopped, and what it printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { Config } from '../../lambda/config/config.ts';
import { note, type Told } from './alerts-by-channel.ts';
import type { Command, Happening } from './monitor-process-main.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Watch {
  /** True times at which rounds began. */
  readonly rounds: readonly number[];
  readonly terminal: Told;
  /** Distinct sentences that the monitor said. */
  readonly words: ReadonlySet<string>;
  /** Milliseconds of all processes, up to the last round of each. */
  cpu(): number;
  start(): void;
  kill(): Promise<void>;
  stop(): Promise<void>;
  setClock(by: number): void;
}

/** Builds the process into a folder, as the command line is built: from sources it would take seconds to start. */
export async function buildProcess(folder: string): Promise<string> {
  const outfile = join(folder, 'monitor-process.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/bad-day/monitor-process-main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['classic-level', 'dynalite'],
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
    logLevel: 'warning',
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return outfile;
}

export async function openWatch(program: string, config: Config, folder: string, scratch: string): Promise<Watch> {
  const configFile = join(scratch, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const rounds: number[] = [];
  const terminal: Told = new Map();
  const words = new Set<string>();
  const cpus: number[] = [];
  let child: ChildProcess | null = null;

  const take = (line: string) => {
    const happening = JSON.parse(line) as Happening;
    if (happening.what === 'words') words.add(happening.words);
    if (happening.what === 'alert') note(terminal, happening.alerts as Parameters<typeof note>[1], happening.at);
    if (happening.what !== 'round') return;
    rounds.push(happening.at);
    cpus[cpus.length - 1] = happening.cpu;
  };
  const end = async (how: (running: ChildProcess) => void) => {
    if (child === null) return;
    const running = child;
    child = null;
    const ended = once(running, 'close');
    how(running);
    await ended;
  };
  const send = (running: ChildProcess | null, command: Command) => void running?.send(command);

  return {
    rounds,
    terminal,
    words,
    cpu: () => cpus.reduce((sum, each) => sum + each, 0),
    start() {
      cpus.push(0);
      child = spawn(process.execPath, [...profiled(), program, folder, configFile], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      if (child.stdout !== null) createInterface(child.stdout).on('line', take);
    },
    kill: () => end((running) => running.kill('SIGKILL')),
    stop: () => end((running) => send(running, 'stop')),
    setClock: (by) => send(child, { setClock: by }),
  };
}

/** A profile of each process is written to the folder that is named there. */
function profiled(): readonly string[] {
  const folder = process.env.BAD_DAY_PROFILES;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
