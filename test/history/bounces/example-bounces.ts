/** Records a day of bounces: a provider that refuses, complaints, and their end. The judge and the history are the real ones. */
import type { DeliveryOutcome } from '../../../lambda/bounces/outcome.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import { messageDigest, openReadMessages } from '../../../lambda/history/bounces/read-messages.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { judgeBounces } from '../../../lambda/judge/judge-bounces.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';

const START = Date.parse('2026-11-26T09:12:00Z');
const HOUR = 3_600_000;

const bounceConfig = {
  home: 'us-east-1',
  policy: { vantages: ['us-east-1'], every: 60_000 },
  notify: [],
  targets: [],
  bounces: { policy: BOUNCE_POLICY, ses: true, logs: [] },
} as unknown as Config;

const mail = { from: 'example.com', provider: 'Microsoft', code: '2.0.0', text: '', delay: 1.5 } as const;
const KINDS: readonly (Pick<DeliveryOutcome, 'kind'> & Partial<DeliveryOutcome> & { readonly count: number })[] = [
  { kind: 'delivered', count: 60 },
  { kind: 'bounced', count: 40, code: '5.7.515', text: '550 5.7.515 Access denied' },
  { kind: 'deferred', count: 3, code: '4.2.2', text: '452 4.2.2 over quota' },
  { kind: 'complained', count: 4, code: '-' },
  { kind: 'rejected', count: 1, code: '-' },
];

export async function recordBounces(tableOf: (now: () => number) => Table): Promise<readonly Alert[]> {
  let clock = START;
  const now = () => clock;
  const table = tableOf(now);
  const alerts: Alert[] = [];
  const deliveries = openDeliveries(table, { now });
  const bounces = openBounceHistory(table, { now });
  const ports = {
    config: bounceConfig,
    vantage: 'us-east-1',
    history: openHistory(table, { now }),
    bounces,
    channels: [{ id: 'topic', kind: 'topic', when: ['bounces'] }],
    deliveries: {
      ...deliveries,
      make: async (channel: string, alert: Alert) => {
        alerts.push(alert);
        await deliveries.make(channel, alert);
      },
    },
    publishEvents: async () => {},
    log: () => {},
    now,
  } as unknown as JudgePorts;
  const outcomes = KINDS.flatMap(({ count, ...given }) =>
    Array.from({ length: count }, () => ({ ...mail, ...given, at: START })),
  );
  await bounces.record(
    'ses',
    outcomes.map((outcome, nth) => ({ id: String(nth).padStart(8, '0'), outcomes: [outcome] })),
  );
  const read = new Set([messageDigest('1 7')]);
  await openReadMessages(table, now).writeReadMessages('mailbox-1a2b3c4d', read, 0);
  for (const hours of [0, 1, 26]) {
    clock = START + hours * HOUR;
    await judgeBounces(ports, true);
  }
  const { bounces: _, ...without } = bounceConfig;
  clock = START + HOUR;
  await judgeBounces({ ...ports, config: without as Config }, false);
  return alerts;
}
