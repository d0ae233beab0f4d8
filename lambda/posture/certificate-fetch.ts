/** Reads the certificate of a host that clients use with HTTPS. Time is bounded. */

import { connect, type TLSSocket } from 'node:tls';
import { fetchInTurn, noAnswerWithin } from './fetch-in-turn.ts';

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
  /** Milliseconds for all addresses. */
  readonly within: number;
}

const MOST_ADDRESSES = 4;

export function certificateFetch(options: CertificateFetchOptions): FetchCertificate {
  return (host, addresses) =>
    fetchInTurn(host, addresses.slice(0, MOST_ADDRESSES), options.within, (address, within) =>
      fetchFrom(host, address, { ...options, within }),
    );
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
    const place = `${host} [${address}]`;
    const timer = setTimeout(() => end(noAnswerWithin(place, within)), within);
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end({ kind: 'unreachable', detail: `${place}: ${error.code ?? error.message}` }),
    );
    socket.on('secureConnect', () => end(certificateOf(socket, place)));
  });
}

/** `authorizationError` is that of the name, too. */
function certificateOf(socket: TLSSocket, where: string): FetchedCertificate {
  const until = Date.parse(socket.getPeerCertificate().valid_to);
  if (!socket.authorized) return { kind: 'invalid', detail: `${where}: ${String(socket.authorizationError)}` };
  if (Number.isNaN(until)) return { kind: 'invalid', detail: `${where}: the certificate has no end` };
  return { kind: 'valid', validTo: new Date(until).toISOString() };
}
