/** Days of the month as people write them: `first Sunday 02:00-04:00`, `last day 22:00-06:00`, `15 03:00-04:00`. */

import type { DayRule } from '../../../calendar/window-times.ts';
import { ownValue } from '../../../wire/own-value.ts';
import { fault, type Read, readTimes, shown, type Times, weekdayNamed } from './clock-time.ts';

export interface MonthEntry extends Times {
  readonly on: DayRule;
}

const WHICH: Readonly<Record<string, 1 | 2 | 3 | 4 | 'last'>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  last: 'last',
};

const DAYS = 'days are `first Sunday` to `fourth Sunday`, `last Sunday`, `last day`, or a date from 1 to 31';

/** Entries are separated by commas. */
export function readMonth(text: string): Read<readonly MonthEntry[]> {
  const entries: MonthEntry[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const entry = readEntry(part);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return { ok: true, value: entries };
}

function readEntry(part: string): Read<MonthEntry> {
  const [, words, written] = /^(.*?)\s+(\d{1,2}[:.].*|\d{1,2}\s*[ap]m.*)$/i.exec(part) ?? [];
  if (words === undefined || written === undefined)
    return fault(`has no time: ${shown(part)}`, 'write it as in `first Sunday 02:00-04:00`');
  const on = dayRuleOf(words);
  if (!on.ok) return on;
  if (on.value.kind !== 'weekday of month' && /[-–]\s*[A-Za-z]/.test(written))
    return fault('names a weekday for the end of a date', 'write its length: `for: 28h` in place of the end');
  const times = readTimes(written, on.value.kind === 'weekday of month' ? [on.value.weekday] : []);
  return times.ok ? { ok: true, value: { on: on.value, ...times.value } } : times;
}

function dayRuleOf(words: string): Read<DayRule> {
  const [, date] = /^(?:day\s+)?(\d{1,2})(?:st|nd|rd|th)?$/i.exec(words) ?? [];
  if (date !== undefined) {
    if (Number(date) >= 1 && Number(date) <= 31) return { ok: true, value: { kind: 'date', date: Number(date) } };
    return fault(`has a day that no month has: ${date}`, DAYS);
  }
  if (/^last\s+day$/i.test(words)) return { ok: true, value: { kind: 'last day' } };
  const [word = '', name = ''] = words.split(/\s+/);
  const which = ownValue(WHICH, word.toLowerCase());
  const weekday = weekdayNamed(name);
  if (which !== undefined && weekday !== null) return { ok: true, value: { kind: 'weekday of month', weekday, which } };
  if (/^fifth$/i.test(word)) return fault('has a day that most months do not have', 'write `last` for the last one');
  return fault(`has a day that is none: ${shown(words)}`, DAYS);
}
