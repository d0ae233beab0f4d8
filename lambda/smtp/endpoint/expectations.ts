/** What a target must offer beyond answering, and how bad it is when it does not. Plain JSON: no `undefined`, no RegExp. */

import type { TimedPhase } from '../sample/sample.ts';

/** How bad it is when an expectation is not met. */
export type Severity = 'warn' | 'fail';

/** `ignore`: looked at and kept as a fact, but not judged. */
export type SeverityOrIgnore = Severity | 'ignore';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Days left below which a certificate is a warning, or a failure. 0 switches a threshold off: expiry itself always counts. */
export interface CertificateExpectations {
  /** 21 by default. */
  readonly warnDays?: number;
  /** 3 by default. */
  readonly failDays?: number;
  /** The certificate bears the name that was asked for (RFC 6125, 9525); `fail` by default. */
  readonly name?: SeverityOrIgnore;
  /** The chain leads to a trusted authority; `fail` by default. */
  readonly trust?: SeverityOrIgnore;
  /** RSA below 2048 bits, EC below 224, SHA-1 or MD5 signatures; `warn` by default. */
  readonly weak?: SeverityOrIgnore;
}

/** Milliseconds above which a phase, or the whole probe, is a warning or a failure. */
export interface Budget {
  readonly warn?: number;
  readonly fail?: number;
}

export interface RecipientExpectations {
  /** Recipients that must be accepted. */
  readonly accepts?: readonly string[];
  /**
   * Recipients that must be refused. One in a domain the server serves (of `domains`, of `accepts`, of `rcptTo`, of the
   * target, or a parent of its host name) and accepted is `accept-all`; a foreign one accepted is `open-relay`.
   */
  readonly rejects?: readonly string[];
  /** Domains that the server is responsible for, beside those that follow from the target. */
  readonly domains?: readonly string[];
  /** A recipient of `accepts` refused for good (5xx); `fail` by default. */
  readonly refused?: Severity;
  /** A bogus recipient accepted; `warn` by default. */
  readonly acceptAll?: Severity;
  /** A foreign recipient accepted; `fail` by default. */
  readonly openRelay?: Severity;
}

/** The phases whose reply has a code that can be expected. */
export type ReplyPhase = 'greeting' | 'ehlo' | 'starttls' | 'ehlo2' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface Expectations {
  /** JavaScript regular expression (flags `iu`) that the greeting's text must match; `fail` by default. */
  readonly greeting?: { readonly matches: string; readonly otherwise?: Severity };
  /** Extension keywords of the last EHLO, any case: `present` must all be there, `absent` must not; `warn` by default. */
  readonly keywords?: {
    readonly present?: readonly string[];
    readonly absent?: readonly string[];
    readonly otherwise?: Severity;
  };
  /** The SIZE that the server offers is at least this many octets (RFC 1870); 0 or no parameter is no limit, no SIZE at all is no promise; `warn` by default. */
  readonly size?: { readonly atLeast: number; readonly otherwise?: Severity };
  /** Lowest TLS version; TLS 1.2 and `fail` by default (RFC 8996). With `warn` older versions are spoken, too, and warned of. */
  readonly tls?: { readonly atLeast: TlsVersion; readonly otherwise?: Severity };
  readonly certificate?: CertificateExpectations;
  readonly latency?: {
    readonly total?: Budget;
    readonly phases?: Readonly<Partial<Record<TimedPhase, Budget>>>;
  };
  /** The session is encrypted, and AUTH offered in it; not judged by default. */
  readonly authAfterTls?: SeverityOrIgnore;
  /** AUTH is offered before TLS, so that passwords may cross in clear (RFC 4954 4); not judged by default. */
  readonly authInClear?: SeverityOrIgnore;
  readonly rcpt?: RecipientExpectations;
  /**
   * The reply code a phase must end with, instead of any good one: `{ rcpt: { code: 550 } }`; `fail` by default. The
   * challenges of AUTH do not count; for DATA it can be 354 or that of the end. A refusal aimed at the vantage stays
   * `unable`, unless its code is among those expected.
   */
  readonly replies?: Readonly<
    Partial<Record<ReplyPhase, { readonly code: number | readonly number[]; readonly otherwise?: Severity }>>
  >;
  /**
   * What a temporary refusal (4xx) is. Where it is not set, greylisting and address verification at RCPT warn, after which
   * senders get through; all others fail.
   */
  readonly temporary?: Severity;
}

/** What holds where a target says nothing. */
export const DEFAULT_EXPECTATIONS = {
  certificate: { warnDays: 21, failDays: 3, name: 'fail', trust: 'fail', weak: 'warn' },
  tls: { atLeast: 'TLSv1.2', otherwise: 'fail' },
  greeting: 'fail',
  keywords: 'warn',
  size: 'warn',
  replies: 'fail',
  rcpt: { refused: 'fail', acceptAll: 'warn', openRelay: 'fail' },
  authAfterTls: 'ignore',
  authInClear: 'ignore',
} as const;
