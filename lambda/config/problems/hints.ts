/** Suggestions for values that people write often, and that the schema rejects. */
import { ownValue } from '../../wire/own-value.ts';
import type { ConfigPath } from '../schema/config-path.ts';
import { durationPattern, suggestedDuration } from '../schema/duration.ts';
import { configJsonSchema, nodeAt, type SchemaNode } from '../schema/json-schema.ts';
import { maskText } from './mask-secrets.ts';

/** A value as written, its key, and what the schema says of it. */
interface Written {
  readonly key: string;
  readonly value: unknown;
  readonly node: SchemaNode | null;
}

type Hint = (written: Written) => string | null;

/** The first that applies is used. */
const HINTS: readonly Hint[] = [
  passwordReference,
  listKeyReference,
  secretPlace,
  chatReceiver,
  chatId,
  telephone,
  messagesPerHour,
  postureSwitch,
  bounceSource,
  statusPage,
  shownPart,
  percentage,
  duration,
  number,
  channel,
  listOf,
  endpoint,
  mailDomain,
  security,
  yesNo,
];

/** Null if nothing is known about the value. A hint may repeat it, without secrets. */
export function hintFor(path: ConfigPath, read: unknown): string | null {
  const value = typeof read === 'string' ? maskText(read) : read;
  const written = { key: String(path.at(-1) ?? ''), value, node: nodeAt(configJsonSchema(), path) };
  for (const hint of HINTS) {
    const found = hint(written);
    if (found !== null) return found;
  }
  return null;
}

const meant = (text: string, more = '') => `did you mean \`${text}\`${more}?`;

function passwordReference({ key, value }: Written): string | null {
  if (key !== 'password' || typeof value === 'object') return null;
  return 'this file never contains a password: write `{ env: VARIABLE }`, or `{ secret: NAME }` on AWS';
}

function listKeyReference({ key, value }: Written): string | null {
  if (!['spamhaus', 'abusix', 'linkKey'].includes(key) || typeof value === 'object') return null;
  return 'this file never contains a key: write `{ env: VARIABLE }`, or `{ secret: NAME }` on AWS';
}

/** `token: xoxb-…`, `url: https://hooks.example.com/…` where the place of a secret is expected. */
function secretPlace({ value, node }: Written): string | null {
  const { secret, env } = node?.properties ?? {};
  if (secret === undefined || env === undefined || typeof value === 'object') return null;
  return 'this file never contains a secret: write `{ env: VARIABLE }`, or `{ secret: NAME }` on AWS';
}

const CHAT_EXAMPLES: Readonly<Record<string, string>> = {
  slack: '{ channel: C0123ABCD45, token: { env: SLACK_TOKEN } }',
  slackWebhook: '{ url: { env: SLACK_WEBHOOK } }',
  teams: '{ url: { env: TEAMS_WORKFLOW } }',
  discord: '{ url: { env: DISCORD_WEBHOOK } }',
  telegram: '{ chat: "-1001234567890", token: { env: TELEGRAM_TOKEN } }',
  ntfy: '{ url: https://ntfy.example.com/mail-alerts }',
};

/** `slack: '#ops'`, `teams: https://…`. */
function chatReceiver({ key, value }: Written): string | null {
  const example = ownValue(CHAT_EXAMPLES, key);
  return example === undefined || typeof value === 'object' ? null : `write \`${key}: ${example}\``;
}

/** `chat: -1001234567890`, without quotes. */
function chatId({ key, value }: Written): string | null {
  return key === 'chat' && typeof value === 'number' ? meant(`chat: "${value}"`) : null;
}

/** `+1 555 555 0100`, `0015555550100`, or without quotes, where YAML reads a number. A national number is not guessed. */
function telephone({ key, value }: Written): string | null {
  if (key !== 'sms' && key !== 'number') return null;
  const digits =
    typeof value === 'number'
      ? `+${value}`
      : String(value)
          .replace(/[\s().-]/g, '')
          .replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? meant(`"${digits}"`) : null;
}

/** `limit: 10`, `limit: 10/m`. */
function messagesPerHour({ key, value }: Written): string | null {
  const [, count, unit] = /^(\d{1,3})(?:\/(m|min|hour))?$/.exec(key === 'limit' ? String(value) : '') ?? [];
  if (count === undefined || Number(count) === 0) return null;
  const perHour = Number(count) * (unit?.startsWith('m') ? 60 : 1);
  return perHour > 1000 ? null : meant(`${perHour}/h`);
}

/** `posture: true`, `posture: off`, `posture: []`. */
function postureSwitch({ key, value }: Written): string | null {
  if (key !== 'posture') return null;
  if (/^(?:no|off|none|disabled)$/i.test(String(value))) return meant('false');
  const isOn = value === true || (Array.isArray(value) && value.length === 0);
  return isOn || /^(?:yes|on|auto)$/i.test(String(value))
    ? 'omit it to watch the domains of the targets; `false` turns it off'
    : null;
}

/** `bounces: true`, `sources: [ses]`. */
function bounceSource({ key, value }: Written): string | null {
  if (key === 'bounces' && typeof value !== 'object') return meant('{ sources: [{ ses: true }] }');
  if (value === 'ses') return meant('{ ses: true }');
  return typeof value === 'string' && /^\/.*log/.test(value) ? meant(`{ log: ${value} }`) : null;
}

