import { isIP } from 'node:net';
import { isQueryName } from '../../../lambda/dns/records/records.ts';
import { type DnsServer, parseDnsServer } from '../../../lambda/dns/transport/dns-server.ts';
import { toALabels } from '../../../lambda/smtp/endpoint/a-label.ts';
import { isListKey, type ListKeys } from '../../../lambda/standards/dnsbl/list-keys.ts';
import { UsageError } from '../usage-error.ts';

/**
 * A domain in A-labels and lower case, without a dot at its end.
 * @throws UsageError
 */
export function domainArgument(text: string): string {
  if (text.includes('@')) throw new UsageError(`DOMAIN '${text}' is a mail address; use ${text.split('@').at(-1)}`);
  const name = (toALabels(text) ?? '').toLowerCase().replace(/\.$/, '');
  if (isIP(name) !== 0) throw new UsageError(`DOMAIN '${text}' is an address; use --address for one that sends mail`);
  if (isQueryName(name) && /^[a-z0-9_.-]+$/.test(name) && name.includes('.')) return name;
  throw new UsageError(`DOMAIN '${text}' is not a domain; use example.com`);
}

/** @throws UsageError */
export function addressArguments(texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text) => isIP(text) === 0 || text.includes('%'));
  if (wrong === undefined) return texts;
  throw new UsageError(`--address: '${wrong}' is not an IP address; use 192.0.2.1 or 2001:db8::1`);
}

/** @throws UsageError */
export function selectorArguments(texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text) => !/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(text));
  if (wrong === undefined) return texts;
  throw new UsageError(`--selector: '${wrong}' is not a DKIM selector; it is s= in a DKIM-Signature field`);
}

/** @throws UsageError */
export function listArguments(texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text) => !isQueryName(text) || !/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/.test(text));
  if (wrong === undefined) return texts;
  throw new UsageError(`--list: '${wrong}' is not the zone of a DNS list; use bl.spamcop.net`);
}

/**
 * `192.0.2.53:5353`, `tls://dns.example.com`, `https://dns.example.com/dns-query`.
 * @throws UsageError
 */
export function resolverArgument(text: string): DnsServer {
  const server = parseDnsServer(text);
  if (server.kind === 'fault') throw new UsageError(`--resolver: '${text}' ${server.message.replaceAll('`', '')}`);
  return server;
}

export type Explained = 'spf' | 'dmarc';

/**
 * The area of `--explain`; null without it.
 * @throws UsageError
 */
export function explainArgument(options: { readonly explain?: string; readonly json?: true }): Explained | null {
  const { explain } = options;
  if (explain === undefined) return null;
  if (explain !== 'spf' && explain !== 'dmarc')
    throw new UsageError(`--explain: '${explain}' is neither spf nor dmarc`);
  if (options.json) throw new UsageError('--explain prints no JSON; leave out --json');
  return explain;
}

const KEY_VARIABLES = { spamhaus: 'SMTP_QUORUM_SPAMHAUS_KEY', abusix: 'SMTP_QUORUM_ABUSIX_KEY' } as const;

/**
 * Keys of DNS lists in the environment. A key that is not one is not printed: it may be another secret.
 * @throws UsageError
 */
export function listKeysOf(environment: Readonly<Record<string, string | undefined>>): ListKeys {
  const given = Object.entries(KEY_VARIABLES).flatMap(([service, variable]) => {
    const key = environment[variable]?.trim() ?? '';
    if (key !== '' && !isListKey(key)) throw new UsageError(`${variable} is not a key of letters and digits`);
    return key === '' ? [] : [[service, key]];
  });
  return Object.fromEntries(given);
}
