import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { defaultEhloName } from '../../lambda/config/ehlo-name.ts';
import { toALabels } from '../../lambda/smtp/endpoint/a-label.ts';
import { assertCommandArguments } from '../../lambda/smtp/endpoint/command-arguments.ts';
import {
  type Credentials,
  defaultSecurity,
  type Endpoint,
  type Security,
} from '../../lambda/smtp/endpoint/endpoint.ts';
import type { ProbeTarget } from '../../lambda/smtp/probe-target.ts';
import { pemCertificates } from '../../lambda/smtp/tls/trusted-authorities.ts';
import { endpointArgument, portArgument } from './endpoint.ts';
import { type ExpectationOptions, expectationsOf } from './expectation-options.ts';
import { optional } from './optional.ts';
import { durationArgument } from './time.ts';
import { UsageError } from './usage-error.ts';

export interface TargetOptions extends ExpectationOptions {
  readonly config?: string;
  readonly port?: string;
  readonly mx?: true;
  readonly security?: Security;
  readonly ehloName?: string;
  readonly helo?: 'auto' | 'ehlo' | 'helo';
  readonly serverName?: string;
  readonly ca?: string;
  readonly insecure?: true;
  readonly timeout?: string;
  readonly user?: string;
  readonly passwordEnv?: string;
  readonly mechanism?: NonNullable<Credentials['mechanism']>;
  readonly mailFrom?: string;
  readonly rcptTo?: readonly string[];
  readonly deliver?: true;
  readonly ipv4?: true;
  readonly ipv6?: true;
}

/**
 * The endpoint and the session settings of `probe HOST`.
 * @throws UsageError
 */
export function targetOf(text: string, options: TargetOptions, env: NodeJS.ProcessEnv = process.env): ProbeTarget {
  const port = options.port === undefined ? undefined : portArgument(options.port);
  const where = endpointArgument(text, port);
  return withSafeArguments({
    ...(options.mx ? { host: null, domain: domainOf(where.host) } : { host: where.host, domain: null }),
    port: where.port,
    security: defaultSecurity(where.port),
    ehloName: options.ehloName ?? defaultEhloName(),
    ...settingsOf(where.host, options, env),
    ...optional('expect', expectationsOf(options)),
  });
}

/**
 * A target of the config, with the settings that the options change.
 * @throws UsageError
 */
export function changedTarget(
  target: ProbeTarget,
  options: TargetOptions,
  env: NodeJS.ProcessEnv = process.env,
): ProbeTarget {
  if (options.mx) throw new UsageError('--mx: the config has `domain` for a target whose MX hosts are probed');
  return withSafeArguments({
    ...target,
    ...optional('port', options.port === undefined ? undefined : portArgument(options.port)),
    ...optional('ehloName', options.ehloName),
    ...settingsOf(target.host ?? '', options, env),
    ...optional('expect', expectationsOf(options, target.expect)),
  });
}

function settingsOf(host: string, options: TargetOptions, env: NodeJS.ProcessEnv) {
  return {
    ...optional('security', options.security),
    ...optional('helo', options.helo),
    ...optional('family', familyOf(host, options)),
    ...optional('serverName', options.serverName === undefined ? undefined : serverNameOf(options.serverName)),
    ...optional('ca', options.ca === undefined ? undefined : authorities(options.ca)),
    ...optional('insecure', options.insecure),
    ...optional('auth', credentials(options, env)),
    ...transaction(options),
    ...optional('timeout', options.timeout === undefined ? undefined : durationArgument(options.timeout, '--timeout')),
  };
}

/** A line end in an argument would inject a command. The error names the option. */
function withSafeArguments(target: ProbeTarget): ProbeTarget {
  try {
    assertCommandArguments(target);
    return target;
  } catch (error) {
    const { message } = error as TypeError;
    throw new UsageError(message.replace(/^`(?:auth\.)?(\w+)`/, (_, setting: string) => `--${kebab(setting)}`));
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function domainOf(host: string): string {
  if (isIP(host) === 0) return host;
  throw new UsageError(`--mx: '${host}' is an address and has no MX records; use a domain`);
}

function serverNameOf(name: string): string {
  const inAscii = toALabels(name);
  if (inAscii !== null) return inAscii;
  throw new UsageError(`--server-name: '${name}' is not a host name`);
}

function familyOf(host: string, { ipv4, ipv6 }: TargetOptions): ProbeTarget['family'] {
  const own = isIP(host);
  if (own === 4 && ipv6) throw new UsageError(`--ipv6: '${host}' is an IPv4 address`);
  if (own === 6 && ipv4) throw new UsageError(`--ipv4: '${host}' is an IPv6 address`);
  if (ipv4 && ipv6) return 'each';
  if (ipv4) return 4;
  return ipv6 ? 6 : undefined;
}

function authorities(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  const certificates = pemCertificates(pem);
  const broken = certificates.findIndex((one) => !isCertificate(one));
  if (broken >= 0) throw new UsageError(`--ca: certificate ${broken + 1} in ${file} is not valid`);
  if (certificates.length > 0) return pem;
  throw new UsageError(`--ca: ${file} contains no PEM certificate ('-----BEGIN CERTIFICATE-----')`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256 !== '';
  } catch {
    return false;
  }
}

function credentials({ user, passwordEnv, mechanism }: TargetOptions, env: NodeJS.ProcessEnv): Credentials | undefined {
  if (user === undefined && passwordEnv === undefined) {
    if (mechanism !== undefined) throw new UsageError('--mechanism needs --user NAME and --password-env VARIABLE');
    return undefined;
  }
  if (user === undefined) throw new UsageError('--password-env needs --user NAME');
  if (passwordEnv === undefined) {
    throw new UsageError('--user needs --password-env VARIABLE: every process could read a password in an argument');
  }
  const password = env[passwordEnv];
  if (!password) throw new UsageError(`--password-env: ${passwordEnv} is not set or empty; export it first`);
  return { user, password, ...optional('mechanism', mechanism) };
}

/** A recipient needs a sender. The default is the null sender of bounces. */
function transaction({ mailFrom, rcptTo, deliver }: TargetOptions): Pick<Endpoint, 'mailFrom' | 'rcptTo' | 'deliver'> {
  if (rcptTo !== undefined) return { mailFrom: mailFrom ?? '', rcptTo, ...optional('deliver', deliver) };
  if (deliver) throw new UsageError('--deliver needs --rcpt-to ADDRESS, the recipient of the mail');
  return optional('mailFrom', mailFrom);
}
