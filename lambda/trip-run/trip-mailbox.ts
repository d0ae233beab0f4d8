/** The mailboxes that round trips end in, and the secrets of one. */
import { createHash } from 'node:crypto';
import type { RoundTrip } from '../config/round-trip.ts';
import { assertCredentials, credentialsFromSecret } from '../mailbox/credentials.ts';
import type { MailboxCredentials } from '../mailbox/session/mailbox-endpoint.ts';
import { assertKey } from '../trip/message/token.ts';
import type { TripPorts } from './trip-ports.ts';

/** Round trips that end in one mailbox: it is read once for all of them. */
export interface TripGroup {
  /** Digest of server and user. */
  readonly mailbox: string;
  readonly trips: readonly RoundTrip[];
}

export function tripGroups(trips: readonly RoundTrip[]): readonly TripGroup[] {
  const mailboxes = [...new Set(trips.map(mailboxOf))];
  return mailboxes.map((mailbox) => ({ mailbox, trips: trips.filter((trip) => mailboxOf(trip) === mailbox) }));
}

function mailboxOf({ receive }: RoundTrip): string {
  const { protocol, host, port, auth } = receive;
  const name = JSON.stringify([protocol, host.toLowerCase(), port, auth.user]);
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

/** The keys that could be read, by round trip. @throws if none could */
export async function readTripKeys(
  { secret }: Pick<TripPorts, 'secret'>,
  trips: readonly RoundTrip[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  let failure: unknown = null;
  for (const { id, key } of trips) {
    try {
      keys.set(id, assertKey(await secret(key), id));
    } catch (error) {
      failure = error;
    }
  }
  if (keys.size === 0 && failure !== null) throw failure;
  return keys;
}

export async function readLogin(
  { secret }: Pick<TripPorts, 'secret'>,
  { receive }: Pick<RoundTrip, 'receive'>,
): Promise<MailboxCredentials> {
  return loginOf(receive.auth.user, await secret(receive.auth.password));
}

/** @throws TypeError for a secret that could not be sent: before a message is on its way */
export function loginOf(user: string, secret: string): MailboxCredentials {
  const credentials = credentialsFromSecret(user, secret);
  assertCredentials(credentials);
  return credentials;
}
