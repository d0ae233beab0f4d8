/** Why something is sent again is said on every channel, in the words of one table. */
import { expect, test } from 'vitest';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { alertLines } from '../../../bin/display/live/alert.ts';
import { alertDocumentSchema } from '../../../docs/alert-schema.ts';
import { chatWords } from '../../../lambda/alert/channels/chat/chat-words.ts';
import { customNotification } from '../../../lambda/alert/channels/pagers/amazon-q.ts';
import { jsmRequest } from '../../../lambda/alert/channels/pagers/jsm.ts';
import { pagerdutyEvent } from '../../../lambda/alert/channels/pagers/pagerduty.ts';
import { speechOf } from '../../../lambda/alert/channels/pagers/speech.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { summarizeAlert } from '../../../lambda/alert/words/first-line.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Again } from '../../../lambda/consensus/news/again.ts';
import { alert, context } from '../alerts.ts';

const since = '2026-11-22T05:08:00Z';
const hold = { why: 'window', what: 'patches', since, until: '2026-11-22T06:00:00Z' } as const;

/** Why, the subject, the beginning of the SMS, and what the first line ends with. */
const CASES: readonly (readonly [again: Again, title: string, lead: string, note: string])[] = [
  [{ why: 'step', since }, 'DOWN mx1', 'Not acknowledged: mx1 is DOWN', 'Nobody has acknowledged it'],
  [
    { why: 'reminder', since, number: 2 },
    'REMINDER 2: still DOWN mx1',
    'Reminder 2: mx1 is still DOWN',
    'Reminder 2: it is open',
  ],
  [{ why: 'held', since, hold }, 'DOWN mx1', 'Window patches is over: mx1 is DOWN', 'maintenance window patches'],
  [
    { why: 'held', since, hold: { ...hold, why: 'mute' } },
    'DOWN mx1',
    'No longer muted (patches): mx1',
    'and was muted: patches',
  ],
  [
    { why: 'held', since, hold: { ...hold, why: 'behind' } },
    'DOWN mx1',
    'patches is no longer down: mx1',
    'as part of patches',
  ],
  [{ why: 'held', since }, 'DOWN mx1', 'Since before these hours: mx1', 'outside the hours of this receiver'],
  [
    { why: 'acknowledged', since, by: 'ops' },
    'ACKNOWLEDGED: still DOWN mx1',
    'Acknowledged by ops: mx1 is still',
    'Acknowledged by ops:',
  ],
  [
    { why: 'acknowledged', since, by: 'ops', isFirst: true, hold: { ...hold, why: 'mute' } },
    'ACKNOWLEDGED: DOWN mx1',
    'Acknowledged by ops: mx1 is DOWN',
    '22 05:08:00 UTC, and was muted: patches.',
  ],
  [
    { why: 'acknowledged', since, by: 'ops', isFirst: true },
    'ACKNOWLEDGED: DOWN mx1',
    'Acknowledged by ops: mx1 is DOWN',
    'Acknowledged by ops: no more steps and reminders. It is open since',
  ],
  [
    { why: 'acknowledged', since, by: 'ops', hold: { ...hold, why: 'behind' } },
    'ACKNOWLEDGED: still DOWN mx1',
    'Acknowledged by ops: mx1 is still DOWN',
    '22 05:08:00 UTC, and was told as part of patches.',
  ],
  [
    { why: 'behind', since, behind: ['mx2', 'mx3'] },
    'still DOWN mx1',
    '2 down behind it (mx2, mx3): mx1',
    'Down behind it: mx2, mx3.',
  ],
];

const isUpdate = ({ why, isFirst }: Again) => (why === 'acknowledged' && isFirst !== true) || why === 'behind';

test.each(CASES)('%j', (again, title, lead, note) => {
  const one: Alert = { ...alert('down'), ...(isUpdate(again) ? { kind: 'update' } : {}), again };
  const message = { ...PLAIN, alert: one };
  const texts = alertTexts(one, context);
  expect(texts.subject).toContain(`] ${title}`);
  expect(texts.email).toContain(note);
  expect(texts.default).toContain(note);
  expect(texts.sms.slice(0, lead.length)).toBe(lead);
  expect(texts.sms.length).toBeLessThanOrEqual(160);
  const document = alertDocumentSchema.parse(JSON.parse(texts.https));
  expect(document.again).toEqual(again);
  expect(document.note).toContain(note);
  const chat = chatWords(message, context);
  expect([chat.title, chat.line]).toEqual([title, expect.stringContaining(note)]);
  expect(JSON.stringify(jsmRequest(message, context).body)).toContain(note);
  expect(JSON.stringify(customNotification(message, context))).toContain(note);
  expect(speechOf('monitor', summarizeAlert(one, context)).replace(/<[^>]*>/g, '')).toContain(
    note.replace('mx2, mx3.', 'mx2, mx3'),
  );
  const event = JSON.stringify(pagerdutyEvent(message, context).event);
  expect(event).toContain(again.why === 'acknowledged' ? '"acknowledge"' : note);
  const terminal = alertLines(message, context, screenOf({ isTTY: false } as NodeJS.WriteStream));
  expect(terminal.join('\n')).toContain(note);
});

test('names of people and windows are inert and bounded everywhere', () => {
  const hostile = `<!channel> \u001b[31m\u202e${'x'.repeat(70_000)}`;
  for (const again of [
    { why: 'acknowledged', since, by: hostile },
    { why: 'held', since, hold: { ...hold, what: hostile } },
    { why: 'behind', since, behind: Array(5_000).fill(hostile) },
  ] satisfies Again[]) {
    const texts = alertTexts({ ...alert('down'), again }, context);
    expect(texts.sms.length).toBeLessThanOrEqual(160);
    for (const text of Object.values(texts)) {
      expect([...text].some((sign) => '\u001b\u202e'.includes(sign))).toBe(false);
      expect(text.length).toBeLessThan(24_000);
    }
  }
});
