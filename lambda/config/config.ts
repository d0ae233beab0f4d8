import type { MaintenanceWindow } from '../calendar/planned-time.ts';
import type { DrillSettings } from '../calendar/weekly-time.ts';
import type { Policy } from '../consensus/judgement/policy.ts';
import type { Credentials, Family, Security } from '../smtp/endpoint/endpoint.ts';
import type { Expectations } from '../smtp/endpoint/expectations.ts';
import type { AnswerSettings } from './answers/answer-settings.ts';
import type { BounceSettings } from './bounce-settings.ts';
import type { Channel, SecretReference } from './channel.ts';
import type { StatusPage } from './page/status-page.ts';
import type { ListKeyName, PostureDomain } from './posture-domain.ts';
import type { RoundTrip } from './round-trip.ts';

/** A mail server that sends e-mail for one machine. */
export interface MailRelay {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly credentials: { readonly user: string; readonly password: SecretReference } | null;
  /** Null for the recipient of each e-mail. */
  readonly from: string | null;
}

/** A monitored SMTP endpoint, with all defaults. */
export interface Target {
  readonly id: string;
  /** Exactly one of `host` and `domain` is set. For a domain, the hosts of its MX records are probed. */
  readonly host: string | null;
  readonly domain: string | null;
  readonly port: number;
  readonly security: Security;
  readonly family: Family;
  readonly helo: 'auto' | 'ehlo' | 'helo';
  readonly serverName?: string;
  /** PEM, the content of the file that the config names. */
  readonly ca?: string;
  readonly insecure: boolean;
  readonly auth?: Omit<Credentials, 'password'> & { readonly password: SecretReference };
  readonly mailFrom?: string;
  readonly rcptTo?: readonly string[];
  /** Availability objective in percent. */
  readonly slo?: number;
  /** Short words that group targets, in the order of the config. */
  readonly tags?: readonly string[];
  /** Ids of targets through which it is reached. While one of them is down, it is told as part of that. */
  readonly behind?: readonly string[];
  /** Whether a mail is sent in each round. */
  readonly deliver?: boolean;
  /** Deadline of one probe in milliseconds. */
  readonly timeout: number;
  readonly expect?: Expectations;
}

/** The validated config file with all defaults, as JSON for the handlers. */
export interface Config {
  readonly version: 1;
  /** Prefix of the names of stacks, table, topic and bus. */
  readonly name: string;
  readonly home: string;
  /** `home` is not in the file: it is the first vantage. */
  readonly homeByDefault?: true;
  readonly ehloName: string;
  /** A mail server outside the targets that every vantage probes. A vantage that cannot reach it is blind. */
  readonly control: { readonly host: string; readonly port: number } | null;
  readonly policy: Policy;
  /** Resolvers of posture checks, as written. Absent: those of the machine. */
  readonly resolver?: readonly string[];
  readonly notify: readonly Channel[];
  /** Sends e-mail on one machine. */
  readonly smtp?: MailRelay;
  /** How people acknowledge from elsewhere. Absent if it is not in the file. */
  readonly answers?: AnswerSettings;
  /** Absent if there is none. */
  readonly drill?: DrillSettings;
  /** Fetched after each complete pass of the judge. */
  readonly heartbeat?: string;
  readonly targets: readonly Target[];
  /** Absent if there is none. */
  readonly maintenance?: readonly MaintenanceWindow[];
  /** Domains whose posture is watched. Absent if it is none. */
  readonly posture?: readonly PostureDomain[];
  /** What is watched of sent mail. Absent if it is not. */
  readonly bounces?: BounceSettings;
  /** Where the keys of DNS lists for customers are stored. */
  readonly listKeys?: Readonly<Partial<Record<ListKeyName, SecretReference>>>;
  /** Absent if there is none. */
  readonly roundTrips?: readonly RoundTrip[];
  /** Absent if it is not in the file: `pageSettings` has the defaults. */
  readonly statusPage?: StatusPage;
}
