import type { Config } from '../../lambda/config/config.ts';
import { type PageSettings, pageSettings, type Shown, shownOf } from '../../lambda/config/page/status-page.ts';
import { isLoopbackHost } from '../../lambda/config/schema/answers/listener.ts';
import { readSecret } from '../../local/secrets.ts';
import { type ListenAddress, type PageServer, servePages } from '../../local/web/page-server.ts';
import { readersOf } from '../../local/web/readers.ts';
import { errorText, UsageError } from '../arguments/usage-error.ts';
import { DEFAULT_LISTEN, listenArgument } from '../arguments/web/listen.ts';

export interface PageOptions {
  /** False with `--no-web`. */
  readonly web: boolean;
  readonly listen?: string;
}

type PageConfig = Pick<Config, 'statusPage' | 'targets'>;

/**
 * Null without a page. If the usual port is taken, or the password is not there, the monitor goes on without a page; what the
 * user named with `--listen` must be served.
 * @throws UsageError
 */
export async function serveStatusPage(
  { web, listen }: PageOptions,
  config: PageConfig,
  say: (text: string) => void,
): Promise<PageServer | null> {
  const settings = pageSettings(config, 'local');
  if (!web || (settings.access === 'off' && listen === undefined)) return null;
  const address = listen === undefined ? DEFAULT_LISTEN : listenArgument(listen);
  try {
    const server = await open(settings, address);
    say(`Status page: ${server.url}`);
    for (const text of exposure(settings, address, config)) say(text);
    return server;
  } catch (error) {
    const why = errorText(error);
    if (listen !== undefined) throw new UsageError(`--listen: ${why}`);
    say(`No status page: ${why}`);
    return null;
  }
}

async function open(settings: PageSettings, address: ListenAddress): Promise<PageServer> {
  const readers = await readersOf(settings, readSecret).catch((error) => {
    throw new Error(`statusPage.password: ${errorText(error)}`);
  });
  try {
    return await servePages(address, { readers, isPublic: settings.access === 'public', domain: settings.domain });
  } catch (error) {
    const why = reasonOf(error as NodeJS.ErrnoException);
    throw new Error(`${address.host}:${address.port} ${why}. Use --listen 127.0.0.1:PORT, or --no-web.`);
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

/** What others can read, if they reach the port. */
function exposure(settings: PageSettings, { host }: ListenAddress, { targets }: PageConfig): readonly string[] {
  if (isLoopbackHost(host)) return [];
  if (settings.access !== 'private')
    return [
      `Everyone who reaches this port reads ${whatIsShown(settings, targets)}. 'access: private' under 'statusPage' asks for a password.`,
    ];
  if (settings.password === null) return [];
  return ['The password is sent without encryption: put a web server with TLS before this port.'];
}

const WORDS: readonly (readonly [Shown, string])[] = [
  ['full', 'hosts, replies and transcripts of'],
  ['name', 'names, verdicts and incidents of'],
];

function whatIsShown({ show }: PageSettings, targets: Config['targets']): string {
  const texts = WORDS.flatMap(([shown, what]) => {
    const { length } = targets.filter(({ id }) => shownOf(show, id) === shown);
    return length === 0 ? [] : [`${what} ${length} ${length === 1 ? 'target' : 'targets'}`];
  });
  return texts.join(', and ') || 'a page without targets';
}
