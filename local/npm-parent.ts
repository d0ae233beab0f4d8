/** The npm that started this process, and the shell between them. */
import { readFileSync } from 'node:fs';

const CHECK_INTERVAL = 250;

/**
 * Calls `onEnd` when the npm that started this process has ended. npm runs a script in a shell and sends its signals to
 * that shell. Most shells end without sending them on, and the script would run for ever. Does nothing without npm, nor
 * where the script has left npm's process group: `setsid` asks to go on.
 * @returns a function that ends the watch
 */
export function watchNpm(onEnd: () => void, env: NodeJS.ProcessEnv = process.env): () => void {
  if (env.npm_lifecycle_event === undefined || isDetached()) return () => {};
  const before = parents();
  if (hasLostParent()) onEnd();
  const timer = setInterval(() => {
    if (parents() !== before) onEnd();
  }, CHECK_INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

function isDetached(): boolean {
  return processStatus('self')?.group === process.pid;
}

/**
 * Whether the shell, or the npm that started it, ended before this was called. The process that takes over an orphan is in
 * another group. npm can end alone: a signal may come before it passes signals on.
 */
function hasLostParent(): boolean {
  const own = processStatus('self');
  if (own === null) return process.platform === 'darwin' && process.ppid === 1;
  const parent = processStatus(process.ppid);
  if (parent?.group !== own.group) return true;
  return isShell(parent) && processStatus(parent.parent)?.group !== own.group;
}

/** The shell and its npm. If the shell has replaced itself by this process, the parent is npm. */
function parents(): string {
  const shell = processStatus(process.ppid);
  return shell !== null && isShell(shell) ? `${process.ppid} ${shell.parent}` : String(process.ppid);
}

function isShell({ name }: ProcessStatus): boolean {
  return /^(?:[a-z]*sh|busybox)$/.test(name);
}

interface ProcessStatus {
  readonly name: string;
  readonly parent: number;
  readonly group: number;
}

/** Reads the fields of proc_pid_stat(5); null without /proc. The name may contain any character. */
function processStatus(pid: number | 'self'): ProcessStatus | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [name, end] = [stat.indexOf('(') + 1, stat.lastIndexOf(')')];
    const [, parent, group] = stat.slice(end + 2).split(' ');
    return { name: stat.slice(name, end), parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
}
