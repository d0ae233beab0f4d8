import { type PageServer, servePages } from '../../local/web/page-server.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { DEFAULT_LISTEN, listenArgument } from '../arguments/web/listen.ts';

export interface PageOptions {
  /** False with `--no-web`. */
  readonly web: boolean;
  readonly listen?: string;
}

/**
 * Null without a page. If the usual port is taken, the monitor goes on without a page; a port that the user named must be free.
 * @throws UsageError
 */
export async function serveStatusPage(
  { web, listen }: PageOptions,
  say: (text: string) => void,
): Promise<PageServer | null> {
  if (!web) return null;
  const address = listen === undefined ? DEFAULT_LISTEN : listenArgument(listen);
  try {
    const server = await servePages(address);
    say(`Status page: ${server.url}`);
    return server;
  } catch (error) {
    const why = reasonOf(error as NodeJS.ErrnoException);
    if (listen !== undefined) throw new UsageError(`--listen: ${listen} ${why}`);
    say(`No status page: ${address.host}:${address.port} ${why}. Use --listen 127.0.0.1:PORT, or --no-web.`);
    return null;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'needs more rights',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no address of this machine',
};

function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? `cannot be listened on (${code || message})`;
}
