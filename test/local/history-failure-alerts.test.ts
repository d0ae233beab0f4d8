import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { historyNotices } from '../../local/history-failure-alerts.ts';

test('people are alerted once of each change, in order, also by a receiver that refuses at first', async () => {
  const [shown, sent]: [string[], Alert[]] = [[], []];
  const receiver = { refuses: true };
  const notices = historyNotices(
    (words) => void shown.push(words),
    async (alert) => {
      if (receiver.refuses) throw new Error('refused');
      sent.push(alert);
    },
    () => Date.parse('2026-11-26T07:00:00Z'),
  );
  notices.add({ words: 'The disk is full.', change: 'degraded' });
  notices.add({ words: 'A note.' });
  await sleep(5);
  receiver.refuses = false;
  notices.add({ words: 'There is room.', change: 'recovered' });
  notices.retry();
  await sleep(5);
  notices.retry();
  await sleep(5);
  expect(shown).toEqual(['The disk is full.', 'A note.', 'There is room.']);
  expect(sent.map(({ id, kind, was, is, reason }) => [id, kind, was, is, reason])).toEqual([
    ['history@2026-11-26T07:00:00Z#degraded', 'degraded', 'up', 'degraded', 'The disk is full.'],
    ['history@2026-11-26T07:00:00Z#recovered', 'recovered', 'degraded', 'up', 'There is room.'],
  ]);
});
