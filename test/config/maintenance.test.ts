import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { isZone, nearestZone } from '../../lambda/config/problems/zone-name.ts';
import { readMonth } from '../../lambda/config/schema/times/month.ts';
import { readWeek } from '../../lambda/config/schema/times/week.ts';

const NOW = Date.parse('2026-11-26T12:00Z');
const HEAD = `vantages: [local]
targets:
  - { id: mx1, host: mx1.example.net, tags: [edge] }
  - { id: mx2, host: mx2.example.net }
`;

function read(text: string, now = NOW) {
  const parsed = parseConfig(HEAD + text, 'smtp-quorum.yaml', () => '', now);
  return parsed.ok ? parsed.config : formatProblems(parsed.problems);
}

const entry = (keys: string) => `maintenance:\n  - { id: patches, why: patches of the system, ${keys} }\n`;

describe('what is in the config', () => {
  const weekly = (days: number[], at: number, end: object) => {
    return { kind: 'recurring', zone: 'Europe/Berlin', starts: [{ on: { kind: 'weekdays', days }, at, end }] };
  };
  test.each<[string, string, object]>([
    ['a Sunday', 'zone: Europe/Berlin, weekly: Sun 02:00-04:00', weekly([7], 120, { to: 240 })],
    ['over midnight', 'zone: Europe/Berlin, weekly: Mon-Fri 22:00-06:00', weekly([1, 2, 3, 4, 5], 1320, { to: 1800 })],
    ['over a weekend', 'zone: Europe/Berlin, weekly: Fri 22:00-Mon 06:00', weekly([5], 1320, { to: 3 * 1440 + 360 })],
    [
      'by its length',
      'zone: Europe/Berlin, weekly: daily 3:00, for: 15m',
      weekly([1, 2, 3, 4, 5, 6, 7], 180, { length: 900_000 }),
    ],
    ['two days', "zone: Europe/Berlin, weekly: 'wed, Monday 01:00-02:00'", weekly([1, 3], 60, { to: 120 })],
    [
      'a first Sunday',
      'zone: Europe/Berlin, monthly: first Sunday 02:00-04:00',
      {
        kind: 'recurring',
        zone: 'Europe/Berlin',
        starts: [{ on: { kind: 'weekday of month', weekday: 7, which: 1 }, at: 120, end: { to: 240 } }],
      },
    ],
    [
      'a last day, and a date',
      "zone: UTC, monthly: 'last day 22:00-06:00, 15 03:00-04:00'",
      {
        kind: 'recurring',
        zone: 'UTC',
        starts: [
          { on: { kind: 'last day' }, at: 1320, end: { to: 1800 } },
          { on: { kind: 'date', date: 15 }, at: 180, end: { to: 240 } },
        ],
      },
    ],
    [
      'once',
      'zone: Europe/Berlin, from: 2026-12-01 22:00, until: 2026-12-02 06:00',
      { kind: 'once', from: Date.parse('2026-12-01T21:00Z'), until: Date.parse('2026-12-02T05:00Z') },
    ],
    [
      'once, with its own zone',
      'from: 2026-12-01T22:00+05:45, for: 8h',
      { kind: 'once', from: Date.parse('2026-12-01T16:15Z'), until: Date.parse('2026-12-02T00:15Z') },
    ],
  ])('%s', (_, keys, times) => {
    const config = read(entry(keys));
    expect(typeof config === 'string' ? config : config.maintenance).toEqual([
      { id: 'patches', why: 'patches of the system', grace: 0, times },
    ]);
  });

  test('targets, tags and overrun', () => {
    const config = read(entry("zone: UTC, weekly: Sun 02:00-04:00, targets: ['mx*'], tags: [edge], overrun: 15m"));
    expect(typeof config === 'string' ? config : config.maintenance?.[0]).toMatchObject({
      targets: ['mx*'],
      tags: ['edge'],
      grace: 900_000,
    });
  });

  test('hours of an entry of notify', () => {
    const config = read(
      'notify:\n  - { webhook: https://hooks.example.com/a }\n  - webhook: https://hooks.example.com/b\n    hours: { zone: Asia/Kathmandu, week: "Mon-Fri 08:00-18:00, Sat 09:00-12:00" }\n',
    );
    expect(typeof config === 'string' ? config : config.notify[1]?.hours).toEqual({
      zone: 'Asia/Kathmandu',
      spans: [
        { days: [1, 2, 3, 4, 5], from: 480, to: 1080 },
        { days: [6], from: 540, to: 720 },
      ],
    });
  });

  test('a window that has passed does not stop a monitor that starts again', () => {
    expect(read(entry('from: 2026-01-01T00:00Z, for: 1h'), 0)).toMatchObject({ maintenance: [{ id: 'patches' }] });
  });
});

