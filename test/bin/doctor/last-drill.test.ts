import { expect, test } from 'vitest';
import type { CheckContext } from '../../../bin/doctor/check-context.ts';
import { drillChecks } from '../../../bin/doctor/drill/check-last-drill.ts';
import type { Channel } from '../../../lambda/config/channel.ts';
import type { Config } from '../../../lambda/config/config.ts';
import type { DrillRecord, EndedDrill } from '../../../lambda/consensus/drill/drill.ts';

const settings = { time: { zone: 'UTC', weekday: 1, minute: 540, weeks: 1 }, within: 900_000 };
const NOW = Date.parse('2026-11-26T12:00:00Z');

const ended = (changed: Partial<EndedDrill> = {}): EndedDrill => ({
  id: 'drill/drill@2026-11-23T09:00:05Z',
  due: '2026-11-23T09:00:00Z',
  opened: '2026-11-23T09:00:05Z',
  until: '2026-11-23T09:15:05Z',
  closed: '2026-11-23T09:01:05Z',
  acknowledged: { at: '2026-11-23T09:00:47Z', by: 'ops@example.com' },
  receivers: [{ entry: 'ops', reached: '2026-11-23T09:00:07Z', why: null }],
  ...changed,
});

const hours = { zone: 'UTC', spans: [{ days: [1], from: 480, to: 1080 }] };
const day: Channel = { kind: 'webhook', url: 'https://hooks.example.com/day', when: ['down'], id: 'day', hours };
const config = { notify: [day] } as unknown as Config;
const record = (last: EndedDrill | null): DrillRecord => ({ due: '2026-11-23T09:00:00Z', open: null, last, owed: [] });
const { acknowledged: _, ...unacknowledged } = ended();
const dead = [{ entry: 'night', reached: null, why: 'HTTP 503' }];

test.each<[string, DrillRecord | null, string, RegExp]>([
  ['none yet', null, 'pass', /^none yet$/],
  [
    'one that was acknowledged',
    record(ended()),
    'pass',
    /^2026-11-23 09:00:05 UTC: acknowledged by ops@example.com after 42 s; 1 of 1 receivers reached$/,
  ],
  ['one that is open', { ...record(null), open: ended() }, 'pass', /^open since 2026-11-23 09:00:05 UTC$/],
  ['nobody acknowledged it', record(unacknowledged), 'warn', /nobody acknowledged it within 15 min/],
  [
    'a channel did not take it',
    record(ended({ receivers: dead })),
    'warn',
    /0 of 1 receivers reached; not reached: night \(HTTP 503\)$/,
  ],
  [
    'an entry was outside its hours',
    record(ended({ receivers: [...ended().receivers, { entry: 'day', reached: null, why: 'outside its hours' }] })),
    'pass',
    /1 of 2 receivers reached; not reached: day \(outside its hours, next from 2026-11-30 08:00:00 UTC\)$/,
  ],
  [
    'an entry was outside its hours, and another channel did not take it',
    record(ended({ receivers: [...dead, { entry: 'day', reached: null, why: 'outside its hours, next from x' }] })),
    'warn',
    /night \(HTTP 503\), day \(outside its hours, next from 2026-11-30 08:00:00 UTC\)$/,
  ],
  ['it is weeks ago', record(ended({ due: '2026-11-02T09:00:00Z' })), 'warn', /later ones were not held$/],
])('%s', async (_, stored, outcome, detail) => {
  const [check] = drillChecks({ drill: settings, home: 'us-east-1' });
  const result = await check?.run({ config, now: NOW, drill: async () => stored } as CheckContext);
  expect([check?.name, check?.region, result?.outcome]).toEqual(['last drill', 'us-east-1', outcome]);
  expect(result?.detail).toMatch(detail);
});

test('there is no check without drills', () => {
  expect(drillChecks({ home: 'us-east-1' })).toEqual([]);
});
