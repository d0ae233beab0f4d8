import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accepts,
  type CachedPolicy,
  type HeldPolicy,
  heldPolicies,
  type PresentHost,
  withPresentPolicy,
} from '../../../lambda/standards/mta-sts/cache-simulation.ts';
import type { StsMode } from '../../../lambda/standards/mta-sts/policy.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY = 86_400;
const iso = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();

const cached = (given: Partial<CachedPolicy> = {}): CachedPolicy => ({
  id: '1',
  mode: 'enforce',
  mx: ['mx1.example.com'],
  maxAge: 7 * DAY,
  lastSeen: iso(DAY),
  ...given,
});
const present = (given: Partial<CachedPolicy> = {}) => {
  const { lastSeen: _, ...policy } = cached({ id: '2', mx: ['mx2.example.net'], ...given });
  return policy;
};
const host = (name: string, hasCertificate: boolean | null = true): PresentHost => ({ name, hasCertificate });
const moved = [host('mx2.example.net')];

type Row = readonly [
  title: string,
  former: readonly CachedPolicy[],
  policy: ReturnType<typeof present> | null,
  hosts: readonly PresentHost[],
  held: readonly (readonly [id: string, holders: HeldPolicy['holders'], refused: string, accepted: string])[],
];

test.each<Row>([
  ['no former policy', [], present(), moved, []],
  ['the present policy is no former one', [cached()], present({ id: '1', mx: ['mx1.example.com'] }), moved, []],
  ['the MX moved, and the policy with it', [cached()], present(), moved, [['1', 'some', 'mx2.example.net', '']]],
  ['the MX moved, and the id stayed', [cached()], present({ id: '1' }), moved, [['1', 'all', 'mx2.example.net', '']]],
  [
    'the MX moved, and MTA-STS was ended without mode none',
    [cached()],
    null,
    moved,
    [['1', 'all', 'mx2.example.net', '']],
  ],
  ['the MX stayed', [cached()], present(), [host('mx1.example.com')], [['1', 'some', '', 'mx1.example.com']]],
  [
    'a second MX was added',
    [cached()],
    present(),
    [host('mx1.example.com'), ...moved],
    [['1', 'some', 'mx2.example.net', 'mx1.example.com']],
  ],
  [
    'a wildcard covers the new host',
    [cached({ mx: ['*.example.net'] })],
    present(),
    moved,
    [['1', 'some', '', 'mx2.example.net']],
  ],
  [
    'a wildcard covers one label only',
    [cached({ mx: ['*.net'] })],
    present(),
    moved,
    [['1', 'some', 'mx2.example.net', '']],
  ],
  ['testing refuses nothing', [cached({ mode: 'testing' })], null, moved, [['1', 'all', '', 'mx2.example.net']]],
  ['none refuses nothing', [cached({ mode: 'none', mx: [] })], null, moved, [['1', 'all', '', 'mx2.example.net']]],
  ['it expired a second ago', [cached({ lastSeen: iso(7 * DAY + 1) })], null, moved, []],
  ['it expires now', [cached({ lastSeen: iso(7 * DAY) })], null, moved, []],
  [
    'it expires in a second',
    [cached({ lastSeen: iso(7 * DAY - 1) })],
    null,
    moved,
    [['1', 'all', 'mx2.example.net', '']],
  ],
  ['a max_age of 0', [cached({ maxAge: 0 })], null, moved, []],
  [
    'a certificate that senders do not accept',
    [cached()],
    null,
    [host('mx1.example.com', false)],
    [['1', 'all', 'mx1.example.com', '']],
  ],
  [
    'a certificate that is not known',
    [cached()],
    null,
    [host('mx1.example.com', null)],
    [['1', 'all', '', 'mx1.example.com']],
  ],
  [
    'the same policy in another order and case',
    [cached({ mx: ['A.example', 'b.example'] })],
    present({ id: '1', mx: ['b.example', 'a.example'] }),
    moved,
    [],
  ],
  [
    'the same text under another id',
    [cached()],
    present({ mx: ['mx1.example.com'] }),
    [host('mx1.example.com')],
    [['1', 'some', '', 'mx1.example.com']],
  ],
  [
    'a longer max_age under the same id',
    [cached()],
    present({ id: '1', mx: ['mx1.example.com'], maxAge: 8 * DAY }),
    [host('mx1.example.com')],
    [['1', 'all', '', 'mx1.example.com']],
  ],
  [
    'two former ones',
    [cached({ id: 'a' }), cached({ id: 'b' })],
    present(),
    moved,
    [
      ['a', 'some', 'mx2.example.net', ''],
      ['b', 'some', 'mx2.example.net', ''],
    ],
  ],
  ['no MX host', [cached()], null, [], [['1', 'all', '', '']]],
  ['a damaged time', [cached({ lastSeen: 'never' })], null, moved, []],
])('%s', (_, former, policy, hosts, held) => {
  const found = heldPolicies(former, { policy, hosts }, NOW);
  expect(
    found.map(({ policy: { id }, holders, refused, accepted }) => [id, holders, refused.join(' '), accepted.join(' ')]),
  ).toEqual(held);
});

