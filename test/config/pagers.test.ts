import { describe, expect, test } from 'vitest';
import { type ParsedConfig, parseConfig } from '../../lambda/config/parse.ts';

const aws = 'home: us-east-1\nvantages: [us-east-1, eu-west-1]\nehloName: probe.example.com\n';
const parse = (notify: string, where = aws): ParsedConfig =>
  parseConfig(`${where}notify: [{ ${notify} }]\ntargets: [{ id: a, host: mx.example.com }]\n`, 'x.yaml', () => '');

function channelOf(notify: string, where = aws) {
  const parsed = parse(notify, where);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.notify[0];
}

test.each([
  [
    'pagerduty: { routingKey: { secret: pd } }',
    { kind: 'pagerduty', routingKey: { secret: 'pd' }, url: 'https://events.pagerduty.com' },
  ],
  [
    'pagerduty: { routingKey: { secret: pd }, url: "https://events.eu.pagerduty.com/", webhookSecret: { secret: w } }',
    { kind: 'pagerduty', url: 'https://events.eu.pagerduty.com', webhookSecret: { secret: 'w' } },
  ],
  ['jsm: { apiKey: { secret: k } }', { kind: 'jsm', url: 'https://api.atlassian.com/jsm/ops/integration' }],
  ['jsm: { apiKey: { secret: k }, url: "https://api.opsgenie.com" }', { kind: 'jsm', url: 'https://api.opsgenie.com' }],
  ['amazonQ: { topicArn: "arn:aws:sns:us-east-1:123456789012:chat" }', { kind: 'amazon-q' }],
  [
    'phone: { number: "+15555550100", from: "+15555550101" }',
    { kind: 'phone', voice: 'MATTHEW', mostPerMinute: 0.1, when: ['down', 'recovered', 'listed'] },
  ],
  ['webhook: "http://127.0.0.1:8080/x"', { kind: 'webhook', url: 'http://127.0.0.1:8080/x' }],
  ['webhook: "https://a.example.com/x", signature: { secret: s }', { kind: 'webhook', signature: { secret: 's' } }],
])('%s', (notify, receiver) => {
  expect(channelOf(notify)).toMatchObject(receiver);
});

test('an alert that has no end is not sent to those who keep it open', () => {
  expect(channelOf('pagerduty: { routingKey: { secret: pd } }')?.when).not.toContain('changed');
});

const KEY = 'R0123ABCDEFGHIJKLMNOPQRSTUVWXYZ9';
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

test.each<[string, string, string, RegExp, string?]>([
  ['a key in clear', `pagerduty: { routingKey: ${KEY} }`, 'pagerduty.routingKey', /must be a set of keys/],
  ['a key as the service', `pagerduty: ${KEY}`, 'pagerduty', /not shown/],
  [
    'a key as the name of a secret',
    `pagerduty: { routingKey: { secret: ${KEY} } }`,
    'pagerduty.routingKey.secret',
    /is a secret/,
  ],
  ['a key of JSM as the name of a secret', `jsm: { apiKey: { secret: ${UUID} } }`, 'jsm.apiKey.secret', /is a secret/],
  [
    'the key of a signature as the name of a secret',
    'webhook: "https://a.example.com/x", signature: { secret: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 }',
    'signature.secret',
    /is a secret/,
  ],
  [
    'the secret of a subscription as the name of a secret',
    'pagerduty: { routingKey: { secret: pd }, webhookSecret: { secret: PpbW4ldYkZ3qE7sTnUvWxYzAaBbCcDdEeFfGgHh0011 } }',
    'pagerduty.webhookSecret.secret',
    /is a secret/,
  ],
  ['a secret of one machine', 'jsm: { apiKey: { env: KEY } }', 'jsm.apiKey.env', /one machine only/],
  ['two places', 'jsm: { apiKey: { env: KEY, secret: k } }', 'jsm.apiKey.env', /cannot be combined/],
  ['no place', 'jsm: { apiKey: {} }', 'jsm.apiKey', /one of/],
  ['HTTP', 'jsm: { apiKey: { secret: k }, url: "http://api.example.com" }', 'jsm.url', /https/],
  ['a login in a URL', 'jsm: { apiKey: { secret: k }, url: "https://a:b@api.example.com" }', 'jsm.url', /without user/],
  [
    'a group of incidents that a digest could not end',
    'pagerduty: { routingKey: { secret: pd } }, group: true',
    'group',
    /each incident is one there/,
  ],
  ['HTTP in a webhook', 'webhook: "http://hooks.example.com/"', 'webhook', /https/],
  ['a signature of an e-mail', 'email: a@example.com, signature: { secret: s }', 'signature', /only with `webhook`/],
  ['a national number', 'phone: { number: "0155 5010", from: "+15555550101" }', 'phone.number', /E\.164/],
  ['a name that calls', 'phone: { number: "+15555550100", from: ops }', 'phone.from', /E\.164 form, an id/],
  [
    'a free call',
    'phone: { number: "+15555550100", from: "+15555550101", mostPerMinute: 0 }',
    'phone.mostPerMinute',
    /dollars/,
  ],
  [
    'an unknown voice',
    'phone: { number: "+15555550100", from: "+15555550101", voice: MATHEW }',
    'phone.voice',
    /must be one of/,
  ],
  [
    'a FIFO topic',
    'amazonQ: { topicArn: "arn:aws:sns:us-east-1:123456789012:chat.fifo" }',
    'amazonQ.topicArn',
    /standard topic/,
  ],
  [
    'the topic of the alerts themselves as that of a chat',
    'amazonQ: { topicArn: "arn:aws:sns:us-east-1:123456789012:smtp-quorum-alerts" }',
    'amazonQ.topicArn',
    /is the topic of all alerts/,
  ],
  ['a call from one machine', 'phone: { number: "+15555550100", from: "+15555550101" }', 'phone', /AWS does it/, ''],
  [
    'Amazon Q from one machine',
    'amazonQ: { topicArn: "arn:aws:sns:us-east-1:123456789012:chat" }',
    'amazonQ',
    /AWS does it/,
    '',
  ],
])('%s is refused', (_, notify, path, words, where = aws) => {
  const parsed = parse(notify, where);
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems.map((problem) => problem.path)).toContain(`notify[0].${path}`);
  expect(problems.map(({ message }) => message).join('\n')).toMatch(words);
  expect(JSON.stringify(problems)).not.toMatch(new RegExp(`${KEY}|${UUID}`));
});

describe('on one machine', () => {
  test('keys are in the environment, and a service may be on loopback', () => {
    const notify = 'pagerduty: { routingKey: { env: PD }, url: "http://127.0.0.1:8080" }';
    expect(channelOf(notify, '')).toMatchObject({ routingKey: { env: 'PD' }, url: 'http://127.0.0.1:8080' });
  });
});
