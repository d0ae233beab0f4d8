/** Rules between values about what pages in `notify`. Nothing here repeats a value: it may be a secret. */
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atKey, atValue, exactlyOne, forEach, isLocal, record, type Written } from '../rule-building-blocks.ts';

/** The places of secrets in an entry. */
const PLACES: readonly ConfigPath[] = [
  ['pagerduty', 'routingKey'],
  ['pagerduty', 'webhookSecret'],
  ['jsm', 'apiKey'],
  ['signature'],
];

export const pagerRules: readonly ((config: Written) => readonly ConfigFault[])[] = [
  (config) =>
    forEach(config, 'notify', (entry, path) =>
      PLACES.flatMap((place) => placeFaults(valueIn(entry, place), [...path, ...place], isLocal(config))),
    ),
  (config) => forEach(config, 'notify', urlFaults),
  (config) => forEach(config, 'notify', signatureNeedsWebhook),
  (config) => (isLocal(config) ? forEach(config, 'notify', needsAws) : []),
];

function valueIn(entry: Written, place: ConfigPath): unknown {
  return place.reduce<unknown>((value, key) => record(value)?.[key], entry);
}

function placeFaults(written: unknown, path: ConfigPath, local: boolean): readonly ConfigFault[] {
  const place = record(written);
  if (place === null) return [];
  if (typeof place.secret === 'string' && isKey(place.secret))
    return [
      atValue(
        [...path, 'secret'],
        'is a key, not the name of a secret',
        'store the key in AWS Secrets Manager, and write the name of the secret: this file never contains a key',
      ),
    ];
  const isOfMachine = !local && place.env !== undefined && place.secret === undefined;
  return [
    ...exactlyOne(place, ['secret', 'env'], path),
    ...(isOfMachine
      ? [atValue([...path, 'env'], 'works on one machine only', 'use `{ secret: NAME }`, of AWS Secrets Manager')]
      : []),
  ];
}

/** A key of PagerDuty has 32 letters and digits, one of Jira Service Management is a UUID. */
function isKey(text: string): boolean {
  return /^[A-Za-z0-9]{32}$/.test(text) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function urlFaults(entry: Written, path: ConfigPath): readonly ConfigFault[] {
  return ['pagerduty', 'jsm'].flatMap((service) => {
    const url = record(entry[service])?.url;
    if (typeof url !== 'string' || isSafeUrl(url)) return [];
    return [
      atValue(
        [...path, service, 'url'],
        'is not an `https://` URL without user, password and query',
        'omit it for the default',
      ),
    ];
  });
}

/** The key is sent to it: in clear only within this machine. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  const isHere = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(hostname);
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isHere));
}

function signatureNeedsWebhook({ signature, webhook }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (signature === undefined || webhook !== undefined) return [];
  return [atKey([...path, 'signature'], 'is possible only with `webhook`')];
}

const INSTEAD = {
  phone: 'use `webhook:` with the URL of a service that calls, or `pagerduty:`',
  amazonQ: 'use the receiver of the chat itself',
} as const;

function needsAws(entry: Written, path: ConfigPath): readonly ConfigFault[] {
  return (['phone', 'amazonQ'] as const)
    .filter((key) => entry[key] !== undefined)
    .map((key) => atKey([...path, key], 'is not possible with `vantages: [local]`: AWS does it', INSTEAD[key]));
}
