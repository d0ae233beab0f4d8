import { isIPv6 } from 'node:net';
import { toALabels } from '../../lambda/smtp/endpoint/a-label.ts';
import { UsageError } from './usage-error.ts';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `host`, `host:port`, `192.0.2.1:587`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:587`. */
const FORM = /^(?:\[(?<literal>[^\]]*)\]|(?<name>[^:[\]]+))(?::(?<port>[^:[\]/]*))?$/;

const NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;

/**
 * Parses a host with an optional port. Converts an internationalized name to A-labels.
 * @param portOption value of `--port`, which must not contradict a port in `text`
 * @throws UsageError
 */
export function endpointArgument(text: string, portOption?: number): HostAndPort {
  if (isIPv6(text)) return { host: text, port: portOption ?? 25 };
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) throw invalidHost(text);
  const port = groups.port === undefined ? undefined : portArgument(groups.port, `HOST '${text}'`);
  if (port !== undefined && portOption !== undefined && port !== portOption) {
    throw new UsageError(`HOST '${text}' has port ${port}, but --port is ${portOption}; use one of them`);
  }
  return { host: hostOf(groups.literal, groups.name ?? '', text), port: port ?? portOption ?? 25 };
}

export function portArgument(text: string, place = '--port'): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${place}: port '${text}' is not a number from 1 to 65535`);
}

function hostOf(literal: string | undefined, name: string, text: string): string {
  if (literal !== undefined) {
    if (isIPv6(literal)) return literal;
    throw new UsageError(`HOST '${text}': '${literal}' is not an IPv6 address; only IPv6 addresses have brackets`);
  }
  if (name.includes('@')) {
    throw new UsageError(`HOST '${text}' is a mail address; use the host of the server, and --rcpt-to ${name}`);
  }
  const inAscii = toALabels(name);
  if (inAscii !== null && NAME.test(inAscii) && !inAscii.includes('..')) return inAscii;
  throw invalidHost(text);
}

function invalidHost(text: string): UsageError {
  const bare = /^[a-z]+:\/\/([^/]+)/.exec(text)?.[1];
  const meant = bare === undefined ? '' : `; did you mean '${bare}'?`;
  return new UsageError(
    `HOST '${text}' is not a host name or address${meant}\n  use mx1.example.com, mx1.example.com:587, 192.0.2.1:25 or '[2001:db8::1]:25'`,
  );
}
