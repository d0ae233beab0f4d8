import { describe, expect, test } from 'vitest';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { tell } from '../../consensus/incident/stories.ts';
import { at, incidentOf, minute, watched } from './incidents.ts';

const witness: Incident['witnesses'][0] = {
  vantage: 'eu-west-1',
  firstFailure: at(10),
  lastFailure: at(19),
  phase: 'auth',
  code: 'auth-rejected',
  reply: null,
  transcript: [],
};
const old: Incident = {
  ...incidentOf(10, [
    [12, 'down'],
    [20, 'up'],
  ]),
  witnesses: [witness],
};
const failureOf = (incident: Incident) => uptimeOf('mx1', [incident], watched, null).outageList[0]?.failure;

describe('the first failure of an outage', () => {
  test.each<[string, Incident, string]>([
    ['is that of its first chapter', { ...old, first: { phase: 'tls', code: 'tls-garbage' } }, 'tls tls-garbage'],
    ['of version 0.1 is that of the timeline, not the last', old, 'greeting greeting-refused'],
    [
      'without a line in the timeline is what a witness saw',
      { ...old, timeline: old.timeline.filter(({ what }) => what.includes(': 2 of 3')) },
      'auth auth-rejected',
    ],
  ])('%s', (_, incident, failure) => expect(failureOf(incident)).toBe(failure));
});

/** Degraded by a warning from minute 2 on, then two failures after another, then up. */
const row = 'ppwwwwwwsstrpp';

test('the figures of an outage count from the first failure, not from a warning before it', () => {
  const { incident } = tell({ a: row, b: row, c: row }).judgement;
  if (incident === null) throw new Error('there is no incident');
  const start = Date.parse('2026-11-22T12:00:00Z');
  const span = { from: start, to: start + 60 * minute };
  const report = uptimeOf('mx1', [incident], { span, watched: [span] }, null);
  expect(incident.opened).toBe('2026-11-22T12:02:00Z');
  expect(report.outageList).toEqual([
    {
      id: incident.id,
      from: start + 8 * minute,
      to: start + 13 * minute + 5000,
      down: 4 * minute,
      failure: 'greeting silence',
      planned: null,
    },
  ]);
  expect(report.toDetect).toBe(minute + 5000);
  expect(report.toRepair).toBe(5 * minute + 5000);
});