/** `statusPage: public`, `access: false`, `logo: https://…`. */
function statusPage({ key, value }: Written): string | null {
  const access = /^(?:no|false|none)$/.test(String(value)) ? 'off' : String(value);
  if (key === 'statusPage' && /^(?:public|private|off)$/.test(access)) return meant(`{ access: ${access} }`);
  if (key === 'access' && access === 'off') return meant('off');
  return key === 'logo' && /^https?:/.test(String(value)) ? 'put a copy of the picture beside this file' : null;
}

const HIDDEN: Readonly<Record<string, string>> = {
  hidden: 'none',
  hide: 'none',
  off: 'none',
  false: 'none',
  true: 'full',
};

/** `show: full`, `mx1: hidden`. */
function shownPart({ key, value, node }: Written): string | null {
  if (key === 'show' && /^(?:full|name|none)$/.test(String(value))) return meant(`{ "*": ${value} }`);
  const isShown = node?.enum?.includes('none') === true && node.enum.includes('full');
  const shown = isShown ? ownValue(HIDDEN, String(value)) : undefined;
  return shown === undefined ? null : meant(shown);
}

/** `2`, `0.02`, where a percentage is expected. */
function percentage({ key, value }: Written): string | null {
  if (!['warn', 'fail', 'complaints'].includes(key) || !/^\d+(?:\.\d+)?$/.test(String(value))) return null;
  const number = Number(value);
  return meant(`${number < 0.1 && key !== 'complaints' ? Number((number * 100).toFixed(4)) : number}%`);
}

function duration({ value, node }: Written): string | null {
  if (node?.pattern !== durationPattern.source) return null;
  const suggested = suggestedDuration(String(value));
  // What is out of bounds is a duration as it is.
  return suggested === null || suggested === value ? null : meant(suggested);
}

/** `"25"` where a number is expected. */
function number({ value, node }: Written): string | null {
  const isNumber = [node, ...(node?.anyOf ?? [])].some((one) => one?.type === 'integer' || one?.type === 'number');
  if (!isNumber || typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value)) return null;
  return meant(value, ', without quotes');
}

/** `notify: ops@example.com`. */
function channel({ key, value }: Written): string | null {
  if (key !== 'notify' || typeof value !== 'string') return null;
  if (/^https?:/i.test(value)) return meant('[{ webhook: URL }]');
  return value.includes('@') ? meant(`[{ email: ${value} }]`) : null;
}

function listOf({ value, node }: Written): string | null {
  if (node?.type !== 'array' || Array.isArray(value) || value === null || value === undefined) return null;
  if (typeof value === 'object') return 'begin each entry of the list with a dash and a space: `- `';
  return meant(
    `[${String(value)
      .split(/\s*,\s*/)
      .join(', ')}]`,
  );
}

const ENDPOINTS = ['host', 'domain', 'serverName', 'control'];

/** `mx1.example.com:587`, `smtp://mx1.example.com`. */
function endpoint({ key, value }: Written): string | null {
  if (!ENDPOINTS.includes(key) || typeof value !== 'string') return null;
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value) ?? [];
  const url = URL.canParse(scheme === undefined ? `smtp://${value}` : value);
  if (!url) return null;
  const { hostname, port } = new URL(scheme === undefined ? `smtp://${value}` : value);
  if (hostname === '' || (scheme === undefined && port === '')) return null;
  if (key === 'control') return meant(port === '' ? hostname : `${hostname}:${port}`);
  if (key !== 'host' || port === '') return meant(hostname);
  return `did you mean \`host: ${hostname}\` and \`port: ${port}\`?`;
}

/** `ops@example.com` where a domain is expected. */
function mailDomain({ key, value }: Written): string | null {
  if (!ENDPOINTS.includes(key) || typeof value !== 'string') return null;
  const [, domain] = /^[^\s@/]+@([A-Za-z0-9.-]+)$/.exec(value) ?? [];
  return domain === undefined ? null : meant(domain);
}

const SECURITIES: Readonly<Record<string, string>> = {
  ssl: 'tls',
  'ssl/tls': 'tls',
  smtps: 'tls',
  implicit: 'tls',
  'start-tls': 'starttls',
  required: 'starttls',
  true: 'starttls',
  yes: 'starttls',
  on: 'starttls',
  opportunistic: 'starttls-if-offered',
  auto: 'starttls-if-offered',
  optional: 'starttls-if-offered',
  plain: 'none',
  plaintext: 'none',
  false: 'none',
  no: 'none',
  off: 'none',
};

function security({ key, value }: Written): string | null {
  const known = key === 'security' ? ownValue(SECURITIES, String(value).toLowerCase()) : undefined;
  return known === undefined ? null : meant(known);
}

/** In YAML 1.2 `yes` and `on` are texts. */
function yesNo({ value, node }: Written): string | null {
  if (node?.type !== 'boolean' || typeof value !== 'string') return null;
  if (/^(?:yes|on|y|true|1)$/i.test(value)) return meant('true');
  return /^(?:no|off|n|false|0)$/i.test(value) ? meant('false') : null;
}
