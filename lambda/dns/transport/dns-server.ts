/** The addresses of resolvers as people write them: plain DNS, DNS over TLS (RFC 7858) and DNS over HTTPS (RFC 8484). */

import { isIP, isIPv4 } from 'node:net';

export type DnsServer =
  | { readonly kind: 'plain'; readonly text: string; readonly address: string; readonly port: number }
  | {
      readonly kind: 'tls';
      readonly text: string;
      /** An address or a name. */
      readonly host: string;
      readonly port: number;
      /** The name or address that the certificate must have. */
      readonly serverName: string;
    }
  | { readonly kind: 'https'; readonly text: string; readonly url: string; readonly serverName: string };

/** What is wrong with the text, and what to write instead. */
export interface DnsServerFault {
  readonly kind: 'fault';
  readonly message: string;
}

const FORMS = '`192.0.2.53`, `192.0.2.53:53`, `tls://dns.example.com` or `https://dns.example.com/dns-query`';

/** `192.0.2.53[:port]`, `2001:db8::53`, `[2001:db8::53]:port`, `tls://host[:port][#name]`, `https://host[:port]/path`. */
export function parseDnsServer(text: string): DnsServer | DnsServerFault {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return plainServer(text);
    case 'tls':
      return tlsServer(text, rest);
    case 'https':
      return httpsServer(text);
    case 'http':
      return fault('is not encrypted: write `https://…`');
    default:
      return fault(`is not the address of a resolver: write ${FORMS}`);
  }
}

function fault(message: string): DnsServerFault {
  return { kind: 'fault', message };
}

function plainServer(text: string): DnsServer | DnsServerFault {
  const endpoint = endpointOf(text, 53);
  if (endpoint !== null && isIP(endpoint.host) !== 0)
    return { kind: 'plain', text, address: endpoint.host, port: endpoint.port };
  if (endpoint !== null && /^[a-z0-9.-]+\.[a-z]+$/i.test(endpoint.host))
    return fault(`is a name, which needs a resolver to be found: write its address, or \`tls://${endpoint.host}\``);
  return fault(`is not the address of a resolver: write ${FORMS}`);
}

function tlsServer(text: string, rest: string): DnsServer | DnsServerFault {
  const [place = '', name] = rest.split('#');
  const endpoint = endpointOf(place, 853);
  if (endpoint === null || !isHost(endpoint.host) || (name !== undefined && !isHost(name)))
    return fault(
      'is not a resolver with DNS over TLS: write `tls://dns.example.com` or `tls://192.0.2.53#dns.example.com`',
    );
  return { kind: 'tls', text, ...endpoint, serverName: name ?? endpoint.host };
}

function httpsServer(text: string): DnsServer | DnsServerFault {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.pathname === '/' || url.username !== '' || url.search !== '' || url.hash !== '')
    return fault('is not a resolver with DNS over HTTPS: write `https://dns.example.com/dns-query`');
  return { kind: 'https', text, url: url.href, serverName: url.hostname.replace(/^\[(.*)\]$/, '$1') };
}

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*$/i.test(text);
}

function endpointOf(text: string, standard: number): { readonly host: string; readonly port: number } | null {
  if (isIP(text) !== 0) return { host: text, port: standard };
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === undefined) return null;
  const number = port === undefined ? standard : Number(port);
  return number >= 1 && number <= 65_535 ? { host: host.replace(/^\[(.*)\]$/, '$1'), port: number } : null;
}

/**
 * Forwarders that pass on the AD bit of servers elsewhere: that inside of a container of Docker, and the proxy of systemd-resolved (its
 * 127.0.0.53 has a bit of its own).
 */
const FORWARDERS: ReadonlySet<string> = new Set(['127.0.0.11', '127.0.0.54']);

/** Nobody between this machine and the resolver can change its answers. */
export function isOnLoopback(server: DnsServer): boolean {
  if (server.kind !== 'plain' || FORWARDERS.has(server.address)) return false;
  return isIPv4(server.address) ? server.address.startsWith('127.') : server.address === '::1';
}

/** The name that its certificate proves; null if nothing does. */
export function provenName(server: DnsServer): string | null {
  return server.kind === 'plain' ? null : server.serverName.toLowerCase();
}
