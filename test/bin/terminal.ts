import { vi } from 'vitest';

/** Runs `work` as on a terminal of this width that shows UTF-8. */
export async function onTerminal<T>(width: number, work: () => Promise<T>): Promise<T> {
  const { isTTY, columns } = process.stdout;
  vi.stubEnv('LC_ALL', 'C.UTF-8');
  vi.stubEnv('TERM', 'xterm');
  vi.stubEnv('TZ', 'UTC');
  Object.assign(process.stdout, { isTTY: true, columns: width });
  try {
    return await work();
  } finally {
    Object.assign(process.stdout, { isTTY, columns });
    vi.unstubAllEnvs();
  }
}
