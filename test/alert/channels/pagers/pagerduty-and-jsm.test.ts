import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { incidentKey } from '../../../../lambda/alert/channels/pagers/incident-of-alert.ts';
import { jsmSender } from '../../../../lambda/alert/channels/pagers/jsm.ts';
import { pagerdutySender } from '../../../../lambda/alert/channels/pagers/pagerduty.ts';
import type { Sender } from '../../../../lambda/alert/channels/sender.ts';
import { type FakeJsm, startJsm } from '../../../fakes/jsm.ts';
import { type FakePagerDuty, startPagerDuty } from '../../../fakes/pagerduty.ts';
import { incident } from '../../alerts.ts';
import {
  acknowledged,
  acknowledgedBefore,
  closed,
  message,
  pagerKey,
  recordingPorts,
  recovered,
  rotatedKey,
  send,
} from './worlds.ts';

const place = { secret: 'pagers/key' };
let pagerduty: FakePagerDuty;
let jsm: FakeJsm;

beforeEach(async () => {
  [pagerduty, jsm] = await Promise.all([
    startPagerDuty({ keys: [pagerKey, rotatedKey], limit: 5 }),
    startJsm({ key: pagerKey, limit: 5 }),
  ]);
});
afterEach(async () => {
  await Promise.all([pagerduty.close(), jsm.close()]);
});

function toPagerDuty(ports = recordingPorts(), timeout?: number): Sender {
  return pagerdutySender({ kind: 'pagerduty', routingKey: place, url: pagerduty.url }, ports, timeout);
}

function toJsm(ports = recordingPorts(), timeout?: number): Sender {
  return jsmSender({ kind: 'jsm', apiKey: place, url: jsm.url }, ports, timeout);
}

describe('PagerDuty', () => {
  test('an incident is one alert there, from its beginning to its end', async () => {
    const sender = toPagerDuty();
    expect(await send(sender, message('degraded', { is: 'degraded' }))).toEqual({ taken: true, answer: 'HTTP 202' });
    expect(pagerduty.alerts).toMatchObject([{ state: 'triggered', severity: 'warning' }]);
    await send(sender, message('update', { id: 'mx1#2' }));
    expect(pagerduty.alerts).toMatchObject([{ state: 'triggered', severity: 'critical', triggers: 2 }]);
    await send(sender, acknowledged());
    expect(pagerduty.alerts).toMatchObject([{ state: 'acknowledged' }]);
    await send(sender, recovered);
    expect(pagerduty.alerts).toMatchObject([{ state: 'resolved', dedupKey: `smtp-quorum/${incident.id}` }]);
    expect(pagerduty.dropped).toBe(0);
  });

  test.each(['down', 'update', 'flapping', 'degraded', 'unknown'] as const)(
    'after the end, %s of the same incident opens nothing',
    async (kind) => {
      const sender = toPagerDuty();
      await send(sender, message('down'));
      await send(sender, recovered);
      await send(sender, message(kind, { incident: closed }));
      expect(pagerduty.alerts).toMatchObject([{ state: 'resolved', triggers: 1 }]);
    },
  );

  test('what is acknowledged under another key is dropped there, and the alert stays open', async () => {
    await send(toPagerDuty(), message('down'));
    await send(toPagerDuty(recordingPorts([rotatedKey])), acknowledged());
    expect(pagerduty.alerts).toMatchObject([{ state: 'triggered' }]);
    expect(pagerduty.dropped).toBe(1);
  });

  test('what was acknowledged before it is told is triggered and acknowledged', async () => {
    expect(await send(toPagerDuty(), acknowledgedBefore())).toEqual({ taken: true, answer: 'HTTP 202' });
    expect(pagerduty.alerts).toMatchObject([{ state: 'acknowledged', triggers: 1, severity: 'critical' }]);
    expect(pagerduty.dropped).toBe(0);
  });

  test('if the acknowledgement of it is refused, both are sent again', async () => {
    const sender = toPagerDuty();
    for (let nth = 0; nth < 4; nth += 1) await send(sender, message('changed', { incident: null, is: 'up' }));
    expect(await send(sender, acknowledgedBefore())).toMatchObject({ taken: false, retryAfter: 30_000 });
    expect(pagerduty.alerts).toMatchObject([{ state: 'triggered' }]);
  });

  test('a changed fact opens nothing: it is an event of the API of changes', async () => {
    await send(toPagerDuty(), message('changed', { incident: null, is: 'up' }));
    expect([pagerduty.alerts.length, pagerduty.changes.length]).toEqual([0, 1]);
  });

  test.each([
    ['down', {}, 'critical'],
    ['listed', {}, 'critical'],
    ['bounces', {}, 'warning'],
    ['posture', {}, 'warning'],
    ['test', { incident: null }, 'info'],
    ['down', { severity: 'warning' }, 'warning'],
  ] as const)('the severity of %s %j is %s', async (kind, changed, severity) => {
    await send(toPagerDuty(), message(kind, changed as object));
    expect(pagerduty.alerts).toMatchObject([{ severity }]);
  });

  test('above the limit of the key it is tried again after half a minute', async () => {
    const sender = toPagerDuty();
    for (let nth = 0; nth < 5; nth += 1) expect((await send(sender, message('down'))).taken).toBe(true);
    expect(await send(sender, message('down'))).toEqual({
      taken: false,
      words: 'HTTP 429: Requests for this service are arriving too quickly.',
      retryAfter: 30_000,
    });
  });
});

