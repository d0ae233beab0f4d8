import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Delivery, NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import { EACH_AT_ONCE } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { lineOf } from '../../../lambda/alert/delivery/line.ts';
import { type Message, reportsOldVerdict, withPresentVerdict } from '../../../lambda/alert/delivery/message.ts';
import { nextStep } from '../../../lambda/alert/delivery/send-or-wait.ts';
import type { Alert, AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { alertAt, deliveryOf, domainAlertAt, minute, pendingOf, start } from './deliveries.ts';

/** The message of a channel that was tried lately. */
function nextMessage(pending: readonly Delivery[], now: number): Message {
  const step = nextStep(pending, { ...NEW_CHANNEL, lastTry: isoSeconds(now) }, now, 0, EACH_AT_ONCE);
  if (step.kind !== 'send') throw new Error(step.kind);
  return step.message;
}

/** Every message of a channel that takes all of them. */
function messagesOf(pending: readonly Delivery[], now: number): Message[] {
  const messages: Message[] = [];
  let rest = pending;
  for (let [first] = rest; first !== undefined; [first] = rest) {
    const message = nextMessage([first, ...rest.slice(1)], now);
    messages.push(message);
    rest = rest.filter((delivery) => !message.covers.includes(delivery));
  }
  return messages;
}

const kindsOf = (messages: readonly Message[]) =>
  messages.map(({ alert, covers }) => `${alert.kind} ${alert.subject} (${covers.length})`);

test.each([
  ['one alert is one message', [alertAt(1, 'down', 'a')], ['down a (1)']],
  [
    'a recovery takes the place of its DOWN',
    [alertAt(1, 'down', 'a'), alertAt(2, 'recovered', 'a')],
    ['recovered a (2)'],
  ],
  [
    'also of updates between',
    [alertAt(1, 'down', 'a'), alertAt(2, 'update', 'a'), alertAt(3, 'recovered', 'a')],
    ['recovered a (3)'],
  ],
  [
    'not of the DOWN of the next incident',
    [alertAt(1, 'down', 'a'), alertAt(2, 'recovered', 'a'), alertAt(3, 'down', 'a', 2)],
    ['recovered a (2)', 'down a (1)'],
  ],
  ['a recovery alone is a message', [alertAt(2, 'recovered', 'a')], ['recovered a (1)']],
  [
    'two targets are told in their order',
    [alertAt(1, 'down', 'a'), alertAt(2, 'down', 'b'), alertAt(3, 'recovered', 'b')],
    ['down a (1)', 'recovered b (2)'],
  ],
  [
    'five of one kind are five messages',
    'abcde'.split('').map((id) => alertAt(1, 'down', id)),
    'abcde'.split('').map((id) => `down ${id} (1)`),
  ],
  [
    'six of one kind are a digest',
    'abcdef'.split('').map((id) => alertAt(1, 'down', id)),
    ['down a (1)'].slice(1).concat('digest digest (6)'),
  ],
  [
    'six that went down and recovered are a digest of twelve',
    'abcdef'.split('').flatMap((id) => [alertAt(1, 'down', id), alertAt(2, 'recovered', id)]),
    ['digest digest (12)'],
  ],
  [
    'a digest does not overtake another kind of the same target',
    [...'abcdef'.split('').map((id) => alertAt(1, 'down', id)), alertAt(2, 'unknown', 'g'), alertAt(3, 'down', 'g')],
    ['digest digest (6)', 'unknown g (1)', 'down g (1)'],
  ],
  ...(['listed delisted', 'posture posture-over', 'bounces bounces-over', 'trip trip-over'] as const).map(
    (kinds): [string, Alert[], string[]] => {
      const [begin, end] = kinds.split(' ') as [AlertKind, AlertKind];
      return [
        `an end of ${begin} takes the place of nothing: each alert has findings of its own`,
        [domainAlertAt(1, begin, 'a'), domainAlertAt(2, end, 'a')],
        [`${begin} a (1)`, `${end} a (1)`],
      ];
    },
  ),
])('%s', (_, alerts, expected) => {
  expect(kindsOf(messagesOf(pendingOf(...alerts), start))).toEqual(expected);
});

test('a digest of targets that recovered counts their DOWNs, and says that they are up', () => {
  const alerts = 'abcdef'.split('').flatMap((id) => [alertAt(1, 'down', id), alertAt(2, 'recovered', id)]);
  const { alert } = nextMessage(pendingOf(...alerts), start);
  expect([alert.is, alert.digest?.count, alert.digest?.kinds]).toEqual(['up', 12, { down: 6, recovered: 6 }]);
});

test('a recovery that takes the place of a DOWN names it', () => {
  const message = nextMessage(pendingOf(alertAt(1, 'down', 'a'), alertAt(2, 'recovered', 'a')), start);
  expect(message.replaces.map(({ kind }) => kind)).toEqual(['down']);
  expect(message.alert.id).toMatch(/recovered$/);
});

test.each([
  [59, null],
  [61, '2026-11-22T06:01:00Z'],
])('an alert that is sent after %i minutes has the time %s', (minutes, sent) => {
  expect(nextMessage([deliveryOf(alertAt(0, 'down', 'a'))], start + minutes * minute).sent).toBe(sent);
});

test('a late alert says what the verdict is now, if that has turned', () => {
  const judgement = { target: 'a', since: '2026-11-22T05:30:00Z', incident: null, owed: [] };
  const late = nextMessage([deliveryOf(alertAt(0, 'down', 'a'))], start + 61 * minute);
  expect(reportsOldVerdict(late)).toBe(true);
  expect(withPresentVerdict(late, { ...judgement, verdict: 'up' }).turned).toEqual({
    verdict: 'up',
    since: '2026-11-22T05:30:00Z',
  });
  expect(withPresentVerdict(late, { ...judgement, verdict: 'down' }).turned).toBeNull();
  expect(withPresentVerdict(late, null).turned).toBeNull();
});

const LINES = ['down', 'posture', 'bounces', 'trip'] as const;
const one = (minutes: number, kind: AlertKind, id: string) =>
  kind === 'down' ? alertAt(minutes, kind, id) : domainAlertAt(minutes, kind, id);

test.each(LINES.flatMap((kind) => LINES.flatMap((other) => (other === kind ? [] : [[kind, other] as const]))))(
  'an alert of kind %s does not wait for one of kind %s that has its subject',
  (kind, other) => {
    const later = 'acdef'.split('').map((id) => one(3, kind, id));
    const { covers } = nextMessage(pendingOf(one(1, kind, 'b'), one(2, other, 'a'), ...later), start);
    expect(covers.map(({ alert }) => `${alert.kind} ${alert.subject}`)).toEqual(
      'bacdef'.split('').map((id) => `${kind} ${id}`),
    );
  },
);

test.each(['listed', 'posture-over', 'bounces', 'trip'] as const)('a late alert of kind %s has no verdict', (kind) => {
  const late = nextMessage([deliveryOf(domainAlertAt(0, kind, 'a'))], start + 61 * minute);
  expect([late.sent, reportsOldVerdict(late)]).toEqual(['2026-11-22T06:01:00Z', false]);
});

const DOMAIN_KINDS: ReadonlySet<AlertKind> = new Set(['listed', 'delisted', 'bounces', 'bounces-over', 'trip']);
const anyKind = fc.constantFrom<AlertKind[]>(
  'down',
  'recovered',
  'update',
  'degraded',
  'unknown',
  'changed',
  ...DOMAIN_KINDS,
);
const anyAlert = fc
  .record({ kind: anyKind, subject: fc.constantFrom('a', 'b', 'c', 'd'), number: fc.integer({ min: 1, max: 3 }) })
  .map(({ kind, subject, number }) => ({ kind, subject, number: kind === 'changed' ? null : number }));
const anyPending = fc
  .array(anyAlert, { minLength: 1, maxLength: 40 })
  .map((alerts) =>
    pendingOf(
      ...alerts.map(({ kind, subject, number }, at) =>
        DOMAIN_KINDS.has(kind) ? domainAlertAt(at, kind, subject) : alertAt(at, kind, subject, number),
      ),
    ),
  );

test('every delivery ends with exactly one message', () => {
  fc.assert(
    fc.property(anyPending, (pending) => {
      const covered = messagesOf(pending, start).flatMap(({ covers }) => covers);
      expect(covered).toHaveLength(pending.length);
      expect(new Set(covered)).toEqual(new Set(pending));
    }),
  );
});

test('alerts of one line are covered in their order', () => {
  fc.assert(
    fc.property(anyPending, (pending) => {
      const messages = messagesOf(pending, start);
      const placeOf = new Map(messages.flatMap(({ covers }, at) => covers.map((delivery) => [delivery, at] as const)));
      for (const [later, one] of pending.entries())
        for (const earlier of pending.slice(0, later))
          if (lineOf(earlier.alert) === lineOf(one.alert))
            expect(placeOf.get(earlier)).toBeLessThanOrEqual(placeOf.get(one) ?? -1);
    }),
  );
});

test('no more than five messages of one kind for targets that have one alert each', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
      const alerts = Array.from({ length: count }, (_, at) => alertAt(1, 'down', `t${at}`));
      expect(messagesOf(pendingOf(...alerts), start).length).toBe(count > 5 ? 1 : count);
    }),
  );
});