describe('a mistake is told with its line and its correction', () => {
  const week = (text: string) => entry(`zone: UTC, weekly: '${text}'`);
  const month = (text: string) => entry(`zone: UTC, monthly: '${text}'`);
  const once = (text: string) => entry(`zone: Europe/Berlin, ${text}`);
  const hours = (text: string) => `notify:\n  - { webhook: https://hooks.example.com/a, hours: ${text} }\n`;
  const datesOfMonth = Array.from({ length: 31 }, (_, day) => `${day + 1} 00:00-24:00`).join(', ');
  test.each<[string, string, string, string]>([
    ['an unknown zone', entry('zone: Europe/Berln, weekly: Sun 02:00-04:00'), 'is not a time zone', '`Europe/Berlin`?'],
    ['a city', entry('zone: kathmandu, weekly: Sun 02:00-04:00'), 'is not a time zone', '`Asia/Kat'],
    ['an abbreviation', entry('zone: EST, weekly: Sun 02:00-04:00'), 'is not a time zone', '`America/New_York`?'],
    ['an offset', entry("zone: '+01:00', weekly: Sun 02:00-04:00"), 'is not a time zone', 'such as `Europe/Berlin`'],
    [
      'an offset of UTC',
      entry('zone: UTC+2, weekly: Sun 02:00-04:00'),
      'is not a time zone',
      'an offset has no summer time',
    ],
    ['no zone', entry('weekly: Sun 02:00-04:00'), 'zone: is missing', 'add `zone: UTC`'],
    ['no times', entry('zone: UTC'), 'must have one of `weekly`, `monthly` and `from`', ''],
    [
      'two times',
      entry('zone: UTC, weekly: Sun 02:00-04:00, monthly: last day 01:00-02:00'),
      'cannot be combined with',
      '',
    ],
    ['no end', week('Sun 02:00'), 'has no end', 'or add `for: 2h`'],
    ['two ends', entry('zone: UTC, weekly: Sun 02:00-04:00, for: 1h'), 'cannot be combined with an end', 'remove it'],
    ['each whole day', week('daily 00:00-24:00'), 'lasts so long that it never ends', 'omit targets'],
    ['nights and days that adjoin', week('daily 08:00-20:00, daily 20:00-08:00'), 'never ends', 'omit targets'],
    ['days of a month that adjoin', month(datesOfMonth), 'hardly ends', 'omit targets'],
    ['one time', week('Sun 02:00-02:00'), 'begins and ends at 02:00', '`00:00-24:00`'],
    ['25:00', week('Sun 25:00-26:00'), 'has a time that is none: "25:00"', '`00:00` to `24:00`'],
    ['2am', week('Sun 2am-4am'), 'has a time that is none: "2am"', 'did you mean `02:00`?'],
    ['no day', week('02:00-04:00'), 'has a time without days', '`daily 02:00-04:00`'],
    ['a word', week('Sonntag 02:00-04:00'), 'has a day that is none: "Sonntag"', 'days are Mon, Tue'],
    ['overlapping entries', week('Mon-Wed 22:00-06:00, Tue 05:00-07:00'), 'overlaps itself on Tue', 'join'],
    ['over the end of the week', week('Sun 22:00-06:00, Mon 05:00-07:00'), 'overlaps itself on Mon', 'join'],
    [
      'the whole week',
      entry('zone: UTC, weekly: Sun 02:00, for: 7d'),
      'lasts so long that it never ends',
      'omit targets',
    ],
    ['days on end', entry('zone: UTC, weekly: daily 02:00, for: 25h'), 'overlaps itself', 'join'],
    ['nothing', entry('zone: UTC, weekly: daily 02:00, for: 0h'), 'must be longer than nothing', ''],
    ['a fifth Sunday', month('fifth Sunday 02:00-04:00'), 'most months do not have', 'write `last`'],
    ['a date that no month has', month('32 02:00-04:00'), 'no month has: 32', 'from 1 to 31'],
    ['a month without a time', month('last day'), 'has no time', '`first Sunday 02:00-04:00`'],
    [
      'an offset that is none',
      once('from: 2027-01-02T10:00+99:99, for: 1h'),
      'is not a date with a time',
      '`2026-12-01 22:00`',
    ],
    [
      'an end with such an offset',
      once('from: 2027-01-02T10:00Z, until: 2027-01-02T12:00+24:30'),
      'until: is not a date',
      '',
    ],
    ['a weekday as the end of a date', month('15 22:00-Mon 02:00'), 'names a weekday for the end', '`for: 28h`'],
    ['31 February', once('from: 2027-02-31 22:00, for: 1h'), 'a day that does not exist: 2027-02 has 28', ''],
    ['no date', once('from: tomorrow, for: 1h'), 'is not a date with a time', '`2026-12-01 22:00`'],
    ['a skipped time', once('from: 2027-03-28 02:30, for: 1h'), 'a time that does not exist', 'an hour later'],
    [
      'the wrong way round',
      once('from: 2026-12-02 06:00, until: 2026-12-01 22:00'),
      'is not after `from`',
      'wrong way round',
    ],
    ['no end of a day', once('from: 2026-12-02 06:00'), 'must have one of `until` and `for`', ''],
    ['a passed one', once('from: 2026-11-01 06:00, for: 2h'), 'is a window that has passed', 'remove the entry'],
    ['a year', once('from: 2026-12-02 06:00, for: 365d'), 'is more than 90 days after', ''],
    [
      'an end without a start',
      entry('zone: UTC, weekly: Sun 02:00-04:00, until: 2026-12-01 22:00'),
      'needs `from`',
      '',
    ],
    [
      'no target',
      entry('zone: UTC, weekly: Sun 02:00-04:00, targets: [mx3]'),
      'matches no target: "mx3"',
      'did you mean `mx1`?',
    ],
    [
      'a pattern for nothing',
      entry("zone: UTC, weekly: Sun 02:00-04:00, targets: ['web*']"),
      'matches no target',
      'targets: mx1, mx2',
    ],
    ['no tag', entry('zone: UTC, weekly: Sun 02:00-04:00, tags: [egde]'), 'matches no tag', 'did you mean `edge`?'],
    ['no reason', 'maintenance: [{ id: a, zone: UTC, weekly: Sun 02:00-04:00 }]', 'why: is missing', ''],
    [
      'one id twice',
      'maintenance:\n  - &a { id: a, why: a, zone: UTC, weekly: Sun 02:00-04:00 }\n  - *a\n',
      'already the id of maintenance[0]',
      '',
    ],
    ['overrun', entry('zone: UTC, weekly: Sun 02:00-04:00, overrun: never'), 'overrun', ''],
    [
      'an overrun that lasts until the next one',
      entry('zone: UTC, weekly: daily 03:00-03:15, overrun: 24h'),
      'lasts until the window begins again: nobody would be told',
      'such as `15m`',
    ],
    [
      'an overrun of a month',
      entry('zone: UTC, monthly: 15 03:00-04:00, overrun: 31d'),
      'lasts until the window begins again',
      '',
    ],
    ['a start at 24:00', entry('zone: UTC, weekly: Sun 24:00-02:00'), 'begins at 24:00', '`00:00` of the next day'],
    [
      'a zone after its times',
      entry('weekly: Sun 02:00-04:00 UTC, zone: UTC'),
      'has words after its times',
      'a time zone has a key of its own',
    ],
    ['hours in no zone', hours('{ zone: Mars/Base, week: Mon-Fri 08:00-18:00 }'), 'is not a time zone', ''],
    ['hours as a text', hours('Mon-Fri 08:00-18:00'), 'must be a set of keys', ''],
    ['hours without an end', hours('{ zone: UTC, week: Mon-Fri 08:00 }'), 'has no end', '`Mon-Fri 08:00-18:00`'],
    [
      'hours that overlap',
      hours("{ zone: UTC, week: 'Mon-Fri 08:00-18:00, Fri 17:00-19:00' }"),
      'overlaps itself on Fri',
      '',
    ],
    ['hours with no days', hours("{ zone: UTC, week: '' }"), 'has an empty entry', ''],
  ])('%s', (_, text, message, fix) => {
    const told = read(text);
    expect(told).toEqual(expect.stringContaining(message));
    expect(told).toContain(fix);
    expect(told).toMatch(/smtp-quorum\.yaml:\d+:\d+/);
    expect(told).toMatch(/^1 problem/m);
  });
});

