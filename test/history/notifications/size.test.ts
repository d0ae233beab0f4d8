/** A notification fits into an item, whatever servers sent and however long its messages are pending. */
import { expect, test } from 'vitest';
import { passOfTime } from '../../../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../../../lambda/alert/routing/take-alert.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { notificationItem } from '../../../lambda/history/notifications/notification-item.ts';
import { itemSize, splitThreshold } from '../../../lambda/history/table/item-size.ts';
import { alertAt, minute, start } from '../../alert/delivery/deliveries.ts';
import { contextOf, entry } from '../../alert/routing/routing-world.ts';

const LONG = 'x'.repeat(4000);
const witness = (vantage: string) => ({
  ...{ vantage, firstFailure: '2026-11-22T05:00:00Z', lastFailure: '2026-11-22T05:00:00Z', phase: 'greeting' as const },
  ...{ code: 'greeting-refused', reply: LONG, transcript: Array.from({ length: 100 }, () => LONG.slice(0, 500)) },
});

function withEvidence(alert: Alert): Alert {
  const { incident } = alert;
  const witnesses = ['a', 'b', 'c', 'd', 'e'].map(witness);
  return { ...alert, incident: incident && { ...incident, witnesses } } as unknown as Alert;
}

const sizeOf = (notification: Notification) => itemSize(notificationItem(notification, 1, start));

test('of a day of reminders that no channel takes', () => {
  const entries = Array.from({ length: 20 }, (_, number) =>
    entry(`e${number}`, { repeat: [(number + 1) * minute], receiver: `webhook:${'r'.repeat(60)}${number}` }),
  );
  let notification = takeAlert(null, withEvidence(alertAt(0, 'down', 'mx1', 0)), contextOf(entries), start);
  for (let at = 1; at <= 1440; at++) notification = passOfTime(notification, contextOf(entries), start + at * minute);
  expect(sizeOf(notification)).toBeLessThan(splitThreshold);
});

test('of as many entries as a config may have', () => {
  const entries = Array.from({ length: 300 }, (_, number) =>
    entry(`${'e'.repeat(60)}${number}`, { receiver: `webhook:${'r'.repeat(253)}${number}` }),
  );
  const notification = takeAlert(null, withEvidence(alertAt(0, 'down', 'mx1', 0)), contextOf(entries), start);
  expect(sizeOf(notification)).toBeLessThan(splitThreshold);
});

test('of fifty changes of a verdict that no channel takes', () => {
  const entries = [entry('ops')];
  const notification = Array.from({ length: 50 }, (_, at) =>
    alertAt(at, at % 2 === 0 ? 'down' : 'degraded', 'mx1', 0),
  ).reduce<Notification | null>(
    (before, alert, at) =>
      takeAlert(before, withEvidence({ ...alert, reason: LONG }), contextOf(entries), start + at * minute),
    null,
  );
  if (notification === null) throw new Error('none');
  expect(sizeOf(notification)).toBeLessThan(splitThreshold);
});
