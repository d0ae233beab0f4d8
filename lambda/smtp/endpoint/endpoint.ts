/** The settings of one session: the server and how to probe it. */

import type { Expectations } from './expectations.ts';

/** `starttls-if-offered` continues in clear text if the server does not offer STARTTLS. */
export type Security = 'none' | 'starttls' | 'starttls-if-offered' | 'tls';

/** `each` is one sample per address family. */
export type Family = 'any' | 4 | 6 | 'each';

export interface Credentials {
  readonly user: string;
  /** The password, or the access token for `XOAUTH2` and `OAUTHBEARER`. Never written to a transcript, log or table. */
  readonly password: string;
  readonly mechanism?: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'SCRAM-SHA-1' | 'SCRAM-SHA-256' | 'XOAUTH2' | 'OAUTHBEARER';
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly ehloName: string;
  readonly helo?: 'auto' | 'ehlo' | 'helo';
  readonly family?: Exclude<Family, 'each'>;
  /** The name that SNI sends and that the certificate must have, if it is not `host`. */
  readonly serverName?: string;
  /** PEM of the authorities to trust instead of those of Node. */
  readonly ca?: string;
  /** Read the certificate, but do not verify it. */
  readonly insecure?: boolean;
  /** The domain whose MX record names this host. */
  readonly domain?: string;
  readonly auth?: Credentials;
  /** Sender of the mail transaction. Default with recipients: the null sender. */
  readonly mailFrom?: string;
  readonly rcptTo?: readonly string[];
  /** Send a small mail from `mailFrom` to `rcptTo` with DATA. Otherwise the transaction ends with RSET. */
  readonly deliver?: boolean;
  readonly expect?: Expectations;
  /** Deadline of the whole probe in milliseconds; 20 s by default. */
  readonly timeout?: number;
}

/** What a TLS handshake needs of an endpoint, of any protocol. */
export interface TlsEndpoint extends Pick<Endpoint, 'host' | 'serverName' | 'ca' | 'insecure'> {
  readonly security: Security;
  /** Credentials are to be sent. */
  readonly auth?: object;
  readonly expect?: Pick<Expectations, 'certificate' | 'tls'>;
}

/** The name that SNI sends and that the certificate must have, without brackets of an address and without a final dot. */
export function tlsServerName({ serverName, host }: Pick<Endpoint, 'serverName' | 'host'>): string {
  return (serverName ?? host).replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** Port 465 is implicit TLS (RFC 8314), others use STARTTLS. */
export function defaultSecurity(port: number): Security {
  return port === 465 ? 'tls' : 'starttls';
}
