/** Receivers of `notify` that are chat services: what is understood, and what is refused without its secret. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../lambda/config/channel.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

const targets = 'targets: [{ id: mx1, host: mx1.example.com }]';
const local = `answers: { url: https://alerts.example.com }\n${targets}`;
const aws = `ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1, ap-southeast-1]\n${targets}`;

const parse = (entry: string, rest: string) =>
  parseConfig(`notify:\n  - ${entry}\n${rest}`, 'smtp-quorum.yaml', () => {
    throw new Error('no file');
  });

test('a secret of AWS is refused on one machine, where nothing could be sent', () => {
  const text = `vantages: [local]
notify:
  - slack: { channel: C0123ABCD45, token: { secret: alerts/slack } }
  - { webhook: "https://hooks.example.com/a", signature: { secret: alerts/key } }
targets: [{ id: mx1, host: mx1.example.com }]
`;
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
  expect(parsed.ok ? [] : parsed.problems.map(({ path, message, suggestion }) => [path, message, suggestion])).toEqual(
    ['notify[0].slack.token.secret', 'notify[1].signature.secret'].map((path) => [
      path,
      'works on AWS only',
      'use `{ env: VARIABLE }`, a variable of the environment',
    ]),
  );
});

describe('a receiver', () => {
  test.each<[string, Partial<Channel>]>([
    [
      'slack: { channel: C0123ABCD45, token: { env: A }, signingSecret: { env: B } }',
      { kind: 'slack', channel: 'C0123ABCD45', token: { env: 'A' }, signingSecret: { env: 'B' } },
    ],
    [
      'slack: { channel: G0123ABCD45, token: { env: A } }',
      { kind: 'slack', channel: 'G0123ABCD45', token: { env: 'A' } },
    ],
    ['slackWebhook: { url: { env: A } }', { kind: 'slack-webhook', url: { env: 'A' } }],
    ['teams: { url: { env: A } }', { kind: 'teams', url: { env: 'A' } }],
    ['discord: { url: { env: A } }', { kind: 'discord', url: { env: 'A' } }],
    [
      'telegram: { chat: "-1001234567890", token: { env: A } }',
      { kind: 'telegram', chat: '-1001234567890', token: { env: 'A' } },
    ],
    ['telegram: { chat: "@mail_alerts", token: { env: A } }', { kind: 'telegram', chat: '@mail_alerts' }],
    [
      'ntfy: { url: https://ntfy.example.com/mail-alerts }',
      { kind: 'ntfy', url: 'https://ntfy.example.com/mail-alerts' },
    ],
    ['ntfy: { url: "http://127.0.0.1:8080/a", token: { env: A } }', { kind: 'ntfy', token: { env: 'A' } }],
  ])('%s', (entry, receiver) => {
    const parsed = parse(entry, local);
    if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
    expect(parsed.config.notify).toEqual([expect.objectContaining(receiver)]);
    expect(parsed.config.notify[0]?.when).toContain('posture');
  });

  test('on AWS, secrets are those of Secrets Manager', () => {
    for (const secret of ['alerts/teams', 'production/monitoring/smtpquorum/teams/workflow', 'a+b=c@d.example_1-2']) {
      const parsed = parse(`teams: { url: { secret: ${secret} } }`, aws);
      expect(parsed.ok && parsed.config.notify).toMatchObject([{ kind: 'teams', url: { secret } }]);
    }
  });
});

/** Each has the word `hunter2` where a person may have written a secret. */
const slackToken = 'xoxb-123-hunter2';
const telegramToken = '123456789:AAHhunter2hunter2hunter2hunter2hun';
const hook = 'https://hooks.example.com/services/T0/B0/hunter2';

