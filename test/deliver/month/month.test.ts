import { describe, expect, test } from 'vitest';
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import type { Delivery } from '../../../lambda/alert/delivery/delivery.ts';
import { mostInAnHourOf, receiversOf, violationsOf } from './month-checks.ts';
import { pageDelays, percentile } from './page-delays.ts';
import { type Month, runMonth, type SentInMonth } from './run-month.ts';

/** More than are told one by one. `npm run bench -- month` has 300. */
const TENANTS = 9;
const [grouped, apart] = await Promise.all([runMonth(TENANTS, true), runMonth(TENANTS, false)]);

describe('a month with a storm, the end of summer time in a window, and a channel that is dead for a day', () => {
  test('everybody is told of what concerns them, once, and of nothing else', () => {
    expect(violationsOf(grouped)).toEqual([]);
    expect(violationsOf(apart)).toEqual([]);
  });

  test('the ceilings hold, and groups are fewer messages', () => {
    const [most, single] = [grouped, apart].map((month) => receiversOf(month));
    for (const [id, receiver] of most ?? []) {
      expect(mostInAnHourOf(receiver)).toBeLessThanOrEqual(receiver.limit);
      expect(receiver.messages.length).toBeLessThanOrEqual(single?.get(id)?.messages.length ?? 0);
      expect(receiver.messages.length).toBeGreaterThan(0);
    }
    expect(most?.get('room')?.messages.length).toBeLessThan(single?.get('room')?.messages.length ?? 0);
  });

  test('the first page is as early as without groups', () => {
    const [own, other] = [pageDelays(grouped).outages, pageDelays(apart).outages];
    expect(own.length).toBeGreaterThan(25);
    for (const share of [0.5, 0.99]) expect(percentile(own, share)).toBeLessThanOrEqual(percentile(other, share));
  });
});

/** What the checks have to find. */
const faults: Readonly<Record<string, { readonly change: (month: Month) => Month; readonly word: RegExp }>> = {
  'a page is lost': { change: without(isPageOf('mx4')), word: /not told/ },
  'a recovery is lost': { change: without(isKind('recovered')), word: /not told of the end/ },
  'a message comes twice': { change: twice, word: /told twice/ },
  'a page is an hour late': { change: late, word: /minutes late/ },
  'the second step is told of a short outage': { change: toTheWrong('boss', 'mx3'), word: /told, by/ },
  'an alert of the window is told': { change: fromTheWindow, word: /mx2 at 2026-10-25.*told, by/ },
  'a channel exceeds its limit': { change: flood, word: /messages in an hour/ },
  'a delivery is never taken': { change: pendingDelivery, word: /pending at the end/ },
};

describe('the checks of the month find', () => {
  test.each(Object.entries(faults))('%s', (_, { change, word }) => {
    expect(violationsOf(change(grouped)).join('\n')).toMatch(word);
  });
});

function isPageOf(target: string): (message: SentInMonth) => boolean {
  return ({ message: { alert } }) => alert.subject === target && alert.kind === 'down';
}

function isKind(kind: string): (message: SentInMonth) => boolean {
  return ({ message: { alert } }) => alert.kind === kind;
}

function without(isLost: (message: SentInMonth) => boolean): (month: Month) => Month {
  return (month) => {
    const place = month.messages.findIndex(isLost);
    return { ...month, messages: month.messages.filter((_, at) => at !== place) };
  };
}

function twice(month: Month): Month {
  const messages = month.messages.flatMap((one, at) => (at === 3 ? [one, one] : [one]));
  return { ...month, messages };
}

function late(month: Month): Month {
  const place = month.messages.findIndex(isPageOf('mx4'));
  return {
    ...month,
    messages: month.messages.map((one, at) => (at === place ? { ...one, at: one.at + 3_600_000 } : one)),
  };
}

/** The first message about a target that one receiver got goes to another, too. */
function toTheWrong(to: string, target: string): (month: Month) => Month {
  return (month) => {
    const first = month.messages.find((one) => one.channel === 'topic' && isPageOf(target)(one));
    if (first === undefined) throw new Error('no such message');
    return { ...month, messages: [...month.messages, { ...first, message: readdressed(first, month, to) }] };
  };
}

function readdressed({ message }: SentInMonth, month: Month, to: string): SentInMonth['message'] {
  const entry = month.config.notify.find(({ id }) => id === to);
  if (entry === undefined) throw new Error(`no entry ${to}`);
  const own = [receiverId(entry)];
  const covers: readonly Delivery[] = message.covers.map((delivery) => ({
    ...delivery,
    alert: { ...delivery.alert, to: own },
  }));
  return { ...message, alert: { ...message.alert, to: own }, covers };
}

/** As if nothing had held what fell in the window. */
function fromTheWindow(month: Month): Month {
  const night = month.messages.find(
    ({ at, message }) => at > Date.parse('2026-10-25T01:30:00Z') && isPageOf('mx3')({ at, channel: '', message }),
  );
  if (night === undefined) throw new Error('no such message');
  const at = Date.parse('2026-10-25T00:41:15Z');
  const covers: readonly Delivery[] = night.message.covers.map((delivery) => ({
    ...delivery,
    alert: { ...delivery.alert, subject: 'mx2', id: 'mx2#1-down', at: new Date(at).toISOString() },
  }));
  return { ...month, messages: [...month.messages, { ...night, at, message: { ...night.message, covers } }] };
}

function flood(month: Month): Month {
  const [first] = month.messages.filter(({ channel }) => channel.startsWith('slack'));
  if (first === undefined) throw new Error('no message');
  return { ...month, messages: [...month.messages, ...Array.from({ length: 61 }, () => first)] };
}

function pendingDelivery(month: Month): Month {
  const [key, item] = [...month.table.stored].find(([, { pk }]) => pk.startsWith('delivery#')) ?? [];
  if (key === undefined || item === undefined) throw new Error('no delivery');
  const stored = new Map(month.table.stored).set(key, { ...item, state: 'pending' });
  return { ...month, table: { ...month.table, stored } };
}
