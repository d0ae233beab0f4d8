/** What is sent again: reminders, steps and acknowledgements, in groups and above a limit. */
import { describe, expect, test } from 'vitest';
import { NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import { EACH_AT_ONCE } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { nextStep } from '../../../lambda/alert/delivery/send-or-wait.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Again } from '../../../lambda/consensus/news/again.ts';
import { context } from '../alerts.ts';
import { causedAt, GROUPED, runChannel, wordsOf } from './channel-run.ts';
import { deliveryOf, minute, start } from './deliveries.ts';

const SINCE = '2026-11-22T05:00:00Z';
const CAUSES = ['address:192.0.2.25'];

function againAt(seconds: number, subject: string, again: Again, causes = CAUSES): Alert {
  const alert = causedAt(seconds, again.why === 'acknowledged' ? 'update' : 'down', subject, causes);
  const id = `${alert.incident?.id}#1-down+room-${seconds}`;
  return { ...alert, id, again };
}

const notes: readonly (readonly [string, Again, string])[] = [
  [
    'reminders',
    { why: 'reminder', since: SINCE, number: 2 },
    'Reminder 2: they are open since 2026-11-22 05:00:00 UTC, and nobody has acknowledged them.',
  ],
  [
    'a step',
    { why: 'step', since: SINCE },
    'Nobody has acknowledged them; they are open since 2026-11-22 05:00:00 UTC.',
  ],
  [
    'the end of a window',
    { why: 'held', since: SINCE, hold: { why: 'window', what: 'patches', since: SINCE, until: null } },
    'They are open since 2026-11-22 05:00:00 UTC, and were not told in the maintenance window patches.',
  ],
];

test.each(notes)('a group says that it is of %s', (_, again, note) => {
  const [first] = runChannel(
    ['mx1', 'mx2', 'mx3'].map((name) => againAt(0, name, again)),
    GROUPED,
  ).told;
  if (first === undefined) throw new Error('no message');
  const { message } = first;
  expect(message.alert.again).toEqual(again);
  expect(alertTexts(message.alert, context, message).default).toContain(note);
});

test('a group of which one is new does not', () => {
  const [first] = runChannel(
    [againAt(0, 'mx1', { why: 'step', since: SINCE }), causedAt(0, 'down', 'mx2', CAUSES)],
    GROUPED,
  ).told;
  expect(first?.message.covers).toHaveLength(2);
  expect(first?.message.alert.again).toBeUndefined();
});

test('the quarter of the limit for first pages is not spent on what is known', () => {
  const known: readonly Again[] = [
    { why: 'reminder', since: SINCE, number: 1 },
    { why: 'acknowledged', since: SINCE, by: 'ops' },
    { why: 'behind', since: SINCE, behind: ['mx9'] },
  ];
  const alerts = [
    ...['a', 'b', 'c'].map((name, at) => causedAt(at, 'down', name, [])),
    ...known.map((again, at) => againAt(10 + at, 'a', again, [])),
    causedAt(60, 'down', 'd', []),
  ];
  const words = runChannel(alerts, { ...EACH_AT_ONCE, limit: 4 }).told.map(wordsOf);
  expect(words[3]).toMatch(/^60 down d/);
});

test.each<[Again['why'], boolean]>([
  ['step', true],
  ['held', true],
  ['reminder', false],
  ['acknowledged', false],
  ['behind', false],
])('of what is sent again because of "%s", the messages kept for first pages are used: %s', (why, isPage) => {
  const storm = Array.from({ length: 6 }, (_, at) => causedAt(at, 'down', `t${at}`, []));
  const again = againAt(20, 'old', { why, since: SINCE }, []);
  const { told } = runChannel([...storm, again], { ...GROUPED, limit: 8 });
  const at = told.find(({ message }) => message.covers.some(({ alert }) => alert.id === again.id))?.at ?? 0;
  expect(at - Date.parse(again.at) < 60_000).toBe(isPage);
});

const reminder = { why: 'reminder', since: SINCE, number: 1 } as const;

test('a target that falls after a reminder is told at once', () => {
  const alerts = [
    causedAt(0, 'down', 'mx1', CAUSES),
    againAt(900, 'mx1', reminder),
    causedAt(930, 'down', 'mx2', CAUSES),
  ];
  const { told } = runChannel(alerts, GROUPED);
  expect(told.map(({ at, message }) => [(at - start) / 1000, message.alert.subject])).toEqual([
    [0, 'mx1'],
    [900, 'mx1'],
    [930, 'mx2'],
  ]);
});

test('a recovery does not say that a target is down that recovers in the next message', () => {
  const names = ['mx1', 'mx2', 'mx3'];
  const alerts = [
    ...names.map((name) => causedAt(0, 'down', name, CAUSES)),
    againAt(600, 'mx3', reminder),
    ...names.map((name) => causedAt(700, 'recovered', name, CAUSES)),
  ];
  const lines = runChannel(alerts, GROUPED).told.map(
    ({ message }) => alertTexts(message.alert, context, message).default,
  );
  expect(lines.filter((line) => line.includes('still down'))).toEqual([]);
  expect(lines.some((line) => line.startsWith('2 mail servers at 192.0.2.25 are up again: mx1, mx2'))).toBe(true);
});

describe('a channel that took nothing for a time', () => {
  const to = (alert: Alert, ...receivers: string[]): Alert => ({ ...alert, to: receivers });
  const reminders = [900, 960, 1020].map((at, place) => againAt(at, 'mx1', { ...reminder, number: place + 1 }));
  const first = { ...causedAt(0, 'down', 'mx1', CAUSES), id: `${reminders[0]?.incident?.id}#1-down` };
  const after = (alerts: readonly Alert[], rules = GROUPED) => {
    const state = { ...NEW_CHANNEL, lastTry: isoSeconds(start + 1_080_000) };
    const pending = alerts.map((alert) => deliveryOf(alert));
    const step = nextStep(pending, state, start + 1_080_000, minute, rules);
    if (step.kind !== 'send') throw new Error(step.kind);
    return { covers: step.message.covers.length, ...alertTexts(step.message.alert, context, step.message) };
  };

  test.each<[string, readonly Alert[], RegExp, number]>([
    ['of reminders it gets the last one', reminders, /^mx1 .* is still DOWN .* Reminder 3: /, 3],
    ['reminders of an alert that is pending too are that alert', [first, ...reminders], /^mx1 \(.*\) is DOWN since/, 4],
    [
      'a reminder to others has a message of its own, and is not a second target',
      [first, ...reminders].map((alert, place) => to(alert, place === 0 ? 'a' : 'b')),
      /^mx1 \(.*\) is DOWN since/,
      1,
    ],
    [
      'a target is counted once in a group',
      [first, ...reminders, causedAt(30, 'down', 'mx2', CAUSES)],
      /^2 mail servers at 192\.0\.2\.25 are down .*: mx1, mx2$/,
      5,
    ],
    [
      'a group of reminders says that it is of the last ones',
      ['mx1', 'mx2'].flatMap((name) => [1, 2].map((number) => againAt(900 + number, name, { ...reminder, number }))),
      /^2 mail servers at .*: mx1, mx2\. Reminder 2: /,
      4,
    ],
  ])('%s', (_, alerts, line, count) => {
    const { default: text, covers } = after(alerts);
    expect(text).toMatch(line);
    expect(covers).toBe(count);
  });
});
