import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { targetOf } from '../../bin/arguments/probe-target.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { parseConfig, type ReadFile } from '../../lambda/config/parse.ts';
import { formatProblems, type Problem } from '../../lambda/config/problems/problem.ts';
import { configJsonSchema } from '../../lambda/config/schema/json-schema.ts';
import { propertiesOf } from '../../lambda/config/schema/reference.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';

const example = fileURLToPath(new URL('../../examples/smtp-quorum.yaml', import.meta.url));
const noFiles: ReadFile = (path) => {
  throw new Error(`no such file: ${path}`);
};

function configOf(text: string, readFile = noFiles) {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', readFile);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.config;
}

function problemsOf(text: string, readFile = noFiles): readonly Problem[] {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', readFile);
  return parsed.ok ? [] : parsed.problems;
}

const target = 'targets: [{ id: mx1, host: mx1.example.com }]';
const aws = 'ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1, ap-southeast-1]';

describe('a valid config', () => {
  test('the minimum: one target, probed from this machine', () => {
    const config = configOf(target);
    expect(config).toMatchObject({ version: 1, name: 'smtp-quorum', home: 'local', control: null, notify: [] });
    expect(config.policy).toEqual({ vantages: ['local'], every: 60_000, ...policyDefaults(1) });
    expect(config.targets).toEqual([
      {
        id: 'mx1',
        host: 'mx1.example.com',
        domain: null,
        port: 25,
        security: 'starttls',
        family: 'any',
        helo: 'auto',
        insecure: false,
        timeout: 20_000,
      },
    ]);
  });

  test('home is the first vantage, and the policy has the defaults for the number of vantages', () => {
    const config = configOf(`${aws}\n${target}`);
    expect(config.home).toBe('us-east-1');
    expect(config.policy).toMatchObject(policyDefaults(3));
  });

  test('given settings of the policy are used, and the defaults follow from them', () => {
    const { policy } = configOf(`${aws}\nquorum: { down: 2, of: 3 }\nsecondOpinion: false\nrecover: 5\n${target}`);
    expect(policy).toMatchObject({ ...policyDefaults(3, false), quorum: { down: 2, of: 3 }, recover: 5 });
  });

  test.each([
    [25, 'starttls'],
    [587, 'starttls'],
    [2525, 'starttls'],
    [465, 'tls'],
  ])('port %i has %s by default', (port, security) => {
    const written = `targets: [{ id: a, host: x, port: ${port} }, { id: b, host: x, port: ${port}, security: none }]`;
    expect(configOf(written).targets.map((each) => each.security)).toEqual([security, 'none']);
  });

  test('the example is valid and has every key of the schema', () => {
    const parsed = loadConfig(example);
    expect(parsed.ok).toBe(true);
    const words = new Set(readFileSync(example, 'utf8').match(/[A-Za-z0-9]+(?=:)/g));
    const left = ['ca', 'down', 'of', 'secret', 'env', 'secondOpinion', 'stagger', 'patience', 'silence', 'flaps'];
    const phases = ['dns', 'connect', 'ehlo', 'starttls', 'ehlo2', 'auth', 'rcpt', 'data', 'quit'];
    const keys = propertiesOf(configJsonSchema()).map(({ path }) => path.split('.').at(-1)?.replace('[]', '') ?? '');
    expect(keys.filter((key) => !words.has(key) && !left.includes(key) && !phases.includes(key))).toEqual([]);
  });

  test('a target has the objective of the top level, or its own', () => {
    const { targets } = configOf(`
slo: 99.9
targets:
  - { id: mx1, host: mx1.example.com, slo: 99.99 }
  - { id: mx2, host: mx2.example.com }
`);
    expect(targets.map(({ slo }) => slo)).toEqual([99.99, 99.9]);
  });

  test('equals its copy in JSON', () => {
    const parsed = loadConfig(example);
    const config = parsed.ok ? parsed.config : null;
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  test('durations, channels, the control target and expectations are resolved', () => {
    const parsed = loadConfig(example);
    if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
    const { control, notify, targets } = parsed.config;
    expect(control).toEqual({ host: 'mail.example.net', port: 25 });
    expect(notify.slice(0, 4).map((channel) => [channel.kind, channel.when.length])).toEqual([
      ['email', 10],
      ['sms', 2],
      ['webhook', 6],
      ['webhook', 10],
    ]);
    expect(new Set(notify.slice(4).map(({ when }) => when.length))).toEqual(new Set([10]));
    expect(targets[1]?.expect?.latency).toEqual({
      total: { warn: 2_000, fail: 10_000 },
      phases: { greeting: { warn: 1_000 } },
    });
  });

  test.each(['probe.example.com', 'probe-{vantage}.example.com', '[192.0.2.1]', '[IPv6:2001:db8::1]'])(
    'ehloName %s',
    (name) => {
      expect(configOf(`ehloName: "${name}"\n${target}`).ehloName).toBe(name);
    },
  );

  test('the default EHLO name on one machine is that of the command line', () => {
    expect(configOf(target).ehloName).toBe(targetOf('mx1.example.com', {}).ehloName);
  });

  test('anchors, aliases and merge keys are supported', () => {
    const written = `
targets:
  - &usual { id: a, host: a.example.com, port: 587, timeout: 5s }
  - { <<: *usual, id: b, host: b.example.com }
`;
    expect(configOf(written).targets[1]).toMatchObject({ id: 'b', port: 587, timeout: 5_000 });
  });

  test('an internationalized name is converted to A-labels', () => {
    const written =
      'control: wächter.example:2525\ntargets: [{ id: a, host: mx.bücher.example, serverName: Bücher.example }]';
    const { control, targets } = configOf(written);
    expect(control).toEqual({ host: 'xn--wchter-bua.example', port: 2525 });
    expect(targets[0]).toMatchObject({ host: 'mx.xn--bcher-kva.example', serverName: 'xn--bcher-kva.example' });
  });

  test('the config contains the content of the CA file', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
    const written = 'targets: [{ id: a, host: x, ca: certs/ca.pem }]';
    expect(configOf(written, (path) => (path === 'certs/ca.pem' ? pem : '')).targets[0]?.ca).toBe(pem);
  });
});

/** Path, and patterns of the message and the suggestion. */
type Case = readonly [title: string, text: string, path: string, message: RegExp, suggestion?: RegExp];

const invalid: readonly Case[] = [
  ['an unknown key', `notfy: []\n${target}`, 'notfy', /not a key/, /did you mean `notify`/],
  [
    'an unknown key of a target',
    'targets: [{ id: a, host: x, secuirty: tls }]',
    'targets[0].secuirty',
    /not a key/,
    /`security`/,
  ],
  ['an objective of 100 %', `slo: 100\n${target}`, 'slo', /below 100/],
  ['an unknown key that is not similar to any', `zzz: 1\n${target}`, 'zzz', /not a key/, /valid keys: name, home/],
  [
    'an unknown key in the quorum',
    `${aws}\nquorum: { down: 2, of: 3, off: 1 }\n${target}`,
    'quorum.off',
    /not a key/,
    /`of`/,
  ],
  ['no targets', 'targets: []', 'targets', /at least one target/],
  ['missing targets', 'name: x', 'targets', /is missing/],
  [
    'a duplicate id',
    'targets: [{ id: a, host: x }, { id: a, host: y }]',
    'targets[1].id',
    /already the id of targets\[0\]/,
  ],
  ['an invalid id', 'targets: [{ id: "a#b", host: x }]', 'targets[0].id', /letters, digits/],
  [
    'a vantage that is not a region',
    `vantages: [us-est-1]\nehloName: x.example.com\n${target}`,
    'vantages[0]',
    /neither an AWS region/,
    /`us-east-1`/,
  ],
  [
    'a vantage by the place of its region',
    `vantages: [Frankfurt]\nehloName: x.example.com\n${target}`,
    'vantages[0]',
    /neither an AWS region/,
    /`eu-central-1`/,
  ],
  [
    'a repeated vantage',
    `vantages: [us-east-1, us-east-1]\nehloName: x.example.com\n${target}`,
    'vantages[1]',
    /listed twice/,
  ],
  [
    'local beside a region',
    `vantages: [us-east-1, local]\nehloName: x.example.com\n${target}`,
    'vantages[1]',
    /cannot be combined with AWS regions/,
  ],
  ['home local with regions', `${aws}\nhome: local\n${target}`, 'home', /must be an AWS region/],
  ['home on AWS for one machine', `home: us-east-1\n${target}`, 'home', /needs AWS regions/],
  ['rounds of seconds on AWS', `${aws}\nevery: 30s\n${target}`, 'every', /whole minutes/],
  ['rounds of 90 s on AWS', `${aws}\nevery: 90s\n${target}`, 'every', /whole minutes/],
  ['rounds too short on one machine', `every: 1s\n${target}`, 'every', /`5s` or more/],
  ['an invalid duration', `every: soon\n${target}`, 'every', /not a duration/],
  ['no EHLO name on AWS', `vantages: [us-east-1]\n${target}`, 'ehloName', /is missing/],
  ['an invalid EHLO name', `ehloName: "probe {vantage}"\n${target}`, 'ehloName', /not a host name/],
  [
    'an EHLO name with another placeholder',
    `ehloName: "{region}.example.com"\n${target}`,
    'ehloName',
    /not a host name/,
  ],
  ['a quorum word', `quorum: mojority\n${target}`, 'quorum', /`majority`/, /did you mean `majority`/],
  ['a quorum of 0', `quorum: 0\n${target}`, 'quorum', /1 or more/],
  ['a quorum below a majority', `${aws}\nquorum: 1\n${target}`, 'quorum', /1 of 3 is not a majority: use 2 or more/],
  ['a quorum larger than the vantages', `${aws}\nquorum: 4\n${target}`, 'quorum', /needs 4 vantages, but there are 3/],
  ['a quorum out of more than the vantages', `${aws}\nquorum: { down: 2, of: 5 }\n${target}`, 'quorum.of', /needs 5/],
  ['a quorum with `down` above `of`', `${aws}\nquorum: { down: 3, of: 2 }\n${target}`, 'quorum.down', /at most `of`/],
  [
    'more voters than vantages',
    `${aws}\nminimumVoters: 4\n${target}`,
    'minimumVoters',
    /at most the number of vantages/,
  ],
  ['a port too high', 'targets: [{ id: a, host: x, port: 70000 }]', 'targets[0].port', /1 to 65535, found 70000/],
  ['a port that is text', 'targets: [{ id: a, host: x, port: "25" }]', 'targets[0].port', /must be a/],
  ['neither host nor domain', 'targets: [{ id: a }]', 'targets[0]', /one of `host` and `domain`/],
  [
    'both host and domain',
    'targets: [{ id: a, host: x, domain: y }]',
    'targets[0].domain',
    /cannot be combined with `host`/,
  ],
  ['an invalid host', 'targets: [{ id: a, host: "http://x" }]', 'targets[0].host', /not a host name/],
  [
    'a host without an ASCII form',
    'targets: [{ id: a, host: "mx.\ufffd.example" }]',
    'targets[0].host',
    /no ASCII form/,
  ],
  ['a control target without an ASCII form', `control: "mx.\ufffd.example:25"\n${target}`, 'control', /no ASCII form/],
  [
    'a sender outside of ASCII',
    'targets: [{ id: a, host: x, mailFrom: grüße@example.com }]',
    'targets[0].mailFrom',
    /outside of ASCII.*SMTPUTF8/,
  ],
  [
    'a recipient outside of ASCII',
    'targets: [{ id: a, host: x, mailFrom: "", expect: { rcpt: { accepts: [ops@bücher.example] } } }]',
    'targets[0].expect.rcpt.accepts[0]',
    /outside of ASCII/,
  ],
  [
    'a server name for a domain',
    'targets: [{ id: a, domain: x, serverName: y }]',
    'targets[0].serverName',
    /only valid with `host`/,
  ],
  [
    'a security word',
    'targets: [{ id: a, host: x, security: startls }]',
    'targets[0].security',
    /must be one of/,
    /`starttls`/,
  ],
  ['an invalid family', 'targets: [{ id: a, host: x, family: 5 }]', 'targets[0].family', /`any`, `4`, `6` or `each`/],
  [
    'both families of an address',
    'targets: [{ id: a, host: 192.0.2.1, family: each }]',
    'targets[0].family',
    /needs a host name: `host` is an IPv4 address/,
  ],
  [
    'the other family of an address',
    'targets: [{ id: a, host: "2001:db8::1", family: 4 }]',
    'targets[0].family',
    /does not match `host`, which is an IPv6 address/,
  ],
  ['a deadline too long', 'targets: [{ id: a, host: x, timeout: 2m }]', 'targets[0].timeout', /`1s` to `50s`/],
  [
    'a password with two places',
    'targets: [{ id: a, host: x, auth: { user: u, password: { secret: s, env: E } } }]',
    'targets[0].auth.password.env',
    /cannot be combined with `secret`/,
  ],
  [
    'a password in the file',
    'targets: [{ id: a, host: x, auth: { user: u, password: hunter2 } }]',
    'targets[0].auth.password',
    /must be a set of keys/,
  ],
  [
    'recipients without a sender',
    'targets: [{ id: a, host: x, rcptTo: [a@example.com] }]',
    'targets[0].mailFrom',
    /is missing/,
    /null sender/,
  ],
  [
    'a mail without a recipient',
    'targets: [{ id: a, host: x, mailFrom: "", deliver: true }]',
    'targets[0].rcptTo',
    /is missing: `deliver` sends a mail each round/,
    /mailbox/,
  ],
  [
    'recipients that must be refused, with `auth`',
    'targets: [{ id: a, host: x, mailFrom: "", auth: { user: u, password: { env: E } }, expect: { rcpt: { rejects: [a@b] } } }]',
    'targets[0].expect.rcpt.rejects',
    /cannot be combined with `auth`/,
    /without `auth`/,
  ],
  [
    'an invalid recipient',
    'targets: [{ id: a, host: x, mailFrom: "", rcptTo: [nobody] }]',
    'targets[0].rcptTo[0]',
    /not an e-mail/,
  ],
  [
    'an invalid pattern',
    'targets: [{ id: a, host: x, expect: { greeting: { matches: "(" } } }]',
    'targets[0].expect.greeting.matches',
    /not a regular expression/,
  ],
  [
    'an invalid reply code',
    'targets: [{ id: a, host: x, expect: { replies: { rcpt: { code: 25 } } } }]',
    'targets[0].expect.replies.rcpt.code',
    /200 to 599/,
  ],
  [
    'an expectation misspelt',
    'targets: [{ id: a, host: x, expect: { certificate: { warnDay: 3 } } }]',
    'targets[0].expect.certificate.warnDay',
    /not a key/,
    /`warnDays`/,
  ],
  ['an invalid e-mail address', `notify: [{ email: ops }]\n${target}`, 'notify[0].email', /not an e-mail address/],
  ['a telephone number not in E.164', `notify: [{ sms: "0155 5010" }]\n${target}`, 'notify[0].sms', /E\.164/],
  [
    'a webhook that is not a URL',
    `notify: [{ webhook: hooks.example.com }]\n${target}`,
    'notify[0].webhook',
    /not an `https/,
  ],
  [
    'a notify entry without a channel',
    `notify: [{}]\n${target}`,
    'notify[0]',
    /must have one of `email`, `sms`, `webhook`/,
  ],
  [
    'a notify entry with two channels',
    `notify: [{ email: a@example.com, sms: "+15555550100" }]\n${target}`,
    'notify[0].sms',
    /cannot be combined with `email`/,
  ],
  [
    'a topic misspelt',
    `notify: [{ email: a@example.com, when: [dwn] }]\n${target}`,
    'notify[0].when[0]',
    /must be one of/,
    /`down`/,
  ],
  ['a control port too high', `control: mail.example.net:99999\n${target}`, 'control', /must have a port/],
  ['invalid YAML', 'targets: [', '', /not valid YAML/],
  [
    'a repeated key',
    `name: a\nname: b\n${target}`,
    '',
    /not valid YAML: this key is written twice in one entry, first in line 1$/,
  ],
  ['a file without a mapping', 'hello', '', /must be a set of keys/],
  ['an empty file', '', 'targets', /is missing/],
];

describe('a problem has its path and a suggestion', () => {
  const cases = invalid.map(([title, text, path, message, suggestion]) => ({ title, text, path, message, suggestion }));

  test.each(cases)('$title', ({ text, path, message, suggestion }) => {
    const problem = problemsOf(text).find((each) => each.path === path && message.test(each.message));
    expect(problem, JSON.stringify(problemsOf(text), null, 2)).toBeDefined();
    if (suggestion !== undefined) expect(problem?.suggestion).toMatch(suggestion);
  });

  test('a CA file that is missing or not PEM', () => {
    const text = 'targets: [{ id: a, host: x, ca: ca.pem }]';
    expect(problemsOf(text)).toMatchObject([
      { path: 'targets[0].ca', message: expect.stringContaining('cannot be read: no such file') },
    ]);
    expect(problemsOf(text, () => 'DER')).toMatchObject([
      { message: expect.stringContaining('no certificate in PEM') },
    ]);
  });

  test('all problems are reported at once, in the order of the file, those of the schema and those between values', () => {
    const text = `${aws}\nevery: 30s\nnotfy: 1\ntargets:\n  - { id: a, host: x, port: 0 }\n  - { id: a }\n`;
    expect(problemsOf(text).map(({ line, path }) => [line, path])).toEqual([
      [3, 'every'],
      [4, 'notfy'],
      [6, 'targets[0].port'],
      [7, 'targets[1]'],
      [7, 'targets[1].id'],
    ]);
  });
});

test('problems are printed with location, line and underlined words', () => {
  const text = `${target}\nvantages: [us-est-1]\nehloName: probe.example.com\n`;
  expect(
    formatProblems(problemsOf(text)),
  ).toBe(`smtp-quorum.yaml:2:12: vantages[0]: is neither an AWS region nor \`local\`: "us-est-1"
 2 | vantages: [us-est-1]
   |            ^^^^^^^^
   = did you mean \`us-east-1\`?

1 problem in smtp-quorum.yaml
`);
});

