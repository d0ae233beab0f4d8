import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldAlerts } from '../../../lambda/consensus/incident/fold-alerts-into-digest.ts';
import { alertAt } from '../../alert/delivery/deliveries.ts';

const alerts = (count: number) => Array.from({ length: count }, (_, at) => alertAt(at, 'down', `t${at}`));

test('a digest says how many, of which kinds, from when until when, and which', () => {
  const folded = foldAlerts([alertAt(1, 'recovered', 'b'), alertAt(0, 'down', 'a'), alertAt(2, 'down', 'a')]);
  expect(folded).toMatchObject({ kind: 'digest', is: 'down', incident: null });
  expect(folded.digest).toMatchObject({
    count: 3,
    first: '2026-11-22T05:00:00Z',
    last: '2026-11-22T05:02:00Z',
    kinds: { down: 2, recovered: 1 },
    subjects: ['b', 'a'],
  });
  expect(folded.digest?.ids).toHaveLength(3);
});

test('a digest of digests counts all alerts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 }), (one, other) => {
      const all = alerts(one + other);
      const nested = foldAlerts([foldAlerts(all.slice(0, one)), ...all.slice(one)]);
      const { digest } = foldAlerts(all);
      expect(nested.digest).toEqual(digest);
    }),
  );
});

test('the same alerts make the same id, others another', () => {
  expect(foldAlerts(alerts(7)).id).toBe(foldAlerts(alerts(7)).id);
  expect(foldAlerts(alerts(7)).id).not.toBe(foldAlerts(alerts(8)).id);
});

test('a digest is bounded', () => {
  const folded = foldAlerts(alerts(5000).map((alert) => ({ ...alert, id: `${alert.id}${'x'.repeat(1000)}` })));
  expect(folded.digest?.count).toBe(5000);
  expect(JSON.stringify(folded).length).toBeLessThan(32_000);
});
