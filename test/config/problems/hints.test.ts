import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { formatProblems } from '../../../lambda/config/problems/problem.ts';

function told(text: string): string {
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
  return parsed.ok ? '' : formatProblems(parsed.problems);
}

const one = (rest: string) => `targets: [{ id: a, ${rest} }]`;
const target = one('host: mx1.example.com');

describe('what people often write is answered with what they meant', () => {
  test.each([
    ['a bare number of seconds', `every: 30\n${target}`, 'did you mean `30s`?'],
    ['a bare number of milliseconds', one('host: x, timeout: 1500'), 'did you mean `1500ms`?'],
    ['a unit in words', `every: 30 seconds\n${target}`, 'did you mean `30s`?'],
    ['a quoted port', one('host: x, port: "25"'), 'did you mean `25`, without quotes?'],
    ['a port behind the host', one('host: x:587'), 'did you mean `host: x` and `port: 587`?'],
    ['a URL', one('host: smtp://mx1.example.com'), 'did you mean `mx1.example.com`?'],
    ['a URL with a port', one('host: smtps://x:465'), 'did you mean `host: x` and `port: 465`?'],
    ['an address for a domain', one('domain: ops@example.com'), 'did you mean `example.com`?'],
    ['ssl', one('host: x, security: ssl'), 'did you mean `tls`?'],
    ['security: true', one('host: x, security: true'), 'did you mean `starttls`?'],
    ['a vantage without a list', `vantages: local\n${target}`, 'did you mean `[local]`?'],
    [
      'vantages without a list',
      `vantages: us-east-1, eu-west-1\nehloName: x.example.com\n${target}`,
      'did you mean `[us-east-1, eu-west-1]`?',
    ],
    ['targets without dashes', 'targets:\n  id: a\n  host: x\n', 'begin each entry of the list with a dash'],
    ['yes', one('host: x, insecure: yes'), 'did you mean `true`?'],
    ['a password', one('host: x, auth: { user: u, password: pw }'), 'write `{ env: VARIABLE }`, or `{ secret: NAME }`'],
  ])('%s', (_, text, hint) => {
    expect(told(text)).toContain(hint);
    expect(told(text)).toContain('\n1 problem in');
  });

  test.each<[string, string, number, string]>([
    [
      'a key deeper than its neighbour',
      'targets:\n  - id: a\n      host: x\n',
      3,
      'indented deeper than the key above it',
    ],
    [
      'a key left of its neighbour',
      'targets:\n  - id: a\n   host: x\n',
      3,
      'the indentation of this line does not fit',
    ],
    ['a key at the top that is indented', `name: x\n every: 1m\n${target}`, 2, 'indented deeper than the key above it'],
    ['a tab', 'targets:\n\t- id: a\n', 2, 'a tab cannot be used for indentation'],
    ['no space after a colon', 'targets:\n  - id:a\n    host: x\n', 2, 'a space is missing after the colon'],
    ['no colon', `name: x\nevery\n${target}`, 2, 'this line has no key, or its colon is missing'],
    ['an open quote', `name: "x\n${target}`, 1, 'the closing quote is missing'],
    ['an open bracket', 'targets: [', 1, 'a closing bracket, brace or comma is missing'],
    ['no comma', 'targets: [{ id: a host: b }]', 1, 'a closing bracket, brace or comma is missing'],
    ['a placeholder', `ehloName: {vantage}.example.com\n${target}`, 1, 'in quotes'],
    ['a colon in a value', `name: a: b\n${target}`, 1, 'put the value in quotes'],
    ['a backtick', 'targets: [{ id: a, host: `x` }]', 1, 'put the value in quotes'],
    ['two documents', `name: x\n---\n${target}`, 2, 'several documents'],
  ])('YAML in words: %s', (_, text, line, words) => {
    expect(told(text)).toContain(`smtp-quorum.yaml:${line}:`);
    expect(told(text)).toContain(words);
    expect(told(text)).toContain('\n1 problem in');
  });

  test('keys `x-…` at the top are free for anchors', () => {
    const text = 'x-usual: &usual { port: 587, timeout: 5s }\ntargets: [{ <<: *usual, id: a, host: x }]';
    const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
    expect(parsed.ok && parsed.config.targets[0]).toMatchObject({ port: 587, timeout: 5_000 });
    expect(told(one('host: x, x-note: 1'))).toContain('is not a key');
  });
});

