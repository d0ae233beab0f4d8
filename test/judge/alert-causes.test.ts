import { expect, test } from 'vitest';
import type { ObservationsByTarget } from '../../lambda/consensus/judge-all.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../../lambda/consensus/judgement/observation.ts';
import { type WatchedTarget, withCauses } from '../../lambda/judge/causes/alert-causes.ts';
import { addressNetwork } from '../../lambda/judge/causes/network.ts';
import { alert, incident, witness } from '../alert/alerts.ts';

const HOST: WatchedTarget = { id: 'mx1', host: 'MX1.example.com', domain: null };
const DOMAIN: WatchedTarget = { id: 'mx1', host: null, domain: 'example.com' };
const LITERAL: WatchedTarget = { id: 'mx1', host: '192.0.2.9', domain: null };
const GOOGLE: WatchedTarget = { id: 'mx1', host: 'aspmx.l.google.com', domain: null };

const seen = (outcome: Observation['outcome'], address: string | null): Observation => ({
  ...{ vantage: 'us-east-1', round: '2026-11-22T05:08:00.000Z', outcome, address },
  ...{ phase: null, code: null, reply: null },
});

function causesOf(
  target: WatchedTarget,
  observations: readonly Observation[],
  facts = {},
  told: Alert = alert('down'),
) {
  const next = { ...judgement([told]), memory: { ...EMPTY_MEMORY, facts } };
  const byTarget: ObservationsByTarget = new Map([['mx1', new Map([['us-east-1', observations]])]]);
  return withCauses({ previous: null, next }, new Map([['mx1', target]]), byTarget).next.owed[0]?.causes;
}

function judgement(owed: readonly Alert[]): Judgement {
  return { target: 'mx1', verdict: 'down', since: '2026-11-22T05:08:00Z', incident, owed };
}

const CODES = ['code:starttls-not-offered@us-east-1', 'code:starttls-not-offered@eu-west-1'];

test.each<[string, WatchedTarget, readonly Observation[], Record<string, Record<string, string>>, readonly string[]]>([
  ['a host', HOST, [], {}, ['host:mx1.example.com', 'provider:example.com']],
  ['a provider by its hosts', GOOGLE, [], {}, ['host:aspmx.l.google.com', 'provider:Google']],
  ['an address in place of a host', LITERAL, [], {}, ['address:192.0.2.9', 'network:192.0.2.0/24']],
  [
    'the address at which it fails, not the one at which it passed',
    LITERAL,
    [seen('pass', '198.51.100.1'), seen('fail', '2001:db8:1:2::3')],
    {},
    ['address:192.0.2.9', 'address:2001:db8:1:2::3', 'network:192.0.2.0/24', 'network:2001:db8:1::/48'],
  ],
  [
    'the address before, if a failure has none',
    HOST,
    [seen('pass', '198.51.100.1'), seen('fail', null)],
    {},
    ['host:mx1.example.com', 'address:198.51.100.1', 'network:198.51.100.0/24', 'provider:example.com'],
  ],
  [
    'the certificate that was last seen',
    HOST,
    [],
    { 'us-east-1': { leaf: '3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 O=Example CA' } },
    ['host:mx1.example.com', 'certificate:3f2a9c0d1e4b5a67', 'provider:example.com'],
  ],
  [
    'the hosts of a domain',
    DOMAIN,
    [],
    { 'us-east-1': { 'a.example.net starttls': 'offered', 'b.example.org leaf': 'aa11 2026-10-12 2027-01-10 CN=R' } },
    [
      ...['host:a.example.net', 'host:b.example.org', 'certificate:aa11'],
      ...['provider:example.net', 'provider:example.org'],
    ],
  ],
])('%s', (_, target, observations, facts, expected) => {
  expect(causesOf(target, observations, facts)).toEqual([...expected, ...CODES]);
});

test('causes are bounded', () => {
  const witnesses = Array.from({ length: 50 }, (_, at) => ({ ...witness, vantage: `v${at}` }));
  const many = Array.from({ length: 50 }, (_, at) => seen('fail', `192.0.${at}.1`));
  const causes = causesOf(HOST, many, {}, alert('down', { incident: { ...incident, witnesses } })) ?? [];
  expect(causes).toHaveLength(26);
  expect(Math.max(...causes.map(({ length }) => length))).toBeLessThanOrEqual(280);
});

test('an alert keeps the causes that it was decided with, and one about facts has none', () => {
  const pass = {
    previous: judgement([alert('down')]),
    next: judgement([alert('down'), alert('changed', { id: 'other' })]),
  };
  const stored = { ...pass.previous, version: 1, lease: null };
  expect(withCauses({ ...pass, previous: stored }, new Map([['mx1', HOST]]), new Map())).toEqual({
    ...pass,
    previous: stored,
  });
});

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:a:b:c::1', '2001:db8:a::/48'],
  ['2001:db8::1', '2001:db8::/48'],
  ['mx1.example.com', null],
])('the network of %s is %s', (address, network) => expect(addressNetwork(address)).toBe(network));
