import type { MailboxEndpoint } from '../mailbox/session/mailbox-endpoint.ts';
import type { Credentials, Endpoint } from '../smtp/endpoint/endpoint.ts';
import type { TripExpectations, TripLimits } from '../trip/verdict/trip-state.ts';

/** Where a secret is stored: `SecretReference` of the config, which imports this file. */
type StoredSecret = { readonly secret: string } | { readonly env: string };

/** The server that takes the messages of a round trip: a target of the config, or one of its own. */
export interface TripServer extends Pick<Endpoint, 'host' | 'port' | 'security' | 'serverName' | 'ca'> {
  readonly family: 'any' | 4 | 6;
  readonly helo: 'auto' | 'ehlo' | 'helo';
  readonly insecure: boolean;
  readonly auth?: Omit<Credentials, 'password'> & { readonly password: StoredSecret };
  /** Milliseconds. */
  readonly timeout: number;
}

/** The secret is a password, or JSON with a refresh token for OAuth 2.0. */
export interface MailboxLogin {
  readonly user: string;
  readonly password: StoredSecret;
}

export interface TripMailbox extends MailboxEndpoint {
  readonly auth: MailboxLogin;
  /** Whether the junk folder is read, too. */
  readonly junk: boolean;
}

/** Messages that are sent and looked for in a mailbox, with all defaults. */
export interface RoundTrip {
  readonly id: string;
  /** Milliseconds. */
  readonly every: number;
  readonly send: {
    /** The id of the target that is the server; null if it is none. */
    readonly via: string | null;
    readonly server: TripServer;
    readonly from: string;
    readonly to: string;
    /** Octets. */
    readonly attachment: number;
  };
  readonly receive: TripMailbox;
  /** Milliseconds. */
  readonly within: TripLimits;
  readonly expect: TripExpectations;
  /** Messages that stay in each folder. */
  readonly keep: number;
  /** Most messages to the mailbox in a day. */
  readonly perDay: number;
  /** Null: no Authentication-Results are believed. */
  readonly authservId: string | null;
  /** Where the key of the HMAC is stored. */
  readonly key: StoredSecret;
}
