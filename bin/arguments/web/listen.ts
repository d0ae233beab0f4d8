import type { ListenAddress } from '../../../local/web/page-server.ts';
import { endpointArgument } from '../endpoint.ts';
import { UsageError } from '../usage-error.ts';

/** Where the status page is served if `--listen` names nothing else. */
export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 8080 };

/** For the host of `--listen`, which has its port behind it already. */
const ANY_PORT = 0;

/**
 * `127.0.0.1:8080`, `[::1]:8080`, `8080`; port 0 takes any free one.
 * @throws UsageError
 */
export function listenArgument(text: string): ListenAddress {
  const [, host, port = ''] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) > 65_535 || port === '') {
    throw new UsageError(`--listen: '${text}' has no port; use --listen 127.0.0.1:8080`);
  }
  return { host: host === undefined ? DEFAULT_LISTEN.host : hostOf(host, text), port: Number(port) };
}

function hostOf(host: string, text: string): string {
  try {
    return endpointArgument(host, ANY_PORT).host;
  } catch {
    throw new UsageError(`--listen: '${text}' has no host name or address; use --listen 127.0.0.1:8080`);
  }
}
