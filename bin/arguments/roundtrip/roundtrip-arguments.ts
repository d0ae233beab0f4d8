/** The round trip that the command `roundtrip` runs: one of the config, or one of options. */
import { readFileSync } from 'node:fs';
import type { SecretReference } from '../../../lambda/config/channel.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { defaultEhloName, ehloNameOf } from '../../../lambda/config/ehlo-name.ts';
import type { RoundTrip, TripMailbox } from '../../../lambda/config/round-trip.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import { parseDuration } from '../../../lambda/config/schema/duration.ts';
import type { MailboxCredentials } from '../../../lambda/mailbox/session/mailbox-endpoint.ts';
import { defaultSecurity, type Security } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { loginOf } from '../../../lambda/trip-run/trip-mailbox.ts';
import { readConfig } from '../config-file.ts';
import { endpointArgument } from '../endpoint.ts';
import { errorText, UsageError } from '../usage-error.ts';

export interface RoundtripOptions {
  readonly config?: string;
  readonly via?: string;
  readonly from?: string;
  readonly to?: string;
  readonly security?: Security;
  readonly user?: string;
  readonly passwordEnv?: string;
  readonly ehloName?: string;
  readonly imap?: string;
  readonly pop3?: string;
  readonly mailboxSecurity?: 'none' | 'starttls' | 'tls';
  readonly mailboxUser?: string;
  readonly mailboxPasswordEnv?: string;
  readonly junk: boolean;
  readonly ca?: string;
  readonly insecure?: true;
  readonly attachment?: string;
  readonly warnAfter?: string;
  readonly within?: string;
  readonly authservId?: string;
  readonly keep?: true;
  readonly json?: true;
  readonly transcript?: true;
}

/** A round trip with its secrets. They are in memory only. */
export interface ChosenTrip {
  readonly trip: RoundTrip;
  readonly ehloName: string;
  readonly password: string | null;
  readonly login: MailboxCredentials;
}

const DEFAULT_CONFIG = 'smtp-quorum.yaml';

/** @throws UsageError */
export async function chosenTrip(id: string | undefined, options: RoundtripOptions): Promise<ChosenTrip> {
  return id === undefined ? await tripOfOptions(options) : await tripOfConfig(id, options);
}

async function tripOfConfig(id: string, options: RoundtripOptions): Promise<ChosenTrip> {
  const file = options.config ?? DEFAULT_CONFIG;
  const config = readConfig(file);
  const trip = config.roundTrips?.find((one) => one.id === id);
  if (trip === undefined) throw new UsageError(`${file} has no round trip '${id}'${knownTrips(config)}`);
  const read = secretsOf(config);
  const { auth } = trip.send.server;
  return {
    trip: { ...trip, within: { ...trip.within, ...limitsOf(options) }, ...(options.keep ? { keep: 1 } : {}) },
    ehloName: options.ehloName ?? ehloNameOf(config.ehloName, localVantage),
    password: auth === undefined ? null : await read(auth.password, `the password of ${id}`),
    login: loginArgument(
      trip.receive.auth.user,
      await read(trip.receive.auth.password, `the password of the mailbox of ${id}`),
      `the password of the mailbox of ${id}`,
    ),
  };
}

function knownTrips({ roundTrips = [] }: Config): string {
  return roundTrips.length === 0
    ? '; it has none'
    : `; it has ${roundTrips
        .slice(0, 20)
        .map(({ id }) => id)
        .join(', ')}`;
}

/** From the environment, or with the AWS credentials of this machine from Secrets Manager. */
function secretsOf({ home }: Config) {
  return async (reference: SecretReference, what: string): Promise<string> => {
    try {
      const { readSecret } = await import('../../../local/secrets.ts');
      if ('env' in reference || home === localVantage) return await readSecret(reference);
      const { secretReader } = await import('../../../lambda/aws/secrets.ts');
      return await secretReader(home, Date.now)(reference);
    } catch (error) {
      throw new UsageError(`${what} cannot be read: ${errorText(error)}`);
    }
  };
}

