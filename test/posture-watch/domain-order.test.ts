import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PostureDomain } from '../../lambda/config/posture-domain.ts';
import { domainsInOrder, type Left, leftFrom, RUN_EVERY, scopeAt } from '../../lambda/posture-watch/domain-order.ts';

const domain = (name: string): PostureDomain => ({
  domain: name,
  selectors: [],
  senders: [],
  lists: [],
  hosts: [],
  ignore: [],
});
const fleet = (count: number) => Array.from({ length: count }, (_, nth) => domain(`d${nth}.example.com`));
const shown = (domains: readonly PostureDomain[], scope: 'all' | 'lists', left: Left | null) =>
  domainsInOrder(domains, scope, left).map((due) => `${due.domain.domain.split('.')[0]} ${due.scope}`);

describe('the order of the domains', () => {
  test.each<[string, 'all' | 'lists', Left | null, readonly string[]]>([
    ['nothing was left', 'lists', null, ['d0 lists', 'd1 lists', 'd2 lists']],
    [
      'of a whole run something was left',
      'lists',
      { from: 'd1.example.com', before: 'd0.example.com', scope: 'all' },
      ['d1 all', 'd2 all', 'd0 lists'],
    ],
    [
      'of lists something was left',
      'lists',
      { from: 'd2.example.com', before: 'd0.example.com', scope: 'lists' },
      ['d2 lists', 'd0 lists', 'd1 lists'],
    ],
    [
      'of a whole run that began in the middle, a domain before it was left',
      'lists',
      { from: 'd2.example.com', before: 'd1.example.com', scope: 'all' },
      ['d2 all', 'd0 all', 'd1 lists'],
    ],
    [
      'a whole run is due',
      'all',
      { from: 'd2.example.com', before: 'd0.example.com', scope: 'lists' },
      ['d2 all', 'd0 all', 'd1 all'],
    ],
    [
      'the domain is no longer there',
      'lists',
      { from: 'gone.example.com', before: 'd0.example.com', scope: 'all' },
      ['d0 lists', 'd1 lists', 'd2 lists'],
    ],
  ])('%s', (_, scope, left, expected) => {
    expect(shown(fleet(3), scope, left)).toEqual(expected);
  });

  test.each([
    ['2026-11-26T13:02:00Z', null, 'all'],
    ['2026-11-26T13:14:59Z', null, 'all'],
    ['2026-11-26T13:17:00Z', null, 'lists'],
    ['2026-11-26T13:32:00Z', null, 'lists'],
    ['2026-11-26T13:47:00Z', null, 'lists'],
    ['2026-11-26T13:02:00Z', '2026-11-26T13:01:00Z', 'all'],
    ['2026-11-26T13:47:00Z', '2026-11-26T13:02:00Z', 'lists'],
    ['2026-11-26T13:17:00Z', '2026-11-26T12:17:01Z', 'lists'],
    ['2026-11-26T13:17:00Z', '2026-11-26T12:17:00Z', 'all'],
    ['2026-11-26T13:47:00Z', '2026-11-25T06:00:00Z', 'all'],
    ['2026-11-26T13:17:00Z', '2026-11-27T12:17:00Z', 'lists'],
  ])('at %s, after all at %s: %s', (at, last, scope) => {
    expect(scopeAt(Date.parse(at), last === null ? null : Date.parse(last))).toBe(scope);
  });
});

test('however few domains a run comes to, each is checked as a whole again and again', () => {
  const runs = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), runs, fc.nat(3), (count, capacities, first) => {
      const domains = fleet(count);
      let left: Left | null = null;
      const whole = new Map(domains.map(({ domain: name }) => [name, [0]]));
      for (const [nth, capacity] of capacities.entries()) {
        const due = domainsInOrder(domains, scopeAt((nth + first) * RUN_EVERY, null), left);
        expect(due).toHaveLength(count);
        for (const one of due.slice(0, capacity)) if (one.scope === 'all') whole.get(one.domain.domain)?.push(nth);
        left = leftFrom(due, Math.min(capacity, due.length));
      }
      for (const times of whole.values()) {
        const gaps = [...times, capacities.length].map((at, nth, all) => at - (all[nth - 1] ?? 0));
        // A full pass takes `count` runs at most, and one is due within four.
        expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * count + 4);
      }
    }),
    { numRuns: 100 },
  );
});
