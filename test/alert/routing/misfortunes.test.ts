/** Routing when the clock, the config or the number of targets changes in the middle of an incident. */
import { describe, expect, test } from 'vitest';
import type { RoutedEntry } from '../../../lambda/alert/routing/entry.ts';
import { passOfTime } from '../../../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../../../lambda/alert/routing/take-alert.ts';
import { againLead } from '../../../lambda/alert/words/again/again-note.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { alertAt, minute, start } from '../delivery/deliveries.ts';
import { contextOf, entry, ODD } from './routing-world.ts';

const DOWN = alertAt(0, 'down', 'mx1', 0);
const begin = (entries: readonly RoutedEntry[], now = start) => takeAlert(null, DOWN, contextOf(entries), now);

/** A pass each minute; what was told is handed over after each. */
function watch(
  before: Notification,
  entries: readonly RoutedEntry[],
  from: number,
  minutes: number,
  behind: readonly string[] = [],
) {
  let notification = { ...before, owed: [] as Notification['owed'] };
  const told: string[] = [];
  const texts: string[] = [];
  for (let at = 0; at <= minutes; at++) {
    const now = from + at * minute;
    const next = passOfTime(notification, contextOf(entries), now, { isOver: false, acknowledged: null, behind });
    for (const { to = [], again, kind } of next.owed) {
      if (again !== undefined) texts.push(againLead(again));
      told.push(`${at} ${to.join('+')} ${again?.why ?? kind}`);
    }
    notification = { ...next, owed: [] };
  }
  return { told, texts, notification };
}

test('names of an entry that every object has are names like others', () => {
  for (const id of ['constructor', 'toString']) {
    const entries = [entry('ops'), entry(id, { receiver: 'webhook:boss', after: 10 * minute })];
    const notification = begin(entries);
    expect([id, notification.owed.map(({ to }) => to)]).toEqual([id, [['webhook:ops']]]);
    expect([id, watch(notification, entries, start, 30).told]).toEqual([id, ['10 webhook:boss step']]);
  }
});

test('more targets behind one than a message names are told once', () => {
  const entries = [entry('ops')];
  const behind = Array.from({ length: 120 }, (_, number) => `child${number}`);
  const { told, texts, notification } = watch(begin(entries), entries, start, 180, behind);
  expect(told).toEqual(['2 webhook:ops behind']);
  expect(texts[0]).toMatch(/^120 down behind it/);
  expect(watch(notification, entries, start + 180 * minute, 20, [...behind, 'late']).told).toEqual([
    '0 webhook:ops behind',
  ]);
});

test('an entry that is renamed is not told again', () => {
  const before = [entry('ops'), entry('boss', { after: 10 * minute })];
  const renamed = [
    entry('desk', { receiver: 'webhook:ops' }),
    entry('chief', { receiver: 'webhook:boss', after: 10 * minute }),
  ];
  expect(watch(begin(before), renamed, start + minute, 30).told).toEqual(['10 webhook:boss step']);
});

describe('an entry that has another receiver under the same id', () => {
  const end = (before: Notification, entries: readonly RoutedEntry[]) =>
    takeAlert(before, alertAt(9, 'recovered', 'mx1', 0), contextOf(entries), start + 30 * minute).owed.flatMap(
      ({ to = [] }) => [...to].sort(),
    );
  test.each([
    {
      what: 'is told of the open incident, and of its end',
      after: [entry('ops', { receiver: 'webhook:new' }), entry('boss')],
      told: ['0 webhook:new step'],
      ended: ['webhook:boss', 'webhook:new'],
    },
    {
      what: 'and the former one has an entry of its own: each hears of it once',
      after: [entry('ops', { receiver: 'webhook:new' }), entry('boss'), entry('desk', { receiver: 'webhook:ops' })],
      told: ['0 webhook:new step'],
      ended: ['webhook:boss', 'webhook:new', 'webhook:ops'],
    },
    {
      what: 'that of another entry: nobody hears of it twice',
      after: [entry('ops', { receiver: 'webhook:boss' }), entry('boss', { receiver: 'webhook:ops' })],
      told: [],
      ended: ['webhook:boss', 'webhook:ops'],
    },
    {
      what: 'and is a step: it is taken at its time',
      after: [entry('ops', { receiver: 'webhook:new', after: 10 * minute }), entry('boss')],
      told: ['9 webhook:new step'],
      ended: ['webhook:boss', 'webhook:new'],
    },
  ])('$what', ({ after, told, ended }) => {
    const seen = watch(begin([entry('ops'), entry('boss')]), after, start + minute, 20);
    expect(seen.told).toEqual(told);
    expect(end(seen.notification, after)).toEqual(ended);
  });
});

test('a clock that was ahead for a time delays no step and no reminder by more than their time', () => {
  const entries = [entry('ops', { repeat: [15 * minute] }), entry('boss', { after: 10 * minute })];
  const { told } = watch(begin(entries, start + 60 * minute), entries, start, 20);
  expect(told).toEqual(['10 webhook:boss step', '15 webhook:ops reminder']);
});

test('two entries with one receiver tell it once, and a step of its own is taken', () => {
  const ops = { receiver: 'webhook:ops' };
  const day = entry('day', { ...ops, hours: ODD, repeat: [15 * minute] });
  const entries = [day, entry('night', ops)];
  expect(watch(begin(entries), entries, start, 20).told).toEqual(['15 webhook:ops reminder']);
  const steps = [entry('ops'), entry('again', { ...ops, after: 10 * minute })];
  expect(watch(begin(steps), steps, start, 30).told).toEqual(['10 webhook:ops step']);
});
