import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveryRules } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { GROUP_TIME } from '../../../lambda/alert/delivery/group-by-cause.ts';
import type { Alert, AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import { causedAt, GROUPED, runChannel, timesBySubject, wordsOf } from './channel-run.ts';
import { start } from './deliveries.ts';

const X = ['address:192.0.2.7', 'network:192.0.2.0/24', 'code:connect-timeout@us-east-1'];
const NEAR = ['address:192.0.2.8', 'network:192.0.2.0/24', 'code:connect-refused@us-east-1'];
const FAR = ['address:198.51.100.1', 'network:198.51.100.0/24', 'code:dns-failed@us-east-1'];
const EDITING: DeliveryRules = { ...GROUPED, canEdit: true };

const down = (seconds: number, id: string, causes: readonly string[] = X) => causedAt(seconds, 'down', id, causes);
const up = (seconds: number, id: string, causes: readonly string[] = X) => causedAt(seconds, 'recovered', id, causes);

const again = (seconds: number, id: string, why: 'acknowledged' | 'behind' | 'reminder', kind: AlertKind): Alert => {
  const alert = causedAt(seconds, kind, id, X);
  return { ...alert, again: { why, since: alert.at } };
};

test.each<[string, readonly Alert[], readonly string[], DeliveryRules?]>([
  ['one target is told as it is', [down(0, 'a')], ['0 down a (1)']],
  ['two at once are one message, at once', [down(0, 'a'), down(0, 'b')], ['0 address:192.0.2.7: 2 open, 0 over (2)']],
  [
    'later ones are one digest after 90 s',
    [down(0, 'a'), down(20, 'b'), down(80, 'c')],
    ['0 down a (1)', '90 address:192.0.2.7: 3 open, 0 over (2)'],
  ],
  [
    'what falls after 90 s begins a group of its own',
    [down(0, 'a'), down(20, 'b'), down(95, 'c'), down(100, 'd')],
    [
      '0 down a (1)',
      '90 address:192.0.2.7: 2 open, 0 over (1)',
      '95 down c (1)',
      '185 address:192.0.2.7: 2 open, 0 over (1)',
    ],
  ],
  [
    'a chat edits its message',
    [down(0, 'a'), down(5, 'b'), down(30, 'c')],
    ['0 down a (1)', '10 address:192.0.2.7: 2 open, 0 over (1) edit', '30 address:192.0.2.7: 3 open, 0 over (1) edit'],
    EDITING,
  ],
  [
    'a target with another cause is told by itself at once',
    [down(0, 'a'), down(20, 'z', FAR), down(30, 'b')],
    ['0 down a (1)', '20 down z (1)', '90 address:192.0.2.7: 2 open, 0 over (1)'],
  ],
  [
    'two outages that begin at once are two messages',
    [down(0, 'a'), down(0, 'b'), down(0, 'y', FAR), down(0, 'z', FAR)],
    ['0 address:192.0.2.7: 2 open, 0 over (2)', '0 address:198.51.100.1: 2 open, 0 over (2)'],
  ],
  [
    'a group is narrowed to what all share',
    [down(0, 'a'), down(20, 'b', NEAR), down(30, 'c', ['code:connect-timeout@us-east-1'])],
    ['0 down a (1)', '30 down c (1)', '90 network:192.0.2.0/24: 2 open, 0 over (1)'],
  ],
  [
    'an alert of another kind joins no group',
    [down(0, 'a'), causedAt(20, 'degraded', 'b', X)],
    ['0 down a (1)', '20 degraded b (1)'],
  ],
  [
    'who acknowledged each is no failure in another way',
    [
      ...[down(0, 'a'), down(0, 'b')],
      ...[again(200, 'a', 'acknowledged', 'update'), again(200, 'b', 'acknowledged', 'update')],
      again(200, 'c', 'behind', 'update'),
    ],
    ['0 address:192.0.2.7: 2 open, 0 over (2)', '200 update a (1)', '200 update b (1)', '200 update c (1)'],
  ],
  [
    'an acknowledgement joins no updates that are told together',
    [...[causedAt(0, 'update', 'a', X), causedAt(0, 'update', 'b', X)], again(20, 'c', 'acknowledged', 'update')],
    ['0 address:192.0.2.7: 2 open, 0 over (2)', '20 update c (1)'],
  ],
  [
    'reminders of several are one message',
    [again(0, 'a', 'reminder', 'down'), again(0, 'b', 'reminder', 'down')],
    ['0 address:192.0.2.7: 2 open, 0 over (2)'],
  ],
  [
    'when all are over, that is told at once',
    [down(0, 'a'), down(0, 'b'), up(200, 'a'), up(205, 'b')],
    ['0 address:192.0.2.7: 2 open, 0 over (2)', '205 address:192.0.2.7: 0 open, 2 over (2)'],
  ],
  [
    'a recovery waits 30 s at most for the others, and says which are still down',
    [down(0, 'a'), down(0, 'b'), down(0, 'c'), up(200, 'a'), up(210, 'b'), up(500, 'c')],
    ['0 address:192.0.2.7: 3 open, 0 over (3)', '230 address:192.0.2.7: 1 open, 2 over (2)', '500 recovered c (1)'],
  ],
  [
    'a target that fell and recovered before the digest is in it',
    [down(0, 'a'), down(10, 'b'), down(20, 'c'), up(60, 'b')],
    ['0 down a (1)', '90 address:192.0.2.7: 2 open, 1 over (3)'],
  ],
  [
    'the first one recovers before the digest',
    [down(0, 'a'), down(10, 'b'), up(60, 'a')],
    ['0 down a (1)', '60 recovered a (1)', '60 down b (1)'],
  ],
  [
    'an update of a target that waits for the digest comes after it',
    [down(0, 'a'), down(10, 'b'), causedAt(20, 'update', 'b', X)],
    ['0 down a (1)', '90 address:192.0.2.7: 2 open, 0 over (1)', '90 update b (1)'],
  ],
  [
    'group: false tells each at once',
    [down(0, 'a'), down(0, 'b'), down(10, 'c')],
    ['0 down a (1)', '0 down b (1)', '10 down c (1)'],
    { ...GROUPED, group: false },
  ],
  [
    'alerts of the previous release have no causes',
    [down(0, 'a', []), down(0, 'b', [])],
    ['0 down a (1)', '0 down b (1)'],
  ],
])('%s', (_, alerts, expected, rules = GROUPED) => {
  expect(runChannel(alerts, rules).told.map(wordsOf)).toEqual(expected);
});

/** Targets that each fail and recover several times, with causes of few places. */
const anyStorm = fc
  .array(
    fc.record({
      target: fc.constantFrom(...'abcdefghijkl'),
      at: fc.integer({ min: 0, max: 600 }),
      length: fc.integer({ min: 1, max: 400 }),
      place: fc.constantFrom(X, NEAR, FAR, []),
      hasUpdate: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((outages) => {
    const next = new Map<string, number>();
    return outages.flatMap(({ target, at, length, place, hasUpdate }): Alert[] => {
      const begin = Math.max(at, (next.get(target) ?? 0) + 1);
      next.set(target, begin + length + 1);
      const of = (seconds: number, kind: AlertKind) => causedAt(seconds, kind, target, place, begin);
      const update = hasUpdate && length > 2 ? [of(begin + 1, 'update')] : [];
      return [of(begin, 'down'), ...update, of(begin + length, 'recovered')];
    });
  });
const anyRules = fc.constantFrom(GROUPED, EDITING);

test('every alert is in exactly one message, and nothing is untold in the end', () => {
  fc.assert(
    fc.property(anyStorm, anyRules, (alerts, rules) => {
      const covered = runChannel(alerts, rules).told.flatMap(({ message }) => message.covers.map(({ alert }) => alert));
      expect(covered).toHaveLength(alerts.length);
      expect(new Set(covered)).toEqual(new Set(alerts));
    }),
  );
});

test('nothing waits for longer than a group, and alerts of a target stay in order', () => {
  fc.assert(
    fc.property(anyStorm, anyRules, (alerts, rules) => {
      const last = new Map<string, number>();
      for (const one of runChannel(alerts, rules).told)
        for (const [subject, times] of timesBySubject(one)) {
          expect(one.at - Math.min(...times)).toBeLessThanOrEqual(GROUP_TIME);
          expect(Math.min(...times)).toBeGreaterThanOrEqual(last.get(subject) ?? 0);
          last.set(subject, Math.max(...times));
        }
    }),
  );
});

test('the first page is as early as without groups, and so is any with a cause that no group has', () => {
  fc.assert(
    fc.property(anyStorm, anyRules, (alerts, rules) => {
      const told = runChannel(alerts, rules).told;
      const first = alerts.map(({ at }) => Date.parse(at)).sort((a, b) => a - b)[0];
      expect(told[0]?.at).toBe(Math.max(start, first ?? 0));
      const seen = new Set<string>();
      for (const alert of alerts.filter(({ kind }) => kind === 'down').toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
        const isNew = (alert.causes ?? []).every((cause) => !seen.has(cause));
        const message = told.find(({ message: { covers } }) => covers.some((delivery) => delivery.alert === alert));
        const before = alerts.filter(({ subject, at }) => subject === alert.subject && at < alert.at);
        if (isNew && before.length === 0) expect(message?.at).toBe(Date.parse(alert.at));
        for (const cause of alert.causes ?? []) seen.add(cause);
      }
    }),
  );
});

test('a group names only targets that share its cause', () => {
  fc.assert(
    fc.property(anyStorm, anyRules, (alerts, rules) => {
      const causes = new Map(alerts.map((alert) => [alert.incident?.id, alert.causes ?? []]));
      for (const { message } of runChannel(alerts, rules).told) {
        const group = message.alert.digest?.group;
        if (group === undefined) continue;
        for (const member of message.group?.members ?? []) expect(causes.get(member)).toContain(group.cause);
        for (const { alert } of message.covers) expect(causes.get(alert.incident?.id)).toContain(group.cause);
      }
    }),
  );
});
