import { hostname, networkInterfaces } from 'node:os';

/**
 * The name to say in EHLO where none is given (RFC 5321 4.1.4): this host's, if it is fully qualified, else an address
 * literal. Servers that refuse it want a name that resolves to this host: `ehloName`, or `--ehlo-name`.
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
