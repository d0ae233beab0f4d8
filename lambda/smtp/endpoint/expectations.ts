/** What a target must offer, and the severity if it does not. Plain JSON: no `undefined`, no RegExp. */

import type { TimedPhase } from '../sample/sample.ts';

/** The outcome of an unmet expectation. */
export type Severity = 'warn' | 'fail';

/** `ignore`: recorded as a fact, but not judged. */
export type SeverityOrIgnore = Severity | 'ignore';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Days left below which a certificate is a warning or a failure. 0 disables a threshold; an expired certificate always counts. */
export interface CertificateExpectations {
  /** 21 by default. */
  readonly warnDays?: number;
  /** 3 by default. */
  readonly failDays?: number;
  /** The certificate is valid for the requested name (RFC 6125, 9525); `fail` by default. */
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
   * Recipients that must be refused. `accept-all`: one is accepted whose domain the server serves (a domain of `domains`,
   * `accepts`, `rcptTo` or the target, or a parent of its host name). `open-relay`: one of a foreign domain is accepted.
   */
  readonly rejects?: readonly string[];
  /** Domains that the server serves, in addition to those of the target. */
  readonly domains?: readonly string[];
  /** A recipient of `accepts` is refused permanently (5xx); `fail` by default. */
  readonly refused?: Severity;
  /** A nonexistent recipient is accepted; `warn` by default. */
  readonly acceptAll?: Severity;
  /** A foreign recipient is accepted; `fail` by default. */
  readonly openRelay?: Severity;
}

/** The phases with an expected reply code. */
export type ReplyPhase = 'greeting' | 'ehlo' | 'starttls' | 'ehlo2' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface Expectations {
  /** JavaScript regular expression (flags `iu`) that the greeting's text must match; `fail` by default. */
  readonly greeting?: { readonly matches: string; readonly otherwise?: Severity };
  /** Extension keywords of the last EHLO, in any case: all of `present` and none of `absent` must be offered; `warn` by default. */
  readonly keywords?: {
    readonly present?: readonly string[];
    readonly absent?: readonly string[];
    readonly otherwise?: Severity;
  };
  /** The offered SIZE is at least this many octets (RFC 1870); `warn` by default. SIZE 0 or without a parameter is no limit. A missing SIZE does not meet it. */
  readonly size?: { readonly atLeast: number; readonly otherwise?: Severity };
  /** Lowest TLS version; TLS 1.2 and `fail` by default (RFC 8996). With `warn`, older versions are accepted with a warning. */
  readonly tls?: { readonly atLeast: TlsVersion; readonly otherwise?: Severity };
  readonly certificate?: CertificateExpectations;
  readonly latency?: {
    readonly total?: Budget;
    readonly phases?: Readonly<Partial<Record<TimedPhase, Budget>>>;
  };
  /** The session is encrypted, and AUTH offered in it; not judged by default. */
  readonly authAfterTls?: SeverityOrIgnore;
  /** AUTH is offered before TLS, so that passwords may be sent in clear text (RFC 4954 4); not judged by default. */
  readonly authInClear?: SeverityOrIgnore;
  readonly rcpt?: RecipientExpectations;
  /**
   * The final reply code of a phase, instead of any success code: `{ rcpt: { code: 550 } }`; `fail` by default. Challenges
   * of AUTH do not count. For DATA it is 354 or the final code. A refusal of the vantage stays `unable`, unless its code is
   * expected.
   */
  readonly replies?: Readonly<
    Partial<Record<ReplyPhase, { readonly code: number | readonly number[]; readonly otherwise?: Severity }>>
  >;
  /**
   * The outcome of a temporary refusal (4xx). Default: `warn` for greylisting and address verification, because senders
   * succeed later; `fail` for all others.
   */
  readonly temporary?: Severity;
}

/** The defaults of expectations. */
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