test('no text crashes the readers of times', () => {
  const words = fc.constantFrom(
    'Mon',
    'Sun',
    'daily',
    '-',
    ' ',
    ',',
    '02:00',
    '24:00',
    'first',
    'last',
    'day',
    '31',
    '😀',
    '99:99',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((some) => some.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of [readWeek(text), readMonth(text)]) {
        if (read.ok) for (const { from, to } of read.value) expect(to === null || to > from).toBe(true);
        else expect(read.message.length).toBeLessThan(120);
      }
    }),
    { numRuns: 2000 },
  );
});

test('every zone of this machine is known, and so is another name of it', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(isZone(zone)).toBe(true);
  for (const zone of ['UTC', 'Asia/Kathmandu', 'Europe/Kyiv']) expect(isZone(zone)).toBe(true);
  for (const zone of ['', 'EST', 'europe/berlin', '+01:00', 'Europe/Atlantis', '__proto__'])
    expect(isZone(zone)).toBe(false);
});

test.each([
  ['europe/berlin', 'Europe/Berlin'],
  ['Berlin', 'Europe/Berlin'],
  ['New York', 'America/New_York'],
  ['CET', 'Europe/Berlin'],
  ['Atlantis', null],
])('near %s is %s', (written, zone) => {
  expect(nearestZone(written)).toBe(zone);
});

test.each([
  ['Europe/Frankfurt', 'Europe/Berlin'],
  ['Asia/Mumbai', 'Asia/Kolkata'],
  ['Beijing', 'Asia/Shanghai'],
  ['America/San_Francisco', 'America/Los_Angeles'],
  ['boston', 'America/New_York'],
  ['EST5EDT', 'America/New_York'],
  ['Eastern Time', 'America/New_York'],
  ['MSK', 'Europe/Moscow'],
  ['aedt', 'Australia/Sydney'],
  ['zulu', 'UTC'],
  ['Europe/Lodnon', 'Europe/London'],
  ['lord howe', 'Australia/Lord_Howe'],
])('the zone that %s means is %s', (written, zone) => {
  expect(nearestZone(written)).toBe(zone);
  expect(isZone(zone)).toBe(true);
});