async function tripOfOptions(options: RoundtripOptions): Promise<ChosenTrip> {
  const { user, from, to, via, mailboxUser } = options;
  if (via === undefined || from === undefined || to === undefined)
    throw new UsageError('roundtrip needs the id of a round trip of the config, or --via, --from and --to');
  const { host, port } = endpointArgument(via);
  const ca = options.ca === undefined ? {} : { ca: readPem(options.ca) };
  const insecure = options.insecure === true;
  const auth = user === undefined ? {} : { auth: { user, password: { env: '' } } };
  const trip: RoundTrip = {
    id: 'command',
    every: 0,
    send: {
      via: null,
      server: {
        ...{ host, port, security: options.security ?? defaultSecurity(port), helo: 'auto', family: 'any' },
        ...{ insecure, timeout: 30_000, ...ca, ...auth },
      },
      ...{ from: addressOf(from, '--from'), to: addressOf(to, '--to'), attachment: attachmentOf(options.attachment) },
    },
    receive: { ...mailboxOf(options), insecure, ...ca, auth: { user: mailboxUser ?? to, password: { env: '' } } },
    within: { warn: 60_000, fail: 300_000, ...limitsOf(options) },
    expect: { folder: 'inbox' },
    keep: options.keep ? 1 : 0,
    perDay: 1,
    authservId: options.authservId ?? null,
    key: { env: '' },
  };
  return {
    trip,
    ehloName: options.ehloName ?? defaultEhloName(),
    password: user === undefined ? null : variable(options.passwordEnv, '--password-env'),
    login: loginArgument(
      mailboxUser ?? to,
      variable(options.mailboxPasswordEnv, '--mailbox-password-env'),
      '--mailbox-password-env',
    ),
  };
}

const PORTS = { imap: { tls: 993, other: 143 }, pop3: { tls: 995, other: 110 } } as const;

function mailboxOf(options: RoundtripOptions): Pick<TripMailbox, 'protocol' | 'host' | 'port' | 'security' | 'junk'> {
  const { imap, pop3, mailboxSecurity } = options;
  if ((imap === undefined) === (pop3 === undefined)) throw new UsageError('name the mailbox: one of --imap and --pop3');
  const protocol = imap === undefined ? 'pop3' : 'imap';
  const text = imap ?? pop3 ?? '';
  const ports = PORTS[protocol];
  const named = /(?:^[^:]+|\]):\d+$/.test(text);
  const usual = mailboxSecurity === undefined || mailboxSecurity === 'tls' ? ports.tls : ports.other;
  const { host, port } = named ? endpointArgument(text) : endpointArgument(text, usual);
  const security = mailboxSecurity ?? (port === ports.tls ? 'tls' : 'starttls');
  return { protocol, host, port, security, junk: options.junk && protocol === 'imap' };
}

function limitsOf({ warnAfter, within }: RoundtripOptions): Partial<RoundTrip['within']> {
  const warn = durationOf(warnAfter, '--warn-after');
  const fail = durationOf(within, '--within');
  return {
    ...(fail === null ? {} : { fail, warn: Math.min(warn ?? 60_000, fail) }),
    ...(warn === null ? {} : { warn }),
  };
}

function durationOf(text: string | undefined, option: string): number | null {
  if (text === undefined) return null;
  const length = parseDuration(text);
  if (length === null || length < 1_000 || length > 86_400_000)
    throw new UsageError(`${option}: '${text}' is not a duration from 1s to 1d; use ${option} 90s`);
  return length;
}

function attachmentOf(text = '1000'): number {
  const octets = Number(text);
  if (/^\d{1,7}$/.test(text) && octets <= 5_000_000) return octets;
  throw new UsageError(`--attachment: '${text}' is not a number of octets from 0 to 5000000`);
}

function addressOf(text: string, option: string): string {
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)) return text;
  throw new UsageError(`${option}: '${text}' is not a plain e-mail address in ASCII`);
}

function variable(name: string | undefined, option: string): string {
  if (name === undefined) throw new UsageError(`${option} is missing: name the environment variable with the password`);
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new UsageError(`${option}: the environment variable ${name} is not set`);
  return value;
}

function loginArgument(user: string, secret: string, what: string): MailboxCredentials {
  try {
    return loginOf(user, secret);
  } catch (error) {
    throw new UsageError(`${what}: ${errorText(error)}`);
  }
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca: ${file} cannot be read: ${errorText(error)}`);
  }
}
