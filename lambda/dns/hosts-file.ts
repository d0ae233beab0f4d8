/** The names in `/etc/hosts`. */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

let hosts: ReadonlyMap<string, readonly string[]> | null = null;

/** Addresses that `/etc/hosts` lists for a host, IPv4 first. The file is read once. `localhost` is RFC 6761 6.3. */
export function hostsFileAddresses(host: string): readonly string[] {
  hosts ??= readHosts();
  const name = host.toLowerCase().replace(/\.$/, '');
  return hosts.get(name) ?? (name === 'localhost' ? ['127.0.0.1', '::1'] : []);
}

function readHosts(): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const line of hostsFile().split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (!isIP(address)) continue;
    for (const name of names) entries.set(name, [...(entries.get(name) ?? []), address]);
  }
  for (const addresses of entries.values()) addresses.sort((a, b) => isIP(a) - isIP(b));
  return entries;
}

function hostsFile(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}
