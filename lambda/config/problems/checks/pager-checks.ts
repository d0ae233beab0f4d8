/** Rules between values about what pages in `notify`. Nothing here repeats a value: it may be a secret. */

import { isLoopbackUrl } from '../../../wire/loopback.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atKey, atValue, forEach, isLocal, record, type Written } from '../rule-building-blocks.ts';
import { secretPlaceFaults } from './secret-place.ts';

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
      PLACES.flatMap((place) => secretPlaceFaults(valueIn(entry, place), [...path, ...place], isLocal(config))),
    ),
  (config) => forEach(config, 'notify', urlFaults),
  (config) => forEach(config, 'notify', signatureNeedsWebhook),
  (config) => forEach(config, 'notify', groupNeedsDigests),
  (config) => forEach(config, 'notify', (entry, path) => chatTopicIsItsOwn(config, entry, path)),
  (config) => (isLocal(config) ? forEach(config, 'notify', needsAws) : []),
];

function valueIn(entry: Written, place: ConfigPath): unknown {
  return place.reduce<unknown>((value, key) => record(value)?.[key], entry);
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
  const url = new URL(text);
  const { username, password, search, hash } = url;
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  return isPlain && (url.protocol === 'https:' || isLoopbackUrl(url));
}

function signatureNeedsWebhook({ signature, webhook }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (signature === undefined || webhook !== undefined) return [];
  return [atKey([...path, 'signature'], 'is possible only with `webhook`')];
}

function groupNeedsDigests({ group, pagerduty, jsm }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (group !== true || (pagerduty === undefined && jsm === undefined)) return [];
  return [
    atValue(
      [...path, 'group'],
      'is not possible with `pagerduty` and `jsm`: each incident is one there, and a digest could not end it',
      'omit it; both services can group alerts themselves',
    ),
  ];
}

/** The topic of the deployment has mail of people: they would get the JSON of each notification besides each alert. */
function chatTopicIsItsOwn({ name }: Written, { amazonQ }: Written, path: ConfigPath): readonly ConfigFault[] {
  const topicArn = record(amazonQ)?.topicArn;
  const own = `:${typeof name === 'string' ? name : 'smtp-quorum'}-alerts`;
  if (typeof topicArn !== 'string' || !topicArn.endsWith(own)) return [];
  return [
    atValue(
      [...path, 'amazonQ', 'topicArn'],
      'is the topic of all alerts: each subscriber would get the notifications of the chat, too',
      'create a standard topic for the chat alone, and name it in the channel configuration of Amazon Q Developer',
    ),
  ];
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
