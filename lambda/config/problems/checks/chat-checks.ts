/** Rules between values about the chat services of `notify`. Nothing here repeats a value: it may be a secret. */

import { isLoopbackUrl } from '../../../wire/loopback.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, forEach, isLocal, record, type Written } from '../rule-building-blocks.ts';
import { secretPlaceFaults } from './secret-place.ts';

/** The keys of each receiver that name the place of a secret. */
const SECRETS: readonly (readonly [receiver: string, keys: readonly string[]])[] = [
  ['slack', ['token', 'signingSecret']],
  ['slackWebhook', ['url']],
  ['teams', ['url']],
  ['discord', ['url']],
  ['telegram', ['token']],
  ['ntfy', ['token']],
];

export const chatRules: readonly ((config: Written) => readonly ConfigFault[])[] = [
  (config) =>
    forEach(config, 'notify', (entry, path) =>
      SECRETS.flatMap(([receiver, keys]) =>
        keys.flatMap((key) =>
          secretPlaceFaults(record(entry[receiver])?.[key], [...path, receiver, key], isLocal(config)),
        ),
      ),
    ),
  (config) => forEach(config, 'notify', (entry, path) => topicFaults(config, entry, path)),
];

function topicFaults(config: Written, { ntfy }: Written, path: ConfigPath): readonly ConfigFault[] {
  const written = record(ntfy)?.url;
  if (typeof written !== 'string') return [];
  const at = [...path, 'ntfy', 'url'];
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !(url.protocol === 'https:' || (isLocal(config) && isLoopbackUrl(url))))
    return [atValue(at, 'is not an `https://` URL', 'write `https://ntfy.example.com/TOPIC`')];
  if (url.username !== '' || url.password !== '')
    return [
      atValue(
        at,
        'must not contain a user or a password',
        'use `token: { env: VARIABLE }`, or `{ secret: NAME }` on AWS',
      ),
    ];
  if (!/^\/[-_A-Za-z0-9]{1,64}$/.test(url.pathname) || url.search !== '')
    return [
      atValue(
        at,
        'does not end with a topic',
        'write `https://ntfy.example.com/TOPIC`, with letters, digits, `-` and `_`',
      ),
    ];
  return [];
}
