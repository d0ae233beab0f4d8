import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subscriberId } from '../../../../lambda/alert/channels/channel-ids.ts';
import { afterCounting, afterMessage } from '../../../../lambda/alert/delivery/after-send.ts';
import { NEW_CHANNEL } from '../../../../lambda/alert/delivery/delivery.ts';
import { type DeliveryRules, deliveryRules } from '../../../../lambda/alert/delivery/delivery-rules.ts';
import { nextStep } from '../../../../lambda/alert/delivery/send-or-wait.ts';
import type { Config } from '../../../../lambda/config/config.ts';
import type { Alert, AlertKind } from '../../../../lambda/consensus/judgement/incident.ts';
import { causedAt, runChannel, type Told } from '../channel-run.ts';
import { deliveryOf, minute, start } from '../deliveries.ts';

const HOUR = 60 * minute;
const TOPIC = { kind: 'topic', id: 'topic', when: 'all' } as const;
const MAIL = { kind: 'email', address: 'ops@example.com' } as const;
const SMS = { kind: 'sms', number: '+15555550100' } as const;
const [mail, sms] = [subscriberId(MAIL), subscriberId(SMS)];

/** An address that wants all, and a number with few messages. */
function rulesOf(limits: { readonly mail?: number; readonly sms?: number }): DeliveryRules {
  const notify = [
    { ...MAIL, when: ['down', 'recovered', 'degraded'], ...(limits.mail === undefined ? {} : { limit: limits.mail }) },
    { ...SMS, when: ['down', 'recovered'], ...(limits.sms === undefined ? {} : { limit: limits.sms }) },
  ];
  return deliveryRules(TOPIC, { notify } as unknown as Pick<Config, 'notify'>);
}

/** Who gets a message: those that it names, or whose `when` has it. */
function receiversOf({ message: { alert } }: Told, rules: DeliveryRules): readonly string[] {
  const { to } = alert;
  return rules.receivers
    .filter((one) => (to === undefined ? one.wants(alert) : to.includes(one.id)))
    .map(({ id }) => id);
}

test('by default an address gets 60 messages an hour, a number 20, and the topic has room for both', () => {
  const rules = rulesOf({});
  expect(rules.receivers.map(({ id, limit }) => [id, limit])).toEqual([
    [mail, 60],
    [sms, 20],
  ]);
  expect(rules.limit).toBe(80);
});

test('who is above the limit is left out, and told later how many there were', () => {
  const rules = rulesOf({ sms: 4 });
  const alerts = Array.from({ length: 7 }, (_, at) => causedAt(at * 10, 'down', `t${at}`, []));
  const { told, ends } = runChannel(alerts, rules);
  const ofSms = told.filter((one) => receiversOf(one, rules).includes(sms));
  expect(ofSms.map(({ at, message: { alert } }) => [(at - start) / 1000, alert.kind, alert.digest?.count])).toEqual([
    [0, 'down', undefined],
    [10, 'down', undefined],
    [20, 'down', undefined],
    [30, 'down', undefined],
    [3610, 'digest', 3],
  ]);
  expect(told.filter((one) => receiversOf(one, rules).includes(mail))).toHaveLength(7);
  expect(ends).toBe(start + 3610_000);
});

test('a message for one receiver is not folded with one for another', () => {
  const alerts = Array.from({ length: 12 }, (_, at) => ({
    ...causedAt(0, 'down', `t${at}`, ['address:192.0.2.7']),
    to: [at < 6 ? mail : sms],
  }));
  const { told } = runChannel(alerts, rulesOf({}));
  expect(told.map(({ message: { alert, covers } }) => [alert.to, covers.length]).toSorted()).toEqual(
    [
      [[mail], 6],
      [[sms], 6],
    ].toSorted(),
  );
});

const anyAlerts = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 4 * 3600 }),
      kind: fc.constantFrom<AlertKind[]>('down', 'recovered', 'degraded'),
      to: fc.constantFrom(undefined, [mail], [sms], [mail, sms]),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((all) =>
    all.map(({ at, kind, to }, number): Alert => {
      const alert = causedAt(at, kind, `t${number}`, []);
      return to === undefined ? alert : { ...alert, to };
    }),
  );

test('no receiver gets more than its limit in any hour, and each alert reaches all that it is for', () => {
  const limits = fc.record({ mail: fc.integer({ min: 1, max: 30 }), sms: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(anyAlerts, limits, (alerts, limit) => {
      const rules = rulesOf(limit);
      const { told, state } = runChannel(alerts, rules);
      for (const receiver of rules.receivers) {
        const own = told.filter((one) => receiversOf(one, rules).includes(receiver.id));
        for (const { at } of own)
          expect(own.filter((other) => other.at >= at && other.at < at + HOUR).length).toBeLessThanOrEqual(
            receiver.limit,
          );
        const wanted = alerts.filter((alert) => alert.to?.includes(receiver.id) ?? receiver.wants(alert));
        const direct = own.flatMap(({ message }) => message.covers.map(({ alert }) => alert));
        const later = own.filter(({ message }) => message.covers.length === 0);
        const counted = later.reduce((sum, { message }) => sum + (message.alert.digest?.count ?? 0), 0);
        expect(direct.filter((alert) => wanted.includes(alert)).length + counted).toBeGreaterThanOrEqual(wanted.length);
        expect(state.receivers?.[receiver.id]?.untold).toBeUndefined();
      }
    }),
  );
});

test('who is left out of a message is stored before it is sent, once, also if a crash repeats it', () => {
  const rules = rulesOf({ sms: 4 });
  const at = start + minute;
  const full = { ...NEW_CHANNEL, receivers: { [sms]: { sent: [start, start, start, start] } } };
  const missed = { ...causedAt(60, 'down', 't1', []), to: [mail, sms] };
  const step = nextStep([deliveryOf(missed)], full, at, minute, rules);
  if (step.kind !== 'send') throw new Error(`it is ${step.kind}`);
  expect(step.message.leftOut).toEqual([sms]);
  const before = afterCounting(full, step.message, rules, at);
  const again = afterCounting(before, step.message, rules, at);
  for (const state of [before, again, afterMessage('topic', again, step.message, at)])
    expect(state.receivers?.[sms]?.untold).toMatchObject({ count: 1, ids: [missed.id] });
});
