import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { endedIgnores, postureVantages } from '../../lambda/config/posture-domain.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

const now = Date.parse('2026-11-26T12:00:00Z');
const targets = 'targets: [{ id: inbound, domain: Example.com. }, { id: mx1, host: mx1.example.net }]\n';

function configOf(text: string) {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '', now);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.config;
}

function told(text: string): string {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '', now);
  return parsed.ok ? '' : formatProblems(parsed.problems);
}

const plain = { selectors: [], senders: [], lists: [], hosts: [], ignore: [] };

describe('whose posture is watched', () => {
  test('the domains of the targets', () => {
    expect(configOf(targets).posture).toEqual([{ domain: 'example.com', ...plain }]);
  });

  test('an entry of the same domain adds to it; another domain is watched, too', () => {
    const { posture } = configOf(
      `posture:\n  - { domain: example.org, senders: [192.0.2.25, '2001:db8::25'] }\n  - domain: EXAMPLE.com\n    selectors: [s1]\n    lists: [bl.example.net]\n    hosts: [webmail.example.com]\n    ignore: [{ code: spf-neutral-all, reason: moving, until: 2027-01-31 }]\n${targets}`,
    );
    expect(posture).toEqual([
      { domain: 'example.org', ...plain, senders: ['192.0.2.25', '2001:db8::25'] },
      {
        domain: 'example.com',
        selectors: ['s1'],
        senders: [],
        lists: ['bl.example.net'],
        hosts: ['webmail.example.com'],
        ignore: [{ code: 'spf-neutral-all', subject: null, reason: 'moving', until: '2027-01-31' }],
      },
    ]);
  });

  test('names the round trips whose sender is of the domain', () => {
    const trip = (id: string, from: string) =>
      `  - { id: ${id}, send: { host: smtp.example.com, from: ${from}, to: seed@example.net }, receive: { host: imap.example.net, auth: { user: seed, password: { env: A } } }, key: { env: B } }\n`;
    const trips = [trip('out', 'a@Example.com'), trip('sub', 'a@sub.example.com'), trip('also', 'b@example.com')];
    const { posture } = configOf(`posture: [{ domain: example.org }]\n${targets}roundTrips:\n${trips.join('')}`);
    expect(posture?.map(({ domain, roundTrips }) => [domain, roundTrips])).toEqual([
      ['example.org', undefined],
      ['example.com', ['out', 'also']],
    ]);
  });

  test.each([
    ['`false`', `posture: false\nlistKeys: { spamhaus: { env: KEY } }\n${targets}`],
    ['targets without a domain', 'targets: [{ id: mx1, host: mx1.example.net }]'],
    ['a name without a dot', 'targets: [{ id: here, domain: localhost }]'],
  ])('none: %s', (_, text) => {
    expect(configOf(text)).not.toHaveProperty('posture');
    expect(configOf(text)).not.toHaveProperty('listKeys');
  });

  test('an internationalized domain is in A-labels', () => {
    expect(configOf(`posture: [{ domain: bücher.example }]\n${targets}`).posture?.[0]?.domain).toBe(
      'xn--bcher-kva.example',
    );
  });

  test('keys of lists say where they are stored', () => {
    const { listKeys } = configOf(
      `listKeys: { spamhaus: { secret: mail/spamhaus }, abusix: { env: ABUSIX_KEY } }\n${targets}`,
    );
    expect(listKeys).toEqual({ spamhaus: { secret: 'mail/spamhaus' }, abusix: { env: 'ABUSIX_KEY' } });
  });
});

const entry = (rest: string) => `${targets}posture:\n  - domain: example.com\n    ${rest}\n`;
const ignored = (rest: string) => entry(`ignore: [{ ${rest} }]`);

