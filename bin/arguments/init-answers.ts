import { isIP } from 'node:net';
import type { Questions } from './ask-on-terminal.ts';
import { endpointArgument, type HostAndPort } from './endpoint.ts';
import { UsageError } from './usage-error.ts';

export interface InitOptions {
  readonly domain?: string;
  readonly host?: string;
  readonly email?: string;
  readonly smtp?: string;
  readonly webhook?: string;
  readonly vantages?: string;
  readonly ehloName?: string;
}

/** What `init` writes a config from. */
export interface InitAnswers {
  readonly domain: string | null;
  readonly server: HostAndPort | null;
  readonly email: string | null;
  /** The server that sends the e-mail of one machine. On AWS, SNS sends it. */
  readonly smtp: string | null;
  readonly webhook: string | null;
  readonly vantages: readonly string[];
  readonly ehloName: string | null;
}

/**
 * From the options, or from a person if neither a domain nor a host is among them.
 * @throws UsageError
 */
export async function readAnswers(options: InitOptions, questions: Questions): Promise<InitAnswers> {
  if (options.domain !== undefined && options.host !== undefined)
    throw new UsageError('--domain and --host exclude each other: the config can have more targets later');
  const asks = options.domain === undefined && options.host === undefined;
  const what = asks ? await questions.ask('Mail domain, or host:port of a server', '') : '';
  if (asks && what === '') throw new UsageError('a domain or a server is needed: --domain example.com');
  const given = asks ? toTarget(what) : options;
  const email = options.email ?? (asks ? await questions.ask('E-mail address for alerts (empty: none)', '') : '');
  const written = options.vantages ?? (asks ? await questions.ask(VANTAGES, 'local') : 'local');
  const vantages = written.split(/[\s,]+/).filter((name) => name !== '');
  const needsServer = email !== '' && vantages.includes('local') && options.smtp === undefined;
  const smtp = needsServer && asks ? await questions.ask('Mail server that sends the alerts', '') : options.smtp;
  if (needsServer && !smtp)
    throw new UsageError('--email on one machine needs --smtp HOST, the server that sends the alerts; not a target');
  return {
    domain: given.domain === undefined ? null : endpointArgument(given.domain).host,
    server: given.host === undefined ? null : endpointArgument(given.host),
    email: email || null,
    webhook: options.webhook ?? null,
    smtp: vantages.includes('local') && smtp ? endpointArgument(smtp).host : null,
    vantages,
    ehloName: options.ehloName ?? null,
  };
}

const VANTAGES = 'Vantages: AWS regions separated by commas, or local for this machine';

/** `example.com` is a domain, `ops@example.com` names one; an address or something with a port is a server. */
function toTarget(text: string): Pick<InitOptions, 'domain' | 'host'> {
  if (isIP(text) !== 0 || /:\d+$/.test(text)) return { host: text };
  return { domain: text.replace(/^.*@/, '') };
}