describe('Jira Service Management', () => {
  test('an incident is one alert there, by its alias, with who acknowledged it', async () => {
    const sender = toJsm();
    expect(await send(sender, message('down'))).toEqual({ taken: true, answer: 'HTTP 202' });
    await send(sender, message('update', { id: 'mx1#2' }));
    expect(jsm.alerts).toMatchObject([{ status: 'open', count: 2, priority: 'P1', isAcknowledged: false }]);
    await send(sender, acknowledged());
    expect(jsm.alerts).toMatchObject([{ isAcknowledged: true }]);
    await send(sender, recovered);
    expect(jsm.alerts).toMatchObject([{ status: 'closed', alias: `smtp-quorum/${incident.id}` }]);
    expect(jsm.alerts[0]?.notes).toHaveLength(4);
    await send(sender, message('down', { incident: closed }));
    expect(jsm.alerts).toHaveLength(1);
  });

  test('what was acknowledged before it is told is made and acknowledged', async () => {
    expect(await send(toJsm(), acknowledgedBefore())).toEqual({ taken: true, answer: 'HTTP 202' });
    expect(jsm.alerts).toMatchObject([{ status: 'open', count: 1, isAcknowledged: true }]);
  });

  test('above the limit it is tried again when the service says', async () => {
    for (let nth = 0; nth < 5; nth += 1) await send(toJsm(), message('down'));
    expect(await send(toJsm(), message('down'))).toEqual({
      taken: false,
      words: 'HTTP 429: You are making too many requests!',
      retryAfter: 20_000,
    });
  });
});

describe.each([
  ['PagerDuty', () => pagerduty, toPagerDuty],
  ['Jira Service Management', () => jsm, toJsm],
] as const)('%s that does not work', (_, fake, senderTo) => {
  test('fails twice, and then takes the alert: one alert there', async () => {
    fake().instead.push({ status: 500, body: 'oops' }, { status: 502, body: {} });
    const results = [];
    for (let nth = 0; nth < 3; nth += 1) results.push(await send(senderTo(), message('down')));
    expect(results.map(({ taken }) => taken)).toEqual([false, false, true]);
    expect(results[0]).toEqual({ taken: false, words: 'HTTP 500', retryAfter: null });
    expect([pagerduty.alerts.length, jsm.alerts.length].sort()).toEqual([0, 1]);
  });

  test('hangs: the attempt ends', async () => {
    fake().instead.push('hang');
    expect(await send(senderTo(recordingPorts(), 200), message('down'))).toEqual({
      taken: false,
      words: 'no reply in time',
      retryAfter: null,
    });
  });

  test('ends with the monitor', async () => {
    fake().instead.push('hang');
    const stop = new AbortController();
    const sent = senderTo()(message('down'), stop.signal);
    stop.abort();
    expect(await sent).toMatchObject({ taken: false, words: 'stopped' });
  });

  test.each([200, 202])('answers %i with an error in the body', async (status) => {
    fake().instead.push({ status, body: { status: 'invalid event', message: 'no such thing', errors: ['bad\u202e'] } });
    expect(await send(senderTo(), message('down'))).toMatchObject({
      taken: false,
      words: `HTTP ${status}: no such thing: bad\\u{202e}`,
    });
  });

  test('answers without end', async () => {
    fake().instead.push({ status: 500, body: `{"message":"${'x'.repeat(3_000_000)}"}` });
    expect(await send(senderTo(), message('down'))).toMatchObject({ taken: false, words: 'HTTP 500' });
  });

  test('is not there', async () => {
    await fake().close();
    expect(await send(senderTo(), message('down'))).toMatchObject({ taken: false, words: 'ECONNREFUSED' });
  });

  test('redirects: the key goes nowhere else', async () => {
    fake().instead.push({ status: 307, headers: { location: `${fake().url}/elsewhere` }, body: {} });
    expect(await send(senderTo(), message('down'))).toMatchObject({ taken: false, words: 'HTTP 307' });
    expect(fake().requests).toHaveLength(1);
  });

  test('a rotated key is read again once, and used', async () => {
    const ports = recordingPorts(['R0000000000000000000000000000000', pagerKey]);
    expect(await send(senderTo(ports), message('down'))).toMatchObject({ taken: true });
    expect(ports.reads).toEqual([undefined, 'R0000000000000000000000000000000']);
  });

  test('a wrong key is refused without it', async () => {
    const ports = recordingPorts(['R0000000000000000000000000000000']);
    const result = await send(senderTo(ports), message('down'));
    expect(result.taken).toBe(false);
    expect(JSON.stringify(result)).not.toContain('R0000');
    expect(fake().requests).toHaveLength(1);
  });

  test('a service that repeats the key is not repeated', async () => {
    fake().instead.push({ status: 400, body: { message: `who is ${pagerKey}?` } });
    expect(await send(senderTo(), message('down'))).toMatchObject({ words: 'HTTP 400: who is ***?' });
  });

  test.each([
    ['throws', async () => Promise.reject(new Error(`denied: ${pagerKey}`)), 'secret pagers/key cannot be read: Error'],
    ['is empty', async () => ' \n', 'secret pagers/key cannot be read: it is empty'],
    ['is never read', () => new Promise<string>(() => {}), 'secret pagers/key cannot be read: TimeoutError'],
  ])('a secret that %s is told by its name', async (_why, secret, words) => {
    expect(await send(senderTo({ ...recordingPorts(), secret }, 300), message('down'))).toEqual({
      taken: false,
      words,
      retryAfter: null,
    });
    expect(fake().requests).toEqual([]);
  });
});

test('keys are printable, short enough and different', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 30 }));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const keys = [one, other].map((id) => incidentKey('mail', { id: 'x', incident: { ...incident, id } }));
      for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
      expect(keys[0] === keys[1]).toBe(one === other);
    }),
  );
});