describe('a value under the key of a secret is never shown', () => {
  /** `PW` is the place of the password. Each text has a mistake. */
  const places = [
    one('host: x, auth: { user: u, password: PW }'),
    one('host: x, prt: 1, auth: { user: u, password: PW }, zzz: 1'),
    one('host: x, auth: { user: u, passwrod: PW }'),
    one('host: x, auth: { user: u, pass: "PW" }'),
    one('host: x, auth: { user: u, password:PW }'),
    one('host: x, auth: { user: u, password: { env: "PW-" } }'),
    one('host: x, auth: { user: u, password: { secret: "PW", env: x } }'),
    one('host: x, auth: { user: u, password: [PW] }'),
    one('host: x, auth: { user: u, password: { PW } }'),
    one('host: x, auth: { user: u, password: {{ PW }} }'),
    one('host: x, auth: { user: u, password: { PW: } }'),
    one('host: x, auth: u:PW'),
    one('host: x, auth: password=PW'),
    one('host: smtp://u:PW@x'),
    one('host: "user: u, password: PW"'),
    one('host: x, timeout: "auth: PW"'),
    'targets: "password: PW"\n',
    'targets: |\n  - id: a\n    auth: { user: u, password: PW }\n',
    one('host: x, auth: { user: u, password: *PW }'),
    one('host: x, auth: { user: u, password: !PW x }, zzz: 1'),
    one('host: x, auth: { user: u, password:\n PW\n }, zzz: 1'),
    'targets:\n  - id: a\n    host: x\n    auth:\n      user: u\n      password: PW\n',
    'targets:\n  - id: a\n    auth:\n      password: >-\n        some\n        PW\n    port: x\n',
    'targets:\n  - id: a\n    auth:\n      password: |PW\n    host: x\n',
    'targets:\n  - id: a\n    auth:\n      password: @PW\n    host: x\n',
    'targets:\n  - id: a\n    auth:\n      password: PW: x\n    host: x\n',
    'targets:\n  - id: a\n    auth:\n      password: "PW\n    host: x\n',
    'targets:\n  - id: a\n    host: x\n    auth:\n      password: "some\n    PW"\n',
    "targets:\n  - id: a\n    auth:\n      password: 'some\n\n  PW\n",
    'targets:\n  - id: a\n    auth:\n      password:\n         PW\n       PW: x\n    host: x\n',
    'targets:\n  - id: a\n    auth: { password: {PW}, user: u\n',
    '{"targets":[{"id":"a","hots":"x","auth":{"user":"u","password":"PW"}}]}',
    'secretPlace: &pw PW\ntargets: [{ id: a, host: x, auth: { user: u, password: *pw } }]',
    'place: &pw PW\ntargets: [{ id: a, host: x, auth: { user: u, password: *pw } }]',
    'notify: [{ webhook: "hooks.example.com/PW" }]\ntargets: [{ id: a, host: x }]',
    'notify: https://hooks.example.com/PW\ntargets: [{ id: a, host: x }]',
    'notify: [https://hooks.example.com/PW]\ntargets: [{ id: a, host: x }]',
    'notify: [{ email: "https://hooks.example.com?key=PW" }]\ntargets: [{ id: a, host: x }]',
    'slack: https://hooks.example.com/services/PW\ntargets: [{ id: a, host: x }]',
    'apiKey: PW\ntargets: [{ id: a, host: x }]',
  ];

  test.each(places)('%#: %s', (place) => {
    const text = place.replaceAll('PW', 'hunter2');
    expect(told(text)).toMatch(/problems? in smtp-quorum.yaml/);
    expect(told(text)).not.toContain('hunter');
  });

  test('nor its length', () => {
    const password = fc.stringMatching(/^[a-zA-Z0-9]{8,40}$/).filter((text) => !/^[\d.e]+$/i.test(text));
    fc.assert(
      fc.property(password, fc.constantFrom(...places.slice(0, 5)), (secret, place) => {
        expect(told(place.replaceAll('PW', `Q${secret}`))).toBe(told(place.replaceAll('PW', 'Qother1')));
      }),
      { numRuns: 50 },
    );
  });

  test('what is not a secret stays to be seen', () => {
    expect(told(one('host: x, prt: 25, auth: { user: u, password: { env: E } }'))).toContain(
      'prt: 25, auth: { user: u,',
    );
  });
});