describe('a mistake is told with its line and its correction', () => {
  test.each<[string, string, number, string, string]>([
    [
      'an unknown code',
      ignored('code: spf-neutral-al, reason: x, until: 2027-01-01'),
      4,
      'is not the code of a finding',
      'did you mean `spf-neutral-all`?',
    ],
    [
      'a code like no other',
      ignored('code: whatever, reason: x, until: 2027-01-01'),
      4,
      'is not the code of a finding',
      'docs/posture.md lists every code',
    ],
    [
      'a code that passes',
      ignored('code: dnsbl-not-listed, reason: x, until: 2027-01-01'),
      4,
      'is a finding that passes',
      '',
    ],
    [
      'a code that says that nothing is known',
      ignored('code: no-answer, reason: x, until: 2027-01-01'),
      4,
      'says that nothing is known',
      '',
    ],
    [
      'a date in the past',
      ignored('code: spf-neutral-all, reason: x, until: 2026-11-24'),
      4,
      'is in the past',
      'give a later day, or remove the entry',
    ],
    ['a day of no calendar', ignored('code: spf-neutral-all, reason: x, until: 2027-02-30'), 4, 'no calendar', ''],
    ['another form of a date', ignored('code: spf-neutral-all, reason: x, until: 31.1.2027'), 4, 'is not a date', ''],
    ['no reason', ignored('code: spf-neutral-all, until: 2027-01-01'), 4, 'reason', 'is missing'],
    [
      'a domain twice',
      `${targets}posture:\n  - domain: example.com\n  - domain: Example.com.\n`,
      4,
      '"example.com" is already the domain of posture[0]',
      'join the two entries',
    ],
    [
      'a public suffix',
      `${targets}posture: [{ domain: co.uk }]\n`,
      2,
      'is a public suffix',
      'write the whole domain, such as `example.co.uk`',
    ],
    ['a top-level domain', `${targets}posture: [{ domain: com }]\n`, 2, 'is a public suffix', 'such as `example.com`'],
    [
      'an address as a domain',
      `${targets}posture: [{ domain: 192.0.2.1 }]\n`,
      2,
      'is an address, not a domain',
      "write `senders: ['192.0.2.1']`",
    ],
    [
      'an address of a mailbox as a domain',
      `${targets}posture: [{ domain: ops@example.com }]\n`,
      2,
      'is not a host name',
      'did you mean `example.com`?',
    ],
    ['a name as a sender', entry('senders: [mx1.example.com]'), 4, 'is not an IP address', '`learn` takes'],
    ['a network as a sender', entry('senders: [192.0.2.0/28]'), 4, 'is not an IP address', 'name its addresses'],
    ['a misspelled `learn`', entry('senders: lern'), 4, '`learn`', 'did you mean `learn`?'],
    ['an address as a host', entry('hosts: [192.0.2.1]'), 4, 'is an address', 'a certificate is for a name'],
    ['a selector with spaces', entry("selectors: ['s 1']"), 4, 'is not a DKIM selector', ''],
    ['an unknown key', entry('selector: [s1]'), 4, 'is not a key', 'did you mean `selectors`?'],
    ['no domain', `${targets}posture: [{ selectors: [s1] }]\n`, 2, 'domain', 'is missing'],
    ['`true`', `${targets}posture: true\n`, 2, 'must be `false` or a list', '`false` turns it off'],
    ['`off`', `${targets}posture: off\n`, 2, 'must be `false` or a list', 'did you mean `false`?'],
    ['no place of a key', `${targets}listKeys: { spamhaus: {} }\n`, 2, 'must have one of `secret` and `env`', ''],
    [
      'an unknown list',
      `${targets}listKeys: { spamhous: { env: X } }\n`,
      2,
      'is not a key',
      'did you mean `spamhaus`?',
    ],
  ])('%s', (_, text, line, words, fix) => {
    expect(told(text)).toContain(`smtp-quorum.yaml:${line}:`);
    expect(told(text)).toContain(words);
    expect(told(text)).toContain(fix);
    expect(told(text)).toContain('\n1 problem in');
  });

  test.each([
    'listKeys: { spamhaus: hunter2hunter2 }',
    'listKeys: { spamhaus: { env: hunter2-hunter2 } }',
    'listKeys: hunter2hunter2',
    'listKeys:\n  abusix: { key: hunter2hunter2 }',
    'listKeys: { spamhaus: { hunter2hunter2 } }',
  ])('a key that stands in the file is not shown: %s', (text) => {
    expect(told(`${targets}${text}\n`)).toContain('listKeys');
    expect(told(`${targets}${text}\n`)).not.toContain('hunter2');
  });
});

describe('what was ignored until a day that has passed', () => {
  const text = ignored('code: spf-neutral-all, reason: x, until: 2020-01-01');

  test('is told once more when the monitor starts', () => {
    const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '', 0);
    expect(parsed.ok && endedIgnores(parsed.config.posture ?? [], now)).toEqual([
      'posture of example.com: spf-neutral-all was ignored until 2020-01-01, and is told again',
    ]);
    expect(parsed.ok && endedIgnores(parsed.config.posture ?? [], Date.parse('2020-01-01T23:59:59Z'))).toEqual([]);
  });

  test('does not keep the monitor from starting', () => {
    expect(parseConfig(text, 'smtp-quorum.yaml', () => '', 0)).toMatchObject({ ok: true });
  });
});

test.each([
  ['us-east-1', ['us-east-1', 'eu-west-1', 'ap-southeast-1'], ['us-east-1', 'eu-west-1']],
  ['eu-west-1', ['us-east-1', 'eu-west-1'], ['eu-west-1', 'us-east-1']],
  ['eu-central-1', ['us-east-1', 'eu-west-1'], ['eu-central-1', 'us-east-1']],
  ['us-east-1', ['us-east-1'], ['us-east-1']],
  ['local', ['local'], ['local']],
])('home %s with vantages %j: posture from %j', (home, vantages, expected) => {
  expect(postureVantages({ home, policy: { vantages } })).toEqual(expected);
});