describe('refused, with the fix and without the secret', () => {
  test.each<[string, string, RegExp, string?]>([
    [`slack: { channel: C0123ABCD45, token: ${slackToken} }`, 'notify[0].slack.token', /\{ env: VARIABLE \}/],
    [
      `slack: { channel: C0123ABCD45, token: { secret: ${slackToken} } }`,
      'notify[0].slack.token.secret',
      /is a secret/,
    ],
    [`slack: { channel: C0123ABCD45, token: { env: ${slackToken} } }`, 'notify[0].slack.token.env', /not the name/],
    [
      'slack: { channel: C0123ABCD45, token: { env: A }, signingSecret: { secret: 8f742231b10e8888abcd99baf1b2c3d4 } }',
      'notify[0].slack.signingSecret.secret',
      /is a secret/,
    ],
    [
      'slack: { channel: C0123ABCD45, token: { env: A }, signingSecret: { env: af742231b10e8888abcd99baf1b2c3d4 } }',
      'notify[0].slack.signingSecret.env',
      /is a secret/,
    ],
    [
      'slack: { channel: C0123ABCD45, token: { secret: xoxe.xoxb-1-hunter2 } }',
      'notify[0].slack.token.secret',
      /is a secret/,
    ],
    [
      'slack: { channel: C0123ABCD45, token: { secret: "abcd efgh hunter2" } }',
      'notify[0].slack.token.secret',
      /not the name of a secret/,
    ],
    [`slack: ${slackToken}`, 'notify[0].slack', /write `slack: \{ channel/],
    [
      'slack: { channel: C0123ABCD45, token: { env: A }, signingSecret: hunter2 }',
      'notify[0].slack.signingSecret',
      /never contains a secret/,
    ],
    ["slack: { channel: '#ops', token: { env: A } }", 'notify[0].slack.channel', /C0123ABCD45/],
    ['slack: { channel: ops, token: { env: A } }', 'notify[0].slack.channel', /not the id of a Slack channel/],
    ['slack: { channel: C0123ABCD45 }', 'notify[0].slack.token', /missing/],
    ['slack: { channel: C0123ABCD45, token: {} }', 'notify[0].slack.token', /one of `secret` and `env`/],
    ['slack: { channel: C0123ABCD45, token: { env: A, secret: b } }', 'notify[0].slack.token.env', /exactly one/],
    [`slackWebhook: ${hook}`, 'notify[0].slackWebhook', /\{ url: \{ env: SLACK_WEBHOOK \} \}/],
    [`slackWebhook: { url: ${hook} }`, 'notify[0].slackWebhook.url', /\{ env: VARIABLE \}/],
    [`teams: ${hook}`, 'notify[0].teams', /TEAMS_WORKFLOW/],
    [`teams: { url: ${hook} }`, 'notify[0].teams.url', /never contains a secret/],
    [`teams: { url: { secret: "${hook}" } }`, 'notify[0].teams.url.secret', /store it under a name/],
    [`discord: { url: ${hook} }`, 'notify[0].discord.url', /never contains a secret/],
    [`discord: { url: { env: "${hook}" } }`, 'notify[0].discord.url.env', /not the name/],
    [`telegram: { chat: "-100123", token: "${telegramToken}" }`, 'notify[0].telegram.token', /never contains/],
    [`telegram: { chat: "-100123", token: { secret: "${telegramToken}" } }`, 'notify[0].telegram.token.secret', /name/],
    [`telegram: "${telegramToken}"`, 'notify[0].telegram', /write `telegram: \{ chat/],
    ['telegram: { chat: -1001234567890, token: { env: A } }', 'notify[0].telegram.chat', /`chat: "-1001234567890"`/],
    ['telegram: { chat: ops, token: { env: A } }', 'notify[0].telegram.chat', /not the id of a Telegram chat/],
    ['telegram: { chat: "0", token: { env: A } }', 'notify[0].telegram.chat', /not the id/],
    ['ntfy: { url: ntfy.example.com/a }', 'notify[0].ntfy.url', /https/],
    ['ntfy: { url: http://ntfy.example.com/a }', 'notify[0].ntfy.url', /not an `https:\/\/` URL/],
    ['ntfy: { url: https://ntfy.example.com }', 'notify[0].ntfy.url', /topic/],
    ['ntfy: { url: https://ntfy.example.com/a/b }', 'notify[0].ntfy.url', /topic/],
    ['ntfy: { url: "https://user:hunter2@ntfy.example.com/a" }', 'notify[0].ntfy.url', /token: \{ env/],
    ['ntfy: { url: "http://127.0.0.1:8080/a" }', 'notify[0].ntfy.url', /not an `https/, aws],
    ['teams: { url: { env: A } }', 'notify[0].teams.url.env', /\{ secret: NAME \}/, aws],
    [
      'discord: { url: { env: A } }\n    email: ops@example.com',
      'notify[0].discord',
      /cannot be combined with `email`/,
    ],
    ['slak: { channel: C0123ABCD45, token: { env: A } }', 'notify[0].slak', /`slack`/],
  ])('%s', (entry, path, fix, rest = local) => {
    const parsed = parse(entry, rest);
    if (parsed.ok) throw new Error('it was accepted');
    const problem = parsed.problems.find((one) => one.path === path);
    expect(problem, formatProblems(parsed.problems)).toBeDefined();
    expect(`${problem?.message} ${problem?.suggestion}`).toMatch(fix);
    expect(formatProblems(parsed.problems)).not.toContain('hunter2');
  });
});

test('the examples of docs/alerts.md are valid, and there is one of each service', () => {
  const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(notify:\n[\s\S]+?)```/g)].map(([, example]) => example ?? '');
  const kinds = examples.flatMap((example) => {
    const parsed = parseConfig(`${example}${local}`, 'docs/alerts.md', () => '');
    if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
    return parsed.config.notify.map(({ kind }) => kind);
  });
  for (const kind of ['slack', 'slack-webhook', 'teams', 'discord', 'telegram', 'ntfy']) expect(kinds).toContain(kind);
});
