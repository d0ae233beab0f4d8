/** Rules of `notify`, and what is refused with its line and a fix. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

const noFiles = (path: string): string => {
  throw new Error(`no such file: ${path}`);
};
const AWS = 'ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1, ap-southeast-1]\nposture: false\n';
const TARGETS = `targets:
  - { id: mx1, host: mx1.example.com, tags: [edge] }
  - { id: mx2, host: mx2.example.com }
`;

function parse(notify: string, targets = TARGETS, head = AWS) {
  const text = `${head}notify:\n${notify
    .split('\n')
    .map((line) => `  - ${line}`)
    .join('\n')}\n${targets}`;
  return parseConfig(text, 'smtp-quorum.yaml', noFiles);
}

function problemsOf(...args: Parameters<typeof parse>): readonly string[] {
  const parsed = parse(...args);
  return parsed.ok ? [] : parsed.problems.map((one) => `${one.path}: ${one.message} | ${one.suggestion}`);
}

test('rules are read, with durations in milliseconds', () => {
  const parsed = parse(
    '{ id: boss, email: ops@example.com, severity: [critical], targets: ["mx*"], tags: [edge], after: 10m, repeat: [15m, 1h], group: false, limit: 10/h }',
  );
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  expect(parsed.config.notify[0]).toMatchObject({
    ...{ id: 'boss', severity: ['critical'], targets: ['mx*'], tags: ['edge'], after: 600_000 },
    ...{ repeat: [900_000, 3_600_000], group: false, limit: 10 },
  });
});

test.each(['127.0.0.1:8080', 'localhost', '[::1]:8080'])(
  'http to %s is allowed on AWS: it does not leave the machine',
  (host) => {
    expect(problemsOf(`{ webhook: "http://${host}/x" }`)).toEqual([]);
  },
);

const OPS = '{ email: ops@example.com }';

describe('is refused', () => {
  test.each([
    {
      what: 'a rule that no alert can match by its severity',
      notify: `${OPS}\n{ email: a@example.com, when: [changed], severity: [critical] }`,
      problem: 'notify[1]: no alert can match this entry: `changed` is never `critical` | remove what excludes all',
    },
    {
      what: 'a rule about what is not watched',
      notify: `${OPS}\n{ email: a@example.com, when: [trip] }`,
      problem: 'notify[1]: no alert can match this entry: nothing of `trip` is watched',
    },
    {
      what: 'a rule with an end and no beginning',
      notify: `${OPS}\n{ email: a@example.com, when: [recovered] }`,
      problem: 'notify[1]: no alert can match this entry: the end of an incident goes to who was told of it',
    },
    {
      what: 'a target that is not there, with the nearest',
      notify: `${OPS}\n{ email: a@example.com, targets: [mx11] }`,
      problem: 'notify[1].targets[0]: no target, domain or round trip is named `mx11` | did you mean `mx1`?',
    },
    {
      what: 'a pattern that matches nothing',
      notify: `${OPS}\n{ email: a@example.com, targets: ["submission*"] }`,
      problem: 'notify[1].targets[0]: no target, domain or round trip is named `submission*` | there are `mx1`, `mx2`',
    },
    {
      what: 'a tag that no target has',
      notify: `${OPS}\n{ email: a@example.com, tags: [egde] }`,
      problem: 'notify[1].tags[0]: no target has the tag `egde` | did you mean `edge`?',
    },
    {
      what: 'a rule shadowed by one above, of the same receiver at the same time',
      notify: `${OPS}\n{ email: ops@example.com, targets: [mx1], when: [down] }`,
      problem: 'notify[1]: everything that this entry would send is sent by notify[0] to the same receiver',
    },
    {
      what: 'a rule shadowed by two above together',
      notify:
        '{ email: ops@example.com, targets: [mx1] }\n{ email: ops@example.com, targets: [mx2] }\n{ email: ops@example.com, targets: ["mx*"] }',
      problem:
        'notify[2]: everything that this entry would send is sent by notify[0] and notify[1] to the same receiver',
    },
    {
      what: 'hours of a receiver that is told at any time',
      notify: `${OPS}\n{ email: ops@example.com, hours: { zone: UTC, week: "Mon-Fri 08:00-18:00" } }`,
      problem: 'notify[1]: everything that this entry would send is sent by notify[0] to the same receiver',
    },
    {
      what: 'a rule without the reminders of one above',
      notify: '{ email: ops@example.com, repeat: [1h] }\n{ email: ops@example.com, targets: [mx1] }',
      problem: 'notify[1]: everything that this entry would send is sent by notify[0] to the same receiver',
    },
    {
      what: 'an outage that nobody is told of',
      notify: '{ email: ops@example.com, targets: [mx1] }\n{ email: boss@example.com, tags: [edge], after: 10m }',
      problem: "notify: nobody is told when `mx2` is down: no entry's `targets` or `tags` match it | add an entry",
    },
    {
      what: 'a reminder shorter than a round',
      notify: '{ email: ops@example.com, repeat: [30s] }',
      problem: 'notify[0].repeat[0]: is shorter than a round, which is 60 s',
    },
    {
      what: 'an id of two entries',
      notify: '{ id: a, email: ops@example.com }\n{ id: a, email: boss@example.com }',
      problem: 'notify[1].id: "a" is already the id of notify[0]',
    },
    {
      what: 'an id that a channel of its own has',
      notify: '{ id: topic, email: ops@example.com }',
      problem: 'notify[0].id: "topic" is the id of the SNS topic | choose another, such as `on-call`',
    },
    {
      what: 'http on AWS',
      notify: '{ webhook: "http://hooks.example.com/x" }',
      problem: 'notify[0].webhook: is not an `https://` URL | on AWS alerts cross the Internet: use `https://`',
    },
    {
      what: 'a limit without its hour',
      notify: '{ email: ops@example.com, limit: "10" }',
      problem: 'notify[0].limit: must be a number of messages in an hour, such as `10/h`',
    },
    {
      what: 'a telephone number without quotes',
      notify: '{ sms: +15555550100 }',
      problem: 'notify[0].sms: must be text, found 15555550100 | did you mean `"+15555550100"`?',
    },
    {
      what: 'a telephone number with spaces',
      notify: '{ sms: "+1 (555) 555-0100" }',
      problem: '| did you mean `"+15555550100"`?',
    },
    {
      what: 'a telephone number with 00',
      notify: '{ sms: "0015555550100" }',
      problem: '| did you mean `"+15555550100"`?',
    },
    {
      what: 'a limit as a number',
      notify: '{ email: ops@example.com, limit: 10 }',
      problem: 'notify[0].limit: must be text, found 10 | did you mean `10/h`?',
    },
    {
      what: 'a limit by minute',
      notify: '{ email: ops@example.com, limit: 10/m }',
      problem: '| did you mean `600/h`?',
    },
    {
      what: 'Discord as a webhook',
      notify: '{ webhook: "https://discord.com/api/webhooks/1/hunter2" }',
      problem:
        'notify[0].webhook: is a service that refuses the JSON of a webhook | use `discord: { url: { secret: NAME } }`',
    },
    {
      what: 'a retired connector of Teams',
      notify: '{ webhook: "https://example.webhook.office.com/webhookb2/hunter2" }',
      problem:
        'notify[0].webhook: is a service that refuses the JSON of a webhook | use `teams: { url: { secret: NAME } }`',
    },
    {
      what: 'PagerDuty as a webhook',
      notify: '{ webhook: "https://events.pagerduty.com/v2/enqueue" }',
      problem:
        'notify[0].webhook: is a service that refuses the JSON of a webhook | use `pagerduty: { routingKey: { secret: NAME } }`',
    },
    {
      what: 'Jira Service Management as a webhook',
      notify: '{ webhook: "https://api.atlassian.com/jsm/ops/integration/v2/alerts" }',
      problem:
        'notify[0].webhook: is a service that refuses the JSON of a webhook | use `jsm: { apiKey: { secret: NAME } }`',
    },
    {
      what: 'a severity that is none',
      notify: '{ email: ops@example.com, severity: [high] }',
      problem: 'notify[0].severity[0]: ',
    },
  ])('$what', ({ notify, problem }) => {
    const found = problemsOf(notify);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  test.each([
    'https://hooks.slack.com/services/T0/B0/x',
    'https://discord.com/api/webhooks/1/x/slack',
    'https://ntfy.example.com/mail-alerts',
    'https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x',
    'https://events.pagerduty.com/integration/1/enqueue',
    'https://hooks.example.com/discord.com/api/webhooks',
  ])('but not the webhook %s, which takes it', (url) => {
    expect(problemsOf(`{ webhook: "${url}" }`)).toEqual([]);
  });

  test.each([
    {
      what: 'an unknown parent',
      behind: 'mx3',
      problem: 'targets[0].behind[0]: no target has the id `mx3` | did you mean',
    },
    { what: 'itself', behind: 'mx1', problem: 'targets[0].behind[0]: is the target itself' },
  ])('behind: $what', ({ behind, problem }) => {
    const targets = `targets:\n  - { id: mx1, host: a.example.com, behind: [${behind}] }\n  - { id: mx2, host: b.example.com }\n`;
    expect(problemsOf(OPS, targets)[0]).toContain(problem);
  });

  test('behind: a circle, at each of its links', () => {
    const link = (id: string, behind: string) => `  - { id: ${id}, host: ${id}.example.com, behind: [${behind}] }\n`;
    const found = problemsOf(OPS, `targets:\n${link('a', 'b')}${link('b', 'c')}${link('c', 'a')}${link('d', 'a')}`);
    expect(found).toHaveLength(3);
    expect(found[0]).toContain('makes a circle: `a` is behind `b` is behind `c` is behind `a`');
  });
});

test.each([
  ['a later step of the same receiver', `${OPS}\n{ email: ops@example.com, after: 10m }`],
  [
    'other hours of the same receiver',
    `{ email: ops@example.com, hours: { zone: UTC, week: "Mon-Fri 08:00-18:00" } }\n${OPS}`,
  ],
  ['reminders that no entry above has', `${OPS}\n{ email: ops@example.com, targets: [mx1], repeat: [1h] }`],
  ['another receiver with the same rules', `${OPS}\n{ email: boss@example.com }`],
  ['nobody for outages at all, by `when`', '{ email: ops@example.com, when: [blind] }'],
])('is accepted: %s', (_, notify) => {
  expect(problemsOf(notify)).toEqual([]);
});

test('on one machine http is enough, and a domain that sends mail need not be in the config', () => {
  const head = 'posture: false\nbounces: { sources: [{ log: /var/log/mail.log }] }\n';
  expect(
    problemsOf(
      '{ webhook: "http://127.0.0.1:9000/" }\n{ webhook: "http://127.0.0.1:9001/", targets: [example.org] }',
      TARGETS,
      head,
    ),
  ).toEqual([]);
});
