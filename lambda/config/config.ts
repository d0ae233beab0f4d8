import type { Policy } from '../consensus/judgement/policy.ts';
import type { Credentials, Family, Security } from '../smtp/endpoint/endpoint.ts';
import type { Expectations } from '../smtp/endpoint/expectations.ts';

/** Where a password is kept; the password itself is never in the config. */
export type SecretReference = { readonly secret: string } | { readonly env: string };

export type AlertTopic = 'down' | 'recovered' | 'degraded' | 'unknown' | 'changed' | 'blind';

export type Channel =
  | { readonly kind: 'email'; readonly address: string; readonly when: readonly AlertTopic[] }
  | { readonly kind: 'sms'; readonly number: string; readonly when: readonly AlertTopic[] }
  | { readonly kind: 'webhook'; readonly url: string; readonly when: readonly AlertTopic[] };

/** An SMTP endpoint that is watched, with every default filled in. */
export interface Target {
  readonly id: string;
  /** Exactly one of `host` and `domain` is set; a domain is expanded through its MX records. */
  readonly host: string | null;
  readonly domain: string | null;
  readonly port: number;
  readonly security: Security;
  readonly family: Family;
  readonly helo: 'auto' | 'ehlo' | 'helo';
  readonly serverName?: string;
  /** PEM, read from the file that the config names. */
  readonly ca?: string;
  readonly insecure: boolean;
  readonly auth?: Omit<Credentials, 'password'> & { readonly password: SecretReference };
  readonly mailFrom?: string;
  readonly rcptTo?: readonly string[];
  /** Percent of the time that it is to be up. */
  readonly slo?: number;
  /** A mail is sent each round. */
  readonly deliver?: boolean;
  /** Deadline of one probe, milliseconds. */
  readonly timeout: number;
  readonly expect?: Expectations;
}

/** The config file, checked, with every default filled in: JSON that handlers read as it is. */
export interface Config {
  readonly version: 1;
  /** Prefix of the names of stacks, table, topic and bus. */
  readonly name: string;
  readonly home: string;
  readonly ehloName: string;
  /** A mail server outside the targets that every vantage probes too: who cannot reach it is blind. */
  readonly control: { readonly host: string; readonly port: number } | null;
  readonly policy: Policy;
  readonly notify: readonly Channel[];
  readonly targets: readonly Target[];
}
