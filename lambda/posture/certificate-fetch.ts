/** Reads the certificate of a host that clients use with HTTPS. Time is bounded. */

import { connect, type TLSSocket } from 'node:tls';

export type FetchedCertificate =
  | { readonly kind: 'valid' /** ISO 8601 UTC. */; readonly validTo: string }
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string };

/** Never rejects. `addresses`: those of the host, tried in order. */
export type FetchCertificate = (host: string, addresses: readonly string[]) => Promise<FetchedCertificate>;

export interface CertificateFetchOptions {
  readonly port: number;
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Milliseconds for each address. */
  readonly within: number;
}

export function certificateFetch(options: CertificateFetchOptions): FetchCertificate {
  return async (host, addresses) => {
    let result: FetchedCertificate = { kind: 'unreachable', detail: `${host} has no address` };
    for (const address of addresses.slice(0, 4)) {
      result = await fetchFrom(host, address, options);
      if (result.kind !== 'unreachable') return result;
    }
    return result;
  };
}

function fetchFrom(
  host: string,
  address: string,
  { port, ca, within }: CertificateFetchOptions,
): Promise<FetchedCertificate> {
  return new Promise((resolve) => {
    const authorities = ca === undefined ? {} : { ca };
    const socket = connect({ host: address, port, servername: host, rejectUnauthorized: false, ...authorities });
    const end = (result: FetchedCertificate) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const unreachable = (why: string) => end({ kind: 'unreachable', detail: `${host} [${address}]: ${why}` });
    const timer = setTimeout(() => unreachable(`no answer within ${(within / 1000).toFixed(1)} s`), within);
    socket.on('error', (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message));
    socket.on('secureConnect', () => end(certificateOf(socket, `${host} [${address}]`)));
  });
}

/** `authorizationError` is that of the name, too. */
function certificateOf(socket: TLSSocket, where: string): FetchedCertificate {
  const until = Date.parse(socket.getPeerCertificate().valid_to);
  if (!socket.authorized) return { kind: 'invalid', detail: `${where}: ${String(socket.authorizationError)}` };
  if (Number.isNaN(until)) return { kind: 'invalid', detail: `${where}: the certificate has no end` };
  return { kind: 'valid', validTo: new Date(until).toISOString() };
}
