/** PagerDuty makes an incident of each alert: each of them is ended, whatever the limit leaves out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pagerdutyEvent } from '../../../../lambda/alert/channels/pagers/pagerduty.ts';
import type { DeliveryChannel } from '../../../../lambda/alert/delivery/configured-channels.ts';
import { deliveryRules } from '../../../../lambda/alert/delivery/delivery-rules.ts';
import type { Channel } from '../../../../lambda/config/channel.ts';
import type { Config } from '../../../../lambda/config/config.ts';
import { alertTopics } from '../../../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../../../lambda/consensus/judgement/incident.ts';
import { context } from '../../alerts.ts';
import { causedAt, runChannel } from '../../delivery/channel-run.ts';

const HOUR = 3_600_000;
const receiver = { kind: 'pagerduty', url: 'https://pager.example.com', routingKey: { env: 'KEY' } } as const;

function rulesOf(limit: number) {
  const entry = { ...receiver, when: alertTopics, limit } as Channel;
  const { kind, ...channel } = { kind: 'service', when: alertTopics, receiver } as const;
  const id = `pagerduty:${'x'.repeat(8)}`;
  const rules = deliveryRules({ kind, id, ...channel } as DeliveryChannel, { notify: [] } as unknown as Config);
  return { ...rules, limit: entry.limit ?? limit };
}

/** What PagerDuty has after all messages, and when it was triggered. */
function pagerDutyAfter(alerts: readonly Alert[], limit: number) {
  const [open, triggers, acknowledged] = [new Set<unknown>(), [] as number[], new Set<unknown>()];
  for (const { at, message } of runChannel(alerts, rulesOf(limit)).told) {
    const { event } = pagerdutyEvent(message, context);
    if (event.event_action === 'trigger') {
      triggers.push(at);
      open.add(event.dedup_key);
    } else if (event.event_action === 'resolve') open.delete(event.dedup_key);
    else if (open.has(event.dedup_key)) acknowledged.add(event.dedup_key);
  }
  return { open: [...open], triggers, acknowledged };
}

test('a hundred outages and recoveries with a limit of eight: eight at most are triggered in an hour, and none stays open', () => {
  const alerts = Array.from({ length: 100 }, (_, at) => [
    causedAt(at, 'down', `t${at}`, ['address:192.0.2.7'], at),
    causedAt(600 + at, 'recovered', `t${at}`, ['address:192.0.2.7'], at),
  ]).flat();
  const { open, triggers } = pagerDutyAfter(alerts, 8);
  expect(open).toEqual([]);
  expect(triggers.length).toBeGreaterThan(4);
  expect(triggers.length).toBeLessThanOrEqual(8);
});

test('an acknowledgement passes the limit', () => {
  const storm = Array.from({ length: 20 }, (_, at) => causedAt(at, 'down', `t${at}`, [], at));
  const again = { why: 'acknowledged', since: '2026-11-22T05:00:00Z', by: 'ops' } as const;
  const acknowledged: Alert = { ...causedAt(60, 'update', 't0', [], 0), again };
  expect(pagerDutyAfter([...storm, acknowledged], 8).acknowledged.size).toBe(1);
});

test('an incident that was acknowledged before it is told counts as one message', () => {
  const again = { why: 'acknowledged', since: '2026-11-22T05:00:00Z', by: 'ops', isFirst: true } as const;
  const alerts = Array.from({ length: 20 }, (_, at) => ({ ...causedAt(at, 'down', `t${at}`, [], at), again }));
  const { told } = runChannel(alerts, rulesOf(8));
  expect(told.filter(({ message }) => message.quiet === true)).toEqual([]);
});

test('whatever comes, nothing stays open that is over, and no hour has more triggers than the limit', () => {
  const any = fc.record({
    target: fc.integer({ min: 0, max: 30 }),
    at: fc.integer({ min: 0, max: 7_000 }),
    length: fc.integer({ min: 1, max: 4_000 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 60 }), fc.constantFrom(1, 4, 8), (outages, limit) => {
      const alerts = outages.flatMap(({ target, at, length }, number) => [
        causedAt(at, 'down', `t${target}`, [], number),
        causedAt(at + length, 'recovered', `t${target}`, [], number),
      ]);
      const { open, triggers } = pagerDutyAfter(alerts, limit);
      expect(open).toEqual([]);
      const within = triggers.map((at) => triggers.filter((other) => other >= at && other < at + HOUR).length);
      expect(Math.max(0, ...within)).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 200 },
  );
});

test('the end of one finding of several does not end the incident', () => {
  const alert = { ...causedAt(0, 'posture-over', 'example.com', []), is: 'up' } as Alert;
  expect(pagerdutyEvent({ alert, sent: null, turned: null, replaces: [] }, context).event.event_action).toBe('trigger');
});
