/** EHLO names (RFC 5321 4.1.4). */
import { hostname, networkInterfaces } from 'node:os';

/**
 * The default EHLO name (RFC 5321 4.1.4): the name of this host if it is fully qualified, otherwise an address literal. If
 * servers refuse it, set `ehloName` or `--ehlo-name` to a name that resolves to this host.
 */
export function defaultEhloName(): string {
  const name = hostname();
  return name.includes('.') ? name : `[${localAddress()}]`;
}

function localAddress(): string {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return external?.address ?? '127.0.0.1';
}

/** The EHLO name of one vantage. With `probe-{vantage}.example.com` each name can match the PTR record of its region's address. */
export function ehloNameOf(template: string, vantage: string): string {
  return template.replaceAll('{vantage}', vantage);
}