describe('resolver', () => {
  const withResolver = (written: string) => `resolver: ${written}\n${target}`;

  test('has addresses, DNS over TLS and DNS over HTTPS, as written', () => {
    const written = [
      '192.0.2.53',
      '[2001:db8::53]:5353',
      'tls://192.0.2.53#dns.example.com',
      'https://dns.example.com/dns-query',
    ];
    expect(configOf(withResolver(JSON.stringify(written))).resolver).toEqual(written);
    expect(configOf(target)).not.toHaveProperty('resolver');
  });

  test.each([
    ['[dns.example.com]', 'resolver[0]', 'write its address, or `tls://dns.example.com`'],
    ['[127.0.0.1, "http://dns.example.com/dns-query"]', 'resolver[1]', 'is not encrypted: write `https://…`'],
    ['["https://dns.example.com"]', 'resolver[0]', 'write `https://dns.example.com/dns-query`'],
    ['[192.0.2.0/24]', 'resolver[0]', 'is not the address of a resolver'],
    ['["tls://"]', 'resolver[0]', 'DNS over TLS'],
    ['[]', 'resolver', 'must name at least one resolver'],
    ['[53]', 'resolver[0]', 'must be'],
  ])('%s is refused', (written, path, message) => {
    expect(problemsOf(withResolver(written))).toMatchObject([{ path, message: expect.stringContaining(message) }]);
  });

  test('a text instead of a list', () => {
    expect(problemsOf(withResolver('127.0.0.1'))).toMatchObject([
      { path: 'resolver', suggestion: 'did you mean `[127.0.0.1]`?' },
    ]);
  });
});

