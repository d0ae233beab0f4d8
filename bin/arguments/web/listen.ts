import type { ListenAddress } from '../../../local/web/page-server.ts';
import { endpointArgument } from '../endpoint.ts';
import { UsageError } from '../usage-error.ts';

/** Where the status page is served if `--listen` names nothing else. */
export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 8080 };

/**
 * `127.0.0.1:8080`, `[::1]:8080`, `8080`; port 0 takes any free one.
 * @throws UsageError
 */
export function listenArgument(text: string): ListenAddress {
  const [, host, port = ''] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) > 65_535 || port === '') {
    throw new UsageError(`--listen: '${text}' has no port; use --listen 127.0.0.1:8080`);
  }
  const name = host === undefined ? DEFAULT_LISTEN.host : endpointArgument(host).host;
  return { host: name, port: Number(port) };
}
