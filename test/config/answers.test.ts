/** `answers`: how people acknowledge from elsewhere; each mistake with its line and fix, and no key in any message. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { parseListener } from '../../lambda/config/schema/answers/listener.ts';

const targets = 'targets: [{ id: mx1, host: mx1.example.com }]';
const aws = `ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1, ap-southeast-1]\nhome: us-east-1\n${targets}`;
const slack = 'notify: [{ slack: { channel: C0123ABCD45, token: { env: A }, signingSecret: { env: B } } }]';

const parse = (text: string) =>
  parseConfig(text, 'smtp-quorum.yaml', () => {
    throw new Error('no file');
  });

test.each([
  {
    what: 'links in mail, with all defaults',
    text: `answers: { url: https://alerts.example.com/quorum/, linkKey: { env: LINKS } }\n${targets}`,
    answers: {
      url: 'https://alerts.example.com/quorum',
      listen: { host: '127.0.0.1', port: 8025 },
      linkKey: { env: 'LINKS' },
      linkLifetime: 7 * 86_400_000,
    },
  },
  {
    what: 'a socket, and links for an hour',
    text: `answers: { url: https://a.example.com, listen: /run/answers.sock, linkLifetime: 1h }\n${targets}\n${slack}`,
    answers: { url: 'https://a.example.com', listen: { socket: '/run/answers.sock' }, linkLifetime: 3_600_000 },
  },
  {
    what: 'all interfaces, explicitly',
    text: `answers: { url: https://a.example.com, listen: "[::]:8025", public: true }\n${targets}`,
    answers: { url: 'https://a.example.com', listen: { host: '::', port: 8025 }, linkLifetime: 7 * 86_400_000 },
  },
  {
    what: 'on AWS',
    text: `answers: { linkKey: { secret: alerts/links } }\n${aws}`,
    answers: {
      listen: { host: '127.0.0.1', port: 8025 },
      linkKey: { secret: 'alerts/links' },
      linkLifetime: 7 * 86_400_000,
    },
  },
])('understood: $what', ({ text, answers }) => {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  expect(parsed.config.answers).toEqual(answers);
});

test('without `answers` there are none', () => {
  const parsed = parse(targets);
  expect(parsed.ok && 'answers' in parsed.config).toBe(false);
});

/** `hunter2hunter2…` is what nobody may see. */
const key = 'hunter2hunter2hunter2hunter2hunter2hunter2hunter2';

describe('refused, with line and fix', () => {
  test.each<[string, string, RegExp]>([
    [`answers: { url: http://alerts.example.com }\n${targets}`, 'answers.url', /is not an `https:\/\/` URL.*write/s],
    [`answers: { url: alerts.example.com }\n${targets}`, 'answers.url', /is not an `https:\/\/` URL/],
    [`answers: { url: "https://a:hunter2@alerts.example.com" }\n${targets}`, 'answers.url', /an origin or a path/],
    [`answers: { url: "https://alerts.example.com/?a=b" }\n${targets}`, 'answers.url', /an origin or a path/],
    [`answers: { linkKey: { env: LINKS } }\n${targets}`, 'answers.url', /is missing.*reverse proxy or a tunnel/s],
    [`answers: {}\n${targets}\n${slack}`, 'answers.url', /is missing/],
    [`answers: { listen: "0.0.0.0:8025" }\n${targets}`, 'answers.listen', /from other machines.*`public: true`/s],
    [`answers: { listen: "192.0.2.1:80" }\n${targets}`, 'answers.listen', /from other machines/],
    [`answers: { listen: "[2001:db8::1]:80" }\n${targets}`, 'answers.listen', /from other machines/],
    [`answers: { listen: "answers.sock" }\n${targets}`, 'answers.listen', /neither an address and port/],
    [`answers: { listen: "127.0.0.1:0" }\n${targets}`, 'answers.listen', /has a port that is none: 0.*1 to 65535/s],
    [`answers: { listen: "0.0.0.0:80250", public: true }\n${targets}`, 'answers.listen', /a port that is none: 80250/],
    [`answers: { listen: 8025 }\n${targets}`, 'answers.listen', /must be text|is neither/],
    [`answers: { listen: "127.0.0.1:8025" }\n${aws}`, 'answers.listen', /is for one machine.*omit it/s],
    [`answers: { public: true }\n${aws}`, 'answers.public', /is for one machine/],
    [`answers: { linkLifetime: 1m }\n${targets}`, 'answers.linkLifetime', /from `10m` to `30d`/],
    [`answers: { linkLifetime: 31d }\n${targets}`, 'answers.linkLifetime', /from `10m` to `30d`/],
    [`answers: { linkKey: ${key} }\n${targets}`, 'answers.linkKey', /never contains a key.*\{ env: VARIABLE \}/s],
    [`answers: { linkKey: { secret: ${key} } }\n${aws}`, 'answers.linkKey.secret', /is a secret, not the name/],
    [`answers: { linkKey: { env: LINKS } }\n${aws}`, 'answers.linkKey.env', /one machine only.*\{ secret: NAME \}/s],
    [`answers: { linkKey: { env: A, secret: b } }\n${targets}`, 'answers.linkKey.env', /exactly one of/],
    [`${slack}\n${targets}`, 'notify[0].slack.signingSecret', /needs `answers`.*add `answers: \{ url/s],
    [`answers: { link: true }\n${targets}`, 'answers.link', /is not a key/],
  ])('%s', (text, path, words) => {
    const parsed = parse(text);
    if (parsed.ok) throw new Error('it was accepted');
    const shown = formatProblems(parsed.problems);
    expect(shown).toContain(path);
    expect(shown).toMatch(words);
    expect(shown).toMatch(/smtp-quorum\.yaml:\d+/);
    expect(shown).not.toContain('hunter2');
  });
});

test.each([
  ['127.0.0.1:8025', { host: '127.0.0.1', port: 8025 }],
  ['[::1]:1', { host: '::1', port: 1 }],
  ['localhost:65535', { host: 'localhost', port: 65_535 }],
  ['/run/a.sock', { socket: '/run/a.sock' }],
  ['127.0.0.1:0', null],
  ['127.0.0.1:65536', null],
  ['::1:8025', null],
  ['/', null],
  [`/${'a'.repeat(107)}`, null],
  ['', null],
])('a listener is read: %s', (written, listener) => expect(parseListener(written)).toEqual(listener));
