/** Messages that name their receivers: each of these gets what is for it, and nobody else does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subscriberId } from '../../../lambda/alert/channels/channel-ids.ts';
import { deliveryRules } from '../../../lambda/alert/delivery/delivery-rules.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { alertTopics } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { causedAt, runChannel, wordsOf } from './channel-run.ts';

const [OPS, BOSS] = [
  { kind: 'email', address: 'ops@example.com', when: alertTopics },
  { kind: 'sms', number: '+15555550100', when: alertTopics },
] as const;
const [ops, boss] = [subscriberId(OPS), subscriberId(BOSS)];

function rules(limit: number) {
  const notify = [OPS, BOSS].map((one) => ({ ...one, limit }));
  return deliveryRules({ kind: 'topic', id: 'topic', when: 'all' }, { notify } as unknown as Config);
}

test('a digest of more than five alike has their receivers', () => {
  const alerts = Array.from({ length: 8 }, (_, at) => ({
    ...causedAt(0, 'changed', `t${at}`, []),
    to: ['topic', ops],
  }));
  const { told } = runChannel(alerts, rules(60));
  expect(told.map(wordsOf)).toEqual(['0 digest digest (8)']);
  expect(told[0]?.message.alert.to).toEqual(['topic', ops]);
});

const anyAddressed = fc.record({
  target: fc.integer({ min: 0, max: 12 }),
  at: fc.integer({ min: 0, max: 4_000 }),
  kind: fc.constantFrom('down' as const, 'degraded' as const, 'changed' as const, 'recovered' as const),
  to: fc.constantFrom([ops], [boss], [ops, boss], ['topic', ops], ['topic']),
  cause: fc.constantFrom([], ['address:192.0.2.7']),
});

test('whatever is folded, each receiver is told of exactly what is for it', () => {
  fc.assert(
    fc.property(
      fc.array(anyAddressed, { maxLength: 60 }),
      fc.constantFrom(4, 8, 60),
      fc.constantFrom(6, 60),
      (written, limit, most) => {
        const alerts = written.map(({ target, at, kind, to, cause }, number): Alert => {
          // The end of an incident goes to all who were told of it: here each alert is an incident of its own.
          return { ...causedAt(at, kind, `t${target}`, cause, number), to };
        });
        const heard = new Map<string, Set<string>>([ops, boss, 'topic'].map((id) => [id, new Set()]));
        const missed = new Map<string, number>();
        for (const { message } of runChannel(alerts, { ...rules(limit), limit: most }).told) {
          for (const id of message.leftOut ?? []) missed.set(id, (missed.get(id) ?? 0) + message.covers.length);
          for (const id of message.alert.to ?? []) for (const { alert } of message.covers) heard.get(id)?.add(alert.id);
        }
        for (const [id, ids] of heard) {
          const own = alerts.filter(({ to }) => to?.includes(id)).map((alert) => alert.id);
          expect([...ids].filter((one) => !own.includes(one))).toEqual([]);
          expect(new Set(own).size - ids.size).toBeLessThanOrEqual(missed.get(id) ?? 0);
        }
      },
    ),
    { numRuns: 300 },
  );
});
