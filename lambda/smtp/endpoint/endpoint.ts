/** What to probe and how: everything one session needs to know. */

import type { Expectations } from './expectations.ts';

/** `starttls-if-offered` goes on in the clear where the server does not offer it. */
export type Security = 'none' | 'starttls' | 'starttls-if-offered' | 'tls';

/** `each` is one sample per address family. */
export type Family = 'any' | 4 | 6 | 'each';

export interface Credentials {
  readonly user: string;
  /** The password, or the access token for `XOAUTH2`. Never in a transcript, log or table. */
  readonly password: string;
  readonly mechanism?: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2';
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly ehloName: string;
  readonly helo?: 'auto' | 'ehlo' | 'helo';
  readonly family?: Exclude<Family, 'each'>;
  /** The name the certificate must bear and that SNI sends, where it is not `host`. */
  readonly serverName?: string;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** Look at the certificate but do not judge it. */
  readonly insecure?: boolean;
  /** The domain whose mail this host takes, where it was found through MX. */
  readonly domain?: string;
  readonly auth?: Credentials;
  /** Sender of the mail transaction; the null sender where there are recipients but this is not set. */
  readonly mailFrom?: string;
  readonly rcptTo?: readonly string[];
  /** Send a small mail from `mailFrom` to `rcptTo` with DATA; without it the transaction ends in RSET. */
  readonly deliver?: boolean;
  readonly expect?: Expectations;
  /** Deadline of the whole probe in milliseconds; 20 s by default. */
  readonly timeout?: number;
}

/** The name that SNI sends and the certificate must bear: without the brackets of an address, or the root's dot. */
export function tlsServerName({ serverName, host }: Endpoint): string {
  return (serverName ?? host).replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** The port's custom: 465 is implicit TLS (RFC 8314), others start with STARTTLS. */
export function defaultSecurity(port: number): Security {
  return port === 465 ? 'tls' : 'starttls';
}
