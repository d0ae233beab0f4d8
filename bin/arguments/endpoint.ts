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
 * A name in another script comes back as A-labels.
 * @param portOption the value of `--port`, which must not contradict a port in `text`
 * @throws UsageError
 */
export function endpointArgument(text: string, portOption?: number): HostAndPort {
  if (isIPv6(text)) return { host: text, port: portOption ?? 25 };
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) throw unreadable(text);
  const port = groups.port === undefined ? undefined : portArgument(groups.port, `HOST '${text}'`);
  if (port !== undefined && portOption !== undefined && port !== portOption) {
    throw new UsageError(`HOST '${text}' says port ${port}, --port says ${portOption}; give one of them`);
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
    throw new UsageError(`HOST '${text}': '${literal}' is no IPv6 address; brackets are for those alone`);
  }
  if (name.includes('@')) {
    throw new UsageError(`HOST '${text}' is a mail address; give the server, and the address as --rcpt-to ${name}`);
  }
  const inAscii = toALabels(name);
  if (inAscii !== null && NAME.test(inAscii) && !inAscii.includes('..')) return inAscii;
  throw unreadable(text);
}

function unreadable(text: string): UsageError {
  const bare = /^[a-z]+:\/\/([^/]+)/.exec(text)?.[1];
  const meant = bare === undefined ? '' : `; did you mean '${bare}'?`;
  return new UsageError(
    `HOST '${text}' is not a host name or address${meant}\n  write mx1.example.com, mx1.example.com:587, 192.0.2.1:25 or '[2001:db8::1]:25'`,
  );
}
