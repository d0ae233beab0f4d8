/** What each service gets of each kind of alert. Read the difference before you accept it with `-u`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customNotification } from '../../../../lambda/alert/channels/pagers/amazon-q.ts';
import { actionsOf } from '../../../../lambda/alert/channels/pagers/incident-of-alert.ts';
import { jsmRequest } from '../../../../lambda/alert/channels/pagers/jsm.ts';
import { pagerdutyEvent } from '../../../../lambda/alert/channels/pagers/pagerduty.ts';
import { voiceCall } from '../../../../lambda/alert/channels/pagers/phone.ts';
import type { SentMessage } from '../../../../lambda/alert/channels/sender.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import type { AlertKind } from '../../../../lambda/consensus/judgement/incident.ts';
import { anyAlert, context } from '../../alerts.ts';
import { acknowledged, acknowledgedBefore, closed, isWhole, message, recovered } from './worlds.ts';

const open: readonly AlertKind[] = [
  'down',
  'degraded',
  'unknown',
  'update',
  'flapping',
  'blind',
  'undelivered',
  'posture',
  'listed',
  'trip',
  'bounces',
];
const over: readonly AlertKind[] = ['posture-over', 'delisted', 'trip-over', 'bounces-over'];
const reason = 'the reason in words';
const digest = {
  count: 7,
  first: '2026-11-22T05:00:00Z',
  last: '2026-11-22T05:08:00Z',
  kinds: { down: 7 },
  subjects: ['mx1', 'mx2'],
  ids: [],
};

const messages: Readonly<Record<string, SentMessage>> = {
  ...Object.fromEntries(open.map((kind) => [kind, message(kind, { reason })])),
  ...Object.fromEntries(over.map((kind) => [kind, message(kind, { is: 'up', incident: closed, reason })])),
  recovered,
  acknowledged: acknowledged(),
  'acknowledged while muted': acknowledgedBefore(),
  changed: message('changed', { incident: null, is: 'up', reason }),
  digest: message('digest', { incident: null, digest }),
  test: message('test', { incident: null, is: 'up', subject: 'test', reason: 'sent by hand' }),
  late: { ...message('down'), sent: '2026-11-22T09:00:00Z', turned: { verdict: 'up', since: '2026-11-22T06:00:00Z' } },
};

const phone = {
  kind: 'phone',
  number: '+15555550100',
  from: '+15555550101',
  voice: 'MATTHEW',
  mostPerMinute: 0.1,
} as const;

const services = {
  pagerduty: (one: SentMessage) =>
    actionsOf(one.alert).map((action) => withoutEvidence(pagerdutyEvent(one, context, action))),
  jsm: (one: SentMessage) => actionsOf(one.alert).map((action) => withoutEvidence(jsmRequest(one, context, action))),
  'amazon-q': (one: SentMessage) => customNotification(one, context),
  phone: (one: SentMessage) => voiceCall(phone, one, context).ssml.replaceAll('<break', '\n<break'),
};

/** The text of the e-mail has golden files of its own: here its first line. */
function withoutEvidence(request: object): unknown {
  return JSON.parse(JSON.stringify(request), (key, value) =>
    (key === 'text' || key === 'description') && typeof value === 'string' ? value.split('\n')[0] : value,
  );
}

test.each(Object.keys(services) as (keyof typeof services)[])('%s', async (service) => {
  const text = Object.entries(messages).map(([name, one]) => {
    const sent = [services[service](one)].flat();
    const requests = sent.map((request) => (typeof request === 'string' ? request : JSON.stringify(request, null, 2)));
    return `# ${name}\n${requests.join('\n')}\n`;
  });
  await expect(text.join('\n')).toMatchFileSnapshot(`./golden/${service}.txt`);
});

test('any alert keeps to the published limits, and is never cut within a character', () => {
  fc.assert(
    fc.property(anyAlert, (one) => {
      const sent = { ...PLAIN, alert: one };
      const event = pagerdutyEvent(sent, context).event as { dedup_key?: string; payload?: { summary: string } };
      expect((event.payload?.summary ?? '').length).toBeLessThanOrEqual(1024);
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512_000);
      const { body } = jsmRequest(sent, context) as { body: Record<string, string> };
      const most = { message: 130, alias: 512, description: 15_000, entity: 512, source: 100, note: 25_000 };
      for (const [field, length] of Object.entries(most))
        expect((body[field] ?? '').length).toBeLessThanOrEqual(length);
      for (const text of [
        event.payload?.summary ?? '',
        ...Object.values(body).filter((value) => typeof value === 'string'),
      ]) {
        expect(isWhole(text)).toBe(true);
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\p{Cc}(?<!\n)/u);
      }
    }),
  );
});
