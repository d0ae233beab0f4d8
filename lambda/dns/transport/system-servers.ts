import { Resolver } from 'node:dns/promises';
import { type DnsServer, parseDnsServer } from './dns-server.ts';

/** The servers of the machine, as node:dns reads them. */
export function systemServers(): readonly DnsServer[] {
  return new Resolver().getServers().flatMap((text) => {
    const server = parseDnsServer(text);
    return server.kind === 'fault' ? [] : [server];
  });
}
