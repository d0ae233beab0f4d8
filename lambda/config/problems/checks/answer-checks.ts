/** Rules between values of `answers`, and of the channels that need it. Nothing here repeats a key. */
import { isLoopbackHost, parseListener } from '../../schema/answers/listener.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atKey, atValue, forEach, isLocal, list, record, type Written } from '../rule-building-blocks.ts';
import { secretPlaceFaults } from './secret-place.ts';

export const answerRules: readonly ((config: Written) => readonly ConfigFault[])[] = [
  urlIsPublic,
  urlIsNeeded,
  listenIsOfThisMachine,
  listenIsNotOnAws,
  keyIsOnlyNamed,
  channelsNeedAnswers,
];

function urlIsPublic(config: Written): readonly ConfigFault[] {
  const written = record(config.answers)?.url;
  if (typeof written !== 'string') return [];
  const path = ['answers', 'url'];
  const url = URL.canParse(written) ? new URL(written) : null;
  const isOwn = url?.protocol === 'http:' && isLocal(config) && isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ''));
  if (url?.protocol !== 'https:' && !isOwn)
    return [atValue(path, 'is not an `https://` URL', 'write `https://alerts.example.com`')];
  if (url.username === '' && url.password === '' && url.search === '' && url.hash === '') return [];
  return [atValue(path, 'must be an origin or a path below one', 'write `https://alerts.example.com/quorum`')];
}

/** The deployment makes one on AWS. */
function urlIsNeeded(config: Written): readonly ConfigFault[] {
  const answers = record(config.answers);
  if (answers === null || answers.url !== undefined || !isLocal(config)) return [];
  if (answers.linkKey === undefined && channelKeys(config).length === 0) return [];
  return [
    atKey(
      ['answers', 'url'],
      'is missing: links, Slack and PagerDuty reach this machine by it',
      'add the `https://` URL of a reverse proxy or a tunnel that leads to `listen`',
    ),
  ];
}

function listenIsOfThisMachine(config: Written): readonly ConfigFault[] {
  const answers = record(config.answers);
  if (typeof answers?.listen !== 'string') return [];
  const listen = parseListener(answers.listen);
  if (listen === null) return portFaults(answers.listen);
  if ('socket' in listen || isLoopbackHost(listen.host) || answers.public === true) return [];
  return [
    atValue(
      ['answers', 'listen'],
      'is reached from other machines, without encryption',
      'use `127.0.0.1:8025` behind a reverse proxy, or add `public: true`',
    ),
  ];
}

/** Of what is no address and port at all, the schema says so. */
function portFaults(listen: string): readonly ConfigFault[] {
  const [, port] = /:(\d{1,5})$/.exec(listen) ?? [];
  if (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)) return [];
  return [
    atValue(['answers', 'listen'], `has a port that is none: ${port}`, 'ports are 1 to 65535: write `127.0.0.1:8025`'),
  ];
}

function listenIsNotOnAws(config: Written): readonly ConfigFault[] {
  const answers = record(config.answers);
  if (answers === null || isLocal(config)) return [];
  return ['listen', 'public']
    .filter((key) => answers[key] !== undefined)
    .map((key) => atKey(['answers', key], 'is for one machine; on AWS answers are taken at a function URL', 'omit it'));
}

function keyIsOnlyNamed(config: Written): readonly ConfigFault[] {
  return secretPlaceFaults(record(config.answers)?.linkKey, ['answers', 'linkKey'], isLocal(config));
}

/** Keys of channels that have the service send to us. */
const NEED: readonly (readonly [receiver: string, key: string, who: string])[] = [
  ['slack', 'signingSecret', 'Slack sends presses of buttons'],
  ['pagerduty', 'webhookSecret', 'PagerDuty sends acknowledgements'],
];

function channelsNeedAnswers(config: Written): readonly ConfigFault[] {
  if (!isLocal(config) || config.answers !== undefined) return [];
  return channelKeys(config).map(({ path, who }) =>
    atKey(
      path,
      `needs \`answers\` with \`vantages: [local]\`: ${who} to this machine`,
      'add `answers: { url: https://alerts.example.com }`, or omit this key',
    ),
  );
}

function channelKeys(config: Written): readonly { readonly path: ConfigPath; readonly who: string }[] {
  const found: { path: ConfigPath; who: string }[] = [];
  if (list(config.notify).length === 0) return found;
  forEach(config, 'notify', (entry, path) => {
    for (const [receiver, key, who] of NEED) {
      if (record(entry[receiver])?.[key] !== undefined) found.push({ path: [...path, receiver, key], who });
    }
    return [];
  });
  return found;
}
