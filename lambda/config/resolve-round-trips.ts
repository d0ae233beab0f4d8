/** Applies the defaults of `roundTrips`, and the settings of the targets through which they send. */
import { defaultMailboxSecurity } from '../mailbox/session/mailbox-endpoint.ts';
import { LIMITS } from '../smtp/bounds/limits.ts';
import { defaultSecurity } from '../smtp/endpoint/endpoint.ts';
import type { SecretReference } from './channel.ts';
import type { Target } from './config.ts';
import type { RoundTrip, TripMailbox, TripServer } from './round-trip.ts';
import type { CheckedRoundTrip } from './schema/round-trips.ts';

/** The PEM of each `ca` file, by the path as written. */
type ReadPem = (path: string) => string | undefined;

/** Undefined if there is none. @param targets those of the config, with all defaults */
export function roundTripsOf(
  written: readonly CheckedRoundTrip[] | undefined,
  targets: readonly Target[],
  pemOf: ReadPem,
): readonly RoundTrip[] | undefined {
  if (written === undefined || written.length === 0) return undefined;
  return written.map((trip) => ({
    id: trip.id,
    every: trip.every,
    send: {
      via: trip.send.via ?? null,
      server: serverOf(trip.send, targets, pemOf),
      from: trip.send.from,
      to: trip.send.to,
      attachment: trip.send.attachment,
    },
    receive: mailboxOf(trip.receive, pemOf),
    within: trip.within,
    expect: trip.expect as RoundTrip['expect'],
    keep: trip.keep,
    perDay: trip.perDay,
    authservId: trip.authservId ?? null,
    key: secretReference(trip.key),
  }));
}

function serverOf(send: CheckedRoundTrip['send'], targets: readonly Target[], pemOf: ReadPem): TripServer {
  const target = targets.find(({ id }) => id === send.via);
  if (target !== undefined) return serverOfTarget(target);
  const { host = '', port, security, serverName, ca, insecure, auth } = send;
  return {
    host,
    port,
    security: security ?? defaultSecurity(port),
    helo: 'auto',
    family: 'any',
    insecure,
    timeout: LIMITS.deadline,
    ...(serverName === undefined ? {} : { serverName }),
    ...pem(ca, pemOf),
    ...(auth === undefined ? {} : { auth: loginOf(auth) }),
  };
}

/** Its expectations are those of its probe. */
function serverOfTarget(target: Target): TripServer {
  const { host, port, security, helo, family, serverName, ca, insecure, auth, timeout } = target;
  return {
    host: host ?? '',
    port,
    security,
    helo,
    family: family === 'each' ? 'any' : family,
    insecure,
    timeout,
    ...(serverName === undefined ? {} : { serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(auth === undefined ? {} : { auth }),
  };
}

function loginOf({
  user,
  password,
  mechanism,
}: NonNullable<CheckedRoundTrip['send']['auth']>): NonNullable<Target['auth']> {
  return { user, password: secretReference(password), ...(mechanism === undefined ? {} : { mechanism }) };
}

const PORTS = { imap: 993, pop3: 995 } as const;

function mailboxOf(receive: CheckedRoundTrip['receive'], pemOf: ReadPem): TripMailbox {
  const { protocol, host, serverName, ca, insecure, auth, junk } = receive;
  const port = receive.port ?? PORTS[protocol];
  return {
    protocol,
    host,
    port,
    security: receive.security ?? defaultMailboxSecurity(port),
    insecure,
    ...(serverName === undefined ? {} : { serverName }),
    ...pem(ca, pemOf),
    auth: { user: auth.user, password: secretReference(auth.password) },
    junk: junk && protocol === 'imap',
  };
}

function pem(path: string | undefined, pemOf: ReadPem): { readonly ca?: string } {
  const ca = path === undefined ? undefined : pemOf(path);
  return ca === undefined ? {} : { ca };
}

function secretReference({
  secret,
  env,
}: {
  readonly secret?: string | undefined;
  readonly env?: string | undefined;
}): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}
