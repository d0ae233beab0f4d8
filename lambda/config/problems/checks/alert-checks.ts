/** Rules between values about alerts: `notify`, `smtp`, `heartbeat`. */

import { isLoopbackUrl } from '../../../wire/loopback.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import { receiverKeys } from '../../schema/notify/receivers.ts';
import type { ConfigFault } from '../problem.ts';
import { atKey, atValue, exactlyOne, forEach, isLocal, list, record, type Written } from '../rule-building-blocks.ts';
import { chatRules } from './chat-checks.ts';
import { entryIdRules } from './entry-id-checks.ts';
import { pagerRules } from './pager-checks.ts';

export const alertRules: readonly ((config: Written) => readonly ConfigFault[])[] = [
  (config) => forEach(config, 'notify', (entry, path) => exactlyOne(entry, [...receiverKeys], path)),
  (config) => forEach(config, 'notify', (entry, path) => webhookIsUrl(entry, path, isLocal(config))),
  ...chatRules,
  ...pagerRules,
  ...entryIdRules,
  emailNeedsRelay,
  smsNeedsAws,
  relayIsNoTarget,
  relayLogin,
  heartbeatIsUrl,
];

function webhookIsUrl(entry: Written, path: ConfigPath, local: boolean): readonly ConfigFault[] {
  if (typeof entry.webhook !== 'string') return [];
  const url = URL.canParse(entry.webhook) ? new URL(entry.webhook) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && (local || isLoopbackUrl(url))))
    return serviceAsWebhook(entry.webhook, path, local);
  const suggestion = url?.protocol === 'http:' ? 'on AWS alerts cross the Internet: use `https://`' : null;
  return [atValue([...path, 'webhook'], 'is not an `https://` URL', suggestion)];
}

/** URLs that refuse whatever is not in a form of their own, or are retired. */
const SERVICES: readonly (readonly [url: RegExp, receiver: string])[] = [
  [
    /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/(?!.*\/slack(?:\?|$))/,
    'discord: { url: PLACE }',
  ],
  [/^https:\/\/[\w.-]+\.webhook\.office\.com\//, 'teams: { url: PLACE }'],
  [/^https:\/\/api\.telegram\.org\/bot/, 'telegram: { chat: "ID", token: PLACE }'],
  [/^https:\/\/events\.(?:eu\.)?pagerduty\.com\/v2\//, 'pagerduty: { routingKey: PLACE }'],
  [/^https:\/\/api\.(?:atlassian|(?:eu\.)?opsgenie)\.com\/(?:.*\/)?v2\/alerts/, 'jsm: { apiKey: PLACE }'],
];

function serviceAsWebhook(url: string, path: ConfigPath, local: boolean): readonly ConfigFault[] {
  const receiver = SERVICES.find(([pattern]) => pattern.test(url))?.[1];
  if (receiver === undefined) return [];
  const place = local ? '{ env: VARIABLE }' : '{ secret: NAME }';
  const suggestion = `use \`${receiver.replace('PLACE', place)}\``;
  return [atValue([...path, 'webhook'], 'is a service that refuses the JSON of a webhook', suggestion)];
}

/** The messages do not repeat the URL, because its path is a secret at most receivers. */
function heartbeatIsUrl(config: Written): readonly ConfigFault[] {
  const { heartbeat } = config;
  if (typeof heartbeat !== 'string') return [];
  const url = URL.canParse(heartbeat) ? new URL(heartbeat) : null;
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal(config)))
    return [atValue(['heartbeat'], 'is not an `https://` URL', 'copy the URL of the check from its service')];
  if (url.username === '' && url.password === '') return [];
  return [atValue(['heartbeat'], 'must not contain a user or a password', 'use a service whose URL has a secret path')];
}

function emailNeedsRelay(config: Written): readonly ConfigFault[] {
  if (!isLocal(config) || config.smtp !== undefined) return [];
  return forEach(config, 'notify', ({ email }, path) =>
    email === undefined
      ? []
      : [
          atKey(
            [...path, 'email'],
            'needs `smtp` with `vantages: [local]`: SNS sends e-mail on AWS only',
            'add `smtp: { host: relay.example.net }`, a mail server that is not a target',
          ),
        ],
  );
}

function smsNeedsAws(config: Written): readonly ConfigFault[] {
  if (!isLocal(config)) return [];
  return forEach(config, 'notify', ({ sms }, path) =>
    sms === undefined
      ? []
      : [
          atKey(
            [...path, 'sms'],
            'is not possible with `vantages: [local]`: SNS sends SMS on AWS only',
            'use `webhook:` with the URL of a service that sends SMS, or `email:` with its address',
          ),
        ],
  );
}

/** If the relay fails, the alert about it could not be sent. */
function relayIsNoTarget(config: Written): readonly ConfigFault[] {
  const smtp = record(config.smtp);
  const relay = endpointOf(smtp?.host, smtp?.port ?? 587);
  if (relay === null) return [];
  const index = list(config.targets).findIndex((target) => {
    const { host, domain, serverName, port } = record(target) ?? {};
    return [host, domain, serverName].some((name) => endpointOf(name, port ?? 25) === relay);
  });
  if (index === -1) return [];
  return [
    atValue(
      ['smtp', 'host'],
      `is monitored by targets[${index}]: an alert about it could not be sent through it`,
      'name a mail server of another operator, or use `webhook:` instead of `email:`',
    ),
  ];
}

/** The ports of a host fail together. On this machine each may be a server of its own, in a container or a tunnel. */
function endpointOf(written: unknown, port: unknown): string | null {
  if (typeof written !== 'string') return null;
  const name = written.toLowerCase().replace(/\.$/, '');
  return isLoopback(name) ? `localhost:${port}` : name;
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function relayLogin(config: Written): readonly ConfigFault[] {
  const { host, user, password, security } = record(config.smtp) ?? {};
  if (user === undefined && password === undefined) return [];
  if (password === undefined)
    return [atKey(['smtp', 'password'], 'is missing: `user` needs it', 'add `{ env: NAME }`')];
  if (user === undefined) return [atKey(['smtp', 'user'], 'is missing: `password` needs it')];
  if (
    (security !== 'none' && security !== 'starttls-if-offered') ||
    (typeof host === 'string' && isLoopback(host.toLowerCase()))
  )
    return [];
  return [atValue(['smtp', 'security'], 'would send the password without TLS', 'use `starttls` or `tls`')];
}