describe('heartbeat', () => {
  const withHeartbeat = (url: string, others: string) => `${others}\nheartbeat: ${url}\n${target}`;

  test.each([
    ['https:// on AWS', withHeartbeat('https://hc.example.net/0b5c', aws)],
    ['https:// on one machine', withHeartbeat('https://hc.example.net/0b5c', '')],
    ['http:// on one machine', withHeartbeat('http://192.0.2.1/0b5c', 'vantages: [local]')],
  ])('%s is valid', (_, text) => expect(configOf(text).heartbeat).toMatch(/0b5c$/));

  test.each([
    ['http:// on AWS', withHeartbeat('http://hc.example.net/0b5c', aws), 'is not an `https://` URL'],
    ['no URL', withHeartbeat('hc.example.net/0b5c', ''), 'is not an `https://` URL'],
    ['a file', withHeartbeat('file:///etc/passwd', ''), 'is not an `https://` URL'],
    ['a password', withHeartbeat('https://a:0b5c@hc.example.net', ''), 'must not contain a user or a password'],
  ])('%s is refused', (_, text, message) => {
    expect(problemsOf(text)).toMatchObject([{ path: 'heartbeat', message: expect.stringContaining(message) }]);
  });

  test('is not in the config without one', () => expect(configOf(target)).not.toHaveProperty('heartbeat'));
});

