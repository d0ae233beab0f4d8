/** The settings of a session with a mailbox. */

import type { NameResolver } from '../../dns/resolver.ts';
import type { Endpoint } from '../../smtp/endpoint/endpoint.ts';
import type { KnownSecrets } from '../../smtp/redaction/mask-known-passwords.ts';
import type { MailboxLimits } from './mailbox-limits.ts';

export type MailboxProtocol = 'imap' | 'pop3';

/** `serverName`, `ca` and `insecure` are those of an SMTP endpoint; of `expect`, `certificate` and `tls` count. */
export interface MailboxEndpoint extends Pick<Endpoint, 'host' | 'port' | 'family' | 'serverName' | 'ca' | 'insecure'> {
  readonly protocol: MailboxProtocol;
  /** Credentials are never sent in clear text, except with `none`. */
  readonly security: 'none' | 'starttls' | 'tls';
  readonly expect?: Pick<NonNullable<Endpoint['expect']>, 'certificate' | 'tls'>;
}

export interface PasswordCredentials {
  readonly user: string;
  readonly password: string;
}

/** An access token, for XOAUTH2. It expires within the hour. */
export interface TokenCredentials {
  readonly user: string;
  readonly accessToken: string;
}

/** What gets an access token from the token endpoint before each session that needs a new one (RFC 6749 6). */
export interface RefreshTokenCredentials {
  readonly user: string;
  readonly refreshToken: string;
  /** `https://oauth2.googleapis.com/token`, for example. Only https, or http on loopback. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope?: string;
}

export type MailboxCredentials = PasswordCredentials | TokenCredentials | RefreshTokenCredentials;

export interface MailboxOptions {
  readonly limits?: Partial<MailboxLimits>;
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Ends the session with the code `aborted` (`unable`). */
  readonly signal?: AbortSignal;
  readonly resolver?: NameResolver;
  /** Passwords of everything that the same run uses: no text of the report shows one. */
  readonly secrets?: KnownSecrets;
}

/** Ports 993 and 995 are implicit TLS (RFC 8314), others use STARTTLS or STLS. */
export function defaultMailboxSecurity(port: number): MailboxEndpoint['security'] {
  return port === 993 || port === 995 ? 'tls' : 'starttls';
}