test('the last copy expires max_age after the policy was last served', () => {
  const [held] = heldPolicies([cached()], { policy: null, hosts: moved }, NOW);
  expect(new Date(held?.until ?? 0).toISOString()).toBe('2026-12-02T12:00:00.000Z');
});

describe('the memory', () => {
  test('keeps what was served, and when it was last served', () => {
    let memory: readonly CachedPolicy[] = [];
    memory = withPresentPolicy(memory, present({ id: 'a' }), iso(3 * DAY));
    memory = withPresentPolicy(memory, present({ id: 'a' }), iso(2 * DAY));
    expect(memory.map(({ id, lastSeen }) => [id, lastSeen])).toEqual([['a', iso(2 * DAY)]]);
    memory = withPresentPolicy(memory, null, iso(DAY));
    expect(memory.map(({ id, lastSeen }) => [id, lastSeen])).toEqual([['a', iso(2 * DAY)]]);
    // It may have been fetched until the next one was seen.
    memory = withPresentPolicy(memory, present({ id: 'b' }), iso(0));
    expect(memory.map(({ id, lastSeen }) => [id, lastSeen])).toEqual([
      ['a', iso(0)],
      ['b', iso(0)],
    ]);
  });

  test('forgets what has expired, and keeps at most ten', () => {
    const expired = [cached({ id: 'old', lastSeen: iso(8 * DAY) }), cached({ id: 'last', lastSeen: iso(8 * DAY) })];
    expect(withPresentPolicy(expired, present(), iso(0)).map(({ id }) => id)).toEqual(['2']);
    let memory: readonly CachedPolicy[] = [];
    for (let nth = 0; nth < 30; nth++) memory = withPresentPolicy(memory, present({ id: `${nth}` }), iso(0));
    expect(memory.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, nth) => `${nth + 20}`));
  });
});

/** Policies that are served one after the other, each from one observation until some time before the next but one. */
const policies = fc.array(
  fc.record({
    id: fc.constantFrom('1', '2', '3'),
    mode: fc.constantFrom<StsMode>('enforce', 'testing', 'none'),
    mx: fc.uniqueArray(fc.constantFrom('mx1.example.com', 'mx2.example.net', '*.example.net'), { minLength: 1 }),
    maxAge: fc.integer({ min: 0, max: 20 * 3_600 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const presentHosts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('mx1.example.com', 'mx2.example.net', 'mx3.example.org'),
    hasCertificate: fc.constantFrom(true, false, null),
  }),
  { selector: ({ name }) => name },
);
const HOUR = 3_600_000;

/**
 * A world with senders: policies change between hourly observations, and senders fetch whenever they like. Whatever a sender still
 * holds must be known, must not expire later than is said, and must be refused the hosts that the sender itself would refuse.
 */
test('no sender holds a policy that the simulation does not know', () => {
  const fetches = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(
      policies,
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fetches,
      presentHosts,
      (served, shift, times, hosts) => {
        // The policy `nth` is served from a moment before its observation until a moment before the next one.
        const start = NOW - (served.length - 1) * HOUR;
        const servedAt = (time: number) =>
          served[Math.min(served.length - 1, Math.max(0, Math.floor((time - start) / HOUR + shift)))];
        let memory: readonly CachedPolicy[] = [];
        for (const nth of served.keys()) {
          const at = start + nth * HOUR;
          memory = withPresentPolicy(memory, servedAt(at) ?? null, new Date(at).toISOString());
        }
        const now = servedAt(NOW);
        const held = heldPolicies(memory, { policy: now ?? null, hosts }, NOW);
        for (const part of times) {
          const fetched = start + part * (NOW - start);
          const policy = servedAt(fetched);
          const expires = fetched + (policy?.maxAge ?? 0) * 1000;
          if (policy === undefined || now === undefined || expires <= NOW || isEqual(policy, now)) continue;
          const known = held.find((one) => isEqual(one.policy, policy));
          expect(known, JSON.stringify({ policy, memory })).toBeDefined();
          expect(known?.until).toBeGreaterThanOrEqual(expires);
          expect(known?.holders).toBe(policy.id === now.id ? 'all' : 'some');
          const refusing = hosts.filter((one) => policy.mode === 'enforce' && !accepts(policy, one));
          expect(known?.refused).toEqual(refusing.map(({ name }) => name));
        }
      },
    ),
    { numRuns: 500 },
  );
});

function isEqual(one: Omit<CachedPolicy, 'lastSeen'>, other: Omit<CachedPolicy, 'lastSeen'>): boolean {
  const text = ({ id, mode, mx, maxAge }: Omit<CachedPolicy, 'lastSeen'>) =>
    JSON.stringify([id, mode, mx.toSorted(), maxAge]);
  return text(one) === text(other);
}

test('hosts are refused or accepted, none both', () => {
  fc.assert(
    fc.property(policies, presentHosts, (former, hosts) => {
      const memory = former.map((one) => ({ ...one, lastSeen: iso(60) }));
      for (const { refused, accepted } of heldPolicies(memory, { policy: null, hosts }, NOW))
        expect([...refused, ...accepted].sort()).toEqual(hosts.map(({ name }) => name).sort());
    }),
  );
});
