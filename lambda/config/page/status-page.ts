/** What the config says of the status page, and its defaults. */
import type { Hours } from '../../calendar/hours.ts';
import type { SecretReference } from '../channel.ts';
import { hoursOf } from '../resolve-maintenance.ts';
import { matchesGlob } from '../schema/notify/glob.ts';
import type { CheckedStatusPage } from '../schema/page/status-page-schema.ts';

/** How much of a target the page shows. `name`: no hosts, addresses, replies and transcripts. `none`: it is not on the page. */
export type Shown = 'full' | 'name' | 'none';

/** A picture, published as a file of the page under `name`. */
export interface PageLogo {
  /** `logo.svg`, `logo.png` or `logo.webp`. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** 100 KB at most before the encoding. */
  readonly base64: string;
}

/** `statusPage` of the config, as far as it is written there. `pageSettings` has the defaults. */
export interface StatusPage {
  readonly access?: 'public' | 'private' | 'off';
  readonly title?: string;
  readonly logo?: PageLogo;
  /** In lower case, with A-labels. */
  readonly domain?: string;
  /** A certificate of ACM in us-east-1. */
  readonly certificateArn?: string;
  /** Addresses and ranges (`192.0.2.0/24`, `2001:db8::/32`) of readers of a private page. Without a password they need none. */
  readonly allow?: readonly string[];
  /** Of basic authentication, with any user name. With `allow`, a reader needs both. */
  readonly password?: SecretReference;
  /** For the reports of months. */
  readonly serviceHours?: ServiceHours;
  /** Ids of targets and round trips, and domains, or patterns of them. */
  readonly show?: Readonly<Record<string, Shown>>;
}

/** Hours, and how they are written: `Mon-Fri 08:00-18:00`. */
export interface ServiceHours extends Hours {
  readonly week: string;
}

export interface PageSettings {
  /** `loopback`: read on the machine of the monitor only, unless it listens elsewhere. Never on AWS. */
  readonly access: 'public' | 'private' | 'loopback' | 'off';
  readonly title: string;
  readonly logo: PageLogo | null;
  readonly domain: string | null;
  readonly certificateArn: string | null;
  /** Null: from everywhere. */
  readonly allow: readonly string[] | null;
  readonly password: SecretReference | null;
  readonly show: ShowRules;
}

/** Which targets are shown, and how much of them. */
export interface ShowRules {
  readonly rules: readonly { readonly pattern: string; readonly shown: Shown }[];
  /** Of what no pattern matches. */
  readonly others: Shown;
}

export function statusPageOf(checked: CheckedStatusPage, logo: PageLogo | undefined): StatusPage | undefined {
  if (checked === undefined) return undefined;
  const { logo: _path, password, allow, serviceHours, ...rest } = checked;
  const hours = hoursOf(serviceHours);
  return {
    ...(rest as Omit<StatusPage, 'logo' | 'password' | 'allow' | 'serviceHours'>),
    ...(logo === undefined ? {} : { logo }),
    ...(allow === undefined ? {} : { allow: allow.map((range) => range.toLowerCase()) }),
    ...(password === undefined ? {} : { password: referenceOf(password) }),
    ...(hours === undefined ? {} : { serviceHours: { ...hours, week: serviceHours?.week ?? '' } }),
  };
}

function referenceOf({ secret, env }: { secret?: string | undefined; env?: string | undefined }): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}

const DEFAULT_TITLE = 'Mail servers';

/** @param place where the page is served from: by default there is none on AWS, and one that this machine alone reads here */
export function pageSettings(
  { statusPage = {} }: { readonly statusPage?: StatusPage },
  place: 'aws' | 'local',
): PageSettings {
  const { access = place === 'aws' ? 'off' : 'loopback', title, logo, domain, certificateArn, ...rest } = statusPage;
  const isPrivate = access === 'private';
  return {
    access,
    title: title ?? DEFAULT_TITLE,
    logo: logo ?? null,
    domain: domain ?? null,
    certificateArn: certificateArn ?? null,
    allow: (isPrivate ? rest.allow : undefined) ?? null,
    password: (isPrivate ? rest.password : undefined) ?? null,
    show: showRules(rest.show ?? {}, access === 'public' ? 'name' : 'full'),
  };
}

/** A name before a pattern: JavaScript puts keys that are numbers first, whatever their place in the file. */
function showRules(show: NonNullable<StatusPage['show']>, others: Shown): ShowRules {
  const rules = Object.entries(show).map(([pattern, shown]) => ({ pattern, shown }));
  const isPattern = ({ pattern }: { readonly pattern: string }) => /[*?]/.test(pattern);
  return { rules: [...rules.filter((rule) => !isPattern(rule)), ...rules.filter(isPattern)], others };
}

/** The rule of the name itself, else that of the first pattern that matches. */
export function shownOf({ rules, others }: ShowRules, name: string): Shown {
  return rules.find(({ pattern }) => matchesGlob(pattern, name))?.shown ?? others;
}

/** The pattern `*` is for all that no other rule is for, whatever `others` says. */
export function hidesNothing({ rules, others }: ShowRules): boolean {
  const rest = rules.find(({ pattern }) => pattern === '*')?.shown ?? others;
  return rest === 'full' && rules.every(({ shown }) => shown === 'full');
}