describe('e-mail and SMS on one machine', () => {
  const email = 'notify: [{ email: ops@example.org }]';
  const local = (...lines: string[]) => ['vantages: [local]', target, ...lines].join('\n');

  test('e-mail is sent through `smtp`', () => {
    expect(configOf(local(email, 'smtp: { host: relay.example.net }')).smtp).toEqual({
      host: 'relay.example.net',
      port: 587,
      security: 'starttls-if-offered',
      credentials: null,
      from: null,
    });
  });

  test.each([
    ['{ user: monitor, password: { env: P } }', { security: 'starttls', from: null, port: 587 }],
    ['{ user: m@example.org, password: { env: P } }', { security: 'starttls', from: 'm@example.org' }],
    ['{ port: 465 }', { security: 'tls', port: 465 }],
    ['{ security: none, from: a@example.org }', { security: 'none', from: 'a@example.org' }],
  ])('%s', (written, expected) => {
    const smtp = `smtp: ${written.replace('{', '{ host: relay.example.net,')}`;
    expect(configOf(local(email, smtp)).smtp).toMatchObject(expected);
  });

  test.each<[string, string, string, string]>([
    ['e-mail without `smtp`', local(email), 'notify[0].email', 'add `smtp: { host: relay.example.net }`'],
    ['e-mail without `vantages`', `${target}\n${email}`, 'notify[0].email', 'add `smtp:'],
    ['SMS', local('notify: [{ sms: "+15555550100" }]'), 'notify[0].sms', 'use `webhook:`'],
    ['a relay that is a target', local(email, 'smtp: { host: MX1.example.com. }'), 'smtp.host', 'use `webhook:`'],
    [
      'a relay that is the domain of a target',
      `vantages: [local]\n${email}\nsmtp: { host: example.com }\ntargets: [{ id: a, domain: example.com }]`,
      'smtp.host',
      'another operator',
    ],
    [
      'a relay on loopback that is a target',
      `vantages: [local]\n${email}\nsmtp: { host: localhost, port: 25 }\ntargets: [{ id: a, host: 127.0.0.1 }]`,
      'smtp.host',
      'another operator',
    ],
    [
      'a user without a password',
      local(email, 'smtp: { host: r.example.net, user: a }'),
      'smtp.password',
      '{ env: NAME }',
    ],
    [
      'a password without TLS',
      local(email, 'smtp: { host: r.example.net, user: a, password: { env: P }, security: none }'),
      'smtp.security',
      'use `starttls` or `tls`',
    ],
  ])('%s is refused with the fix', (_, text, path, fix) => {
    expect(problemsOf(text)).toMatchObject([{ path, suggestion: expect.stringContaining(fix) }]);
  });

  test('a password in the file is refused', () => {
    const smtp = 'smtp: { host: r.example.net, user: a, password: secret }';
    expect(problemsOf(local(email, smtp))).toMatchObject([{ path: 'smtp.password' }]);
  });

  test.each([
    [
      'another port of this machine',
      'vantages: [local]\nsmtp: { host: 127.0.0.1, port: 2525 }\ntargets: [{ id: a, host: localhost }]',
    ],
    ['a config for AWS', `${aws}\nnotify: [{ email: ops@example.org }, { sms: "+15555550100" }]\n${target}`],
  ])('%s is valid', (_, text) => expect(problemsOf(text)).toEqual([]));
});
