import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Command, Option } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { defaultEhloName } from '../../lambda/config/default-ehlo-name.ts';
import { parseDuration } from '../../lambda/config/schema/duration.ts';
import { toALabels } from '../../lambda/smtp/endpoint/a-label.ts';
import { assertCommandArguments } from '../../lambda/smtp/endpoint/command-arguments.ts';
import {
  type Credentials,
  defaultSecurity,
  type Endpoint,
  type Security,
} from '../../lambda/smtp/endpoint/endpoint.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { type ProbeTarget, probeTarget } from '../../lambda/smtp/target.ts';
import { pemCertificates } from '../../lambda/smtp/tls/trusted-authorities.ts';
import { endpointArgument, portArgument } from '../arguments/endpoint.ts';
import { EXIT_CODES, UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { sampleText } from '../display/probe/sample.ts';

interface ProbeOptions {
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
  readonly json?: true;
  readonly transcript?: true;
}

const HELP = `
Examples:
  smtp-quorum probe mx1.example.com                      port 25, STARTTLS required
  smtp-quorum probe smtp.example.com:465                 implicit TLS
  smtp-quorum probe example.com --mx                     every MX host of a domain
  smtp-quorum probe '[2001:db8::1]:25' --security none   an IPv6 address, in the clear
  smtp-quorum probe smtp.example.com:587 --user probe@example.com --password-env SMTP_PASSWORD
  smtp-quorum probe mx1.example.com --mail-from '' --rcpt-to postmaster@example.com
  smtp-quorum probe mx1.example.com --rcpt-to sink@example.com --deliver
  smtp-quorum probe mx1.example.com --json | jq .timings

No mail is sent without --deliver: --rcpt-to asks whether the server would take it, then resets.

Exit codes, as monitoring plugins have them:
  0 pass   1 warn   2 fail   3 unable to probe, or bad usage`;

export function probeCommand(): Command {
  return new Command('probe')
    .argument('<host[:port]>', "host name or address; an IPv6 address with a port is written '[address]:port'")
    .optionsGroup('Where:')
    .option('-p, --port <port>', 'port (default: 25)')
    .option('--mx', 'the host is a domain: probe every MX host of it')
    .option('-4, --ipv4', 'only IPv4 addresses')
    .option('-6, --ipv6', 'only IPv6 addresses; with -4, a session over each')
    .option('--timeout <duration>', 'deadline of the whole probe, as 20s or 1500ms (default: 20s)')
    .optionsGroup('Session:')
    .addOption(
      new Option('--security <how>', 'how the session is secured (default: tls on 465, else starttls)').choices([
        'none',
        'starttls',
        'starttls-if-offered',
        'tls',
      ] satisfies Security[]),
    )
    .option('--ehlo-name <name>', "name to greet with (default: this host's, or its address)")
    .addOption(
      new Option('--helo <which>', 'say EHLO, HELO, or HELO where EHLO fails').choices(['auto', 'ehlo', 'helo']),
    )
    .option('--mail-from <address>', "sender to try; '' is the null sender")
    .option('--rcpt-to <address>', 'recipient to try; may be given several times', collect)
    .option('--deliver', 'send a small mail to the recipients; with --mx to every MX host, with -4 -6 over each')
    .optionsGroup('TLS:')
    .option('--server-name <name>', 'name to ask for and to find in the certificate (default: the host)')
    .option('--ca <file>', "PEM file of the authorities to trust instead of the system's")
    .option('--insecure', 'look at the certificate, but do not judge it')
    .optionsGroup('Authentication:')
    .option('--user <name>', 'log in as this user')
    .option('--password-env <variable>', 'environment variable that holds the password or token')
    .addOption(
      new Option('--mechanism <name>', 'how to log in (default: the best one offered)').choices([
        'PLAIN',
        'LOGIN',
        'CRAM-MD5',
        'XOAUTH2',
      ] satisfies Credentials['mechanism'][]),
    )
    .optionsGroup('Output:')
    .option('--json', 'the sample as one line of JSON')
    .option('--transcript', 'show the transcript even when all went well')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(host: string, options: ProbeOptions): Promise<void> {
  const target = targetOf(host, options);
  const at = new Date().toISOString();
  const sample = await probeTarget(target, { waitForQuit: true });
  process.stdout.write(options.json ? `${asciiJson(record(target, at, sample))}\n` : pretty(target, sample, options));
  process.exitCode = EXIT_CODES[sample.outcome];
}

/** The sample, and what was asked for, so that a line stands for itself in a log. */
function record({ host, domain, port, security, ehloName }: ProbeTarget, at: string, sample: Sample) {
  return { at, ...(domain === null ? { host } : { domain }), port, security, ehloName, ...inMicros(sample) };
}

function inMicros(sample: Sample): Sample {
  const timings = Object.fromEntries(
    Object.entries(sample.timings).map(([phase, length]) => [phase, toMicros(length)]),
  );
  const parts = sample.parts?.map((part) => ({ ...part, sample: inMicros(part.sample) }));
  return { ...sample, timings, total: toMicros(sample.total), ...present('parts', parts) };
}

/** Milliseconds to the microsecond: the clock has no more to say. */
function toMicros(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function pretty(target: ProbeTarget, sample: Sample, { transcript }: ProbeOptions): string {
  return sampleText(target, sample, transcript === true || sample.outcome !== 'pass', screenOf(process.stdout));
}

/** @throws UsageError */
export function targetOf(text: string, options: ProbeOptions, env: NodeJS.ProcessEnv = process.env): ProbeTarget {
  const port = options.port === undefined ? undefined : portArgument(options.port);
  const where = endpointArgument(text, port);
  return speakable({
    ...(options.mx ? { host: null, domain: domainOf(where.host) } : { host: where.host, domain: null }),
    port: where.port,
    security: options.security ?? defaultSecurity(where.port),
    ehloName: options.ehloName ?? defaultEhloName(),
    ...present('helo', options.helo),
    ...present('family', familyOf(where.host, options)),
    ...present('serverName', options.serverName === undefined ? undefined : serverNameOf(options.serverName)),
    ...present('ca', options.ca === undefined ? undefined : authorities(options.ca)),
    ...present('insecure', options.insecure),
    ...present('auth', credentials(options, env)),
    ...transaction(options),
    ...present('timeout', options.timeout === undefined ? undefined : timeoutOf(options.timeout)),
  });
}

/** A line end in a name would be a command: told here by the option's name. */
function speakable(target: ProbeTarget): ProbeTarget {
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

/** An optional property: there, or not there at all. */
function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function domainOf(host: string): string {
  if (isIP(host) === 0) return host;
  throw new UsageError(`--mx: '${host}' is an address, and has no MX records; give a domain`);
}

function serverNameOf(name: string): string {
  const inAscii = toALabels(name);
  if (inAscii !== null) return inAscii;
  throw new UsageError(`--server-name: '${name}' is no host name`);
}

function familyOf(host: string, { ipv4, ipv6 }: ProbeOptions): ProbeTarget['family'] {
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
  if (broken >= 0) throw new UsageError(`--ca: certificate ${broken + 1} in ${file} is broken`);
  if (certificates.length > 0) return pem;
  throw new UsageError(`--ca: ${file} holds no PEM certificate ('-----BEGIN CERTIFICATE-----')`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256 !== '';
  } catch {
    return false;
  }
}

function credentials({ user, passwordEnv, mechanism }: ProbeOptions, env: NodeJS.ProcessEnv): Credentials | undefined {
  if (user === undefined && passwordEnv === undefined) {
    if (mechanism !== undefined) throw new UsageError('--mechanism needs --user NAME and --password-env VARIABLE');
    return undefined;
  }
  if (user === undefined) throw new UsageError('--password-env needs --user NAME');
  if (passwordEnv === undefined) {
    throw new UsageError('--user needs --password-env VARIABLE: an argument would show the password to every process');
  }
  const password = env[passwordEnv];
  if (!password)
    throw new UsageError(`--password-env: the environment has no ${passwordEnv}, or it is empty; export it first`);
  return { user, password, ...present('mechanism', mechanism) };
}

/** A recipient needs a sender: the null sender, as bounces have it, unless one is given. */
function transaction({ mailFrom, rcptTo, deliver }: ProbeOptions): Pick<Endpoint, 'mailFrom' | 'rcptTo' | 'deliver'> {
  if (rcptTo !== undefined) return { mailFrom: mailFrom ?? '', rcptTo, ...present('deliver', deliver) };
  if (deliver) throw new UsageError('--deliver needs --rcpt-to ADDRESS: it sends a mail there');
  return present('mailFrom', mailFrom);
}

function timeoutOf(text: string): number {
  const milliseconds = parseDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  throw new UsageError(`--timeout: '${text}' is no length of time; write 20s or 1500ms`);
}
