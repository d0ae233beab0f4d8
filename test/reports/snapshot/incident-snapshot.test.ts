import { expect, test } from 'vitest';
import type { Incident, Witness } from '../../../lambda/consensus/judgement/incident.ts';
import { incidentSnapshot } from '../../../lambda/reports/snapshot/incident/incident-snapshot.ts';

const opened = '2026-11-25T06:09:48Z';
const witness: Witness = {
  ...{ vantage: 'eu-west-1', firstFailure: opened, lastFailure: '2026-11-25T06:10:48Z', phase: 'greeting' },
  ...{ code: 'greeting-refused', reply: '554 no', outcome: 'fail', transcript: [] },
};
const open: Incident = {
  ...{ id: `mx1@${opened}`, target: 'mx1', opened, closed: null, verdict: 'down', witnesses: [witness], timeline: [] },
};
const chapter = { number: 1, from: opened, to: null, phase: 'greeting', code: 'greeting-refused', warning: null };

test.each<[string, Incident, string | null]>([
  ['of an incident that is under way', { ...open, chapter }, null],
  ['of one without chapters', open, null],
  ['of a chapter that is over', { ...open, chapter: { ...chapter, to: '2026-11-25T06:11:00Z' } }, witness.lastFailure],
  ['of an incident that has ended', { ...open, closed: '2026-11-25T06:16:28Z' }, witness.lastFailure],
])('the last failure %s', (_, incident, to) => {
  const details = { chapters: [], statements: [], alerts: null, votes: null };
  const [shown] = incidentSnapshot(incident, details).witnesses;
  expect([shown?.from, shown?.to]).toEqual([opened, to]);
});

const connect = { ...witness, vantage: 'us-east-1', phase: 'connect', code: 'connect-timeout' } as const;
const first = { phase: 'greeting', code: 'greeting-refused' } as const;

test.each<[string, Incident]>([
  ['before a later chapter', { ...open, first, chapter: { ...chapter, number: 2 }, witnesses: [connect] }],
  ['that most vantages saw', { ...open, first, witnesses: [connect, witness] }],
  [
    'of version 0.1',
    {
      ...open,
      witnesses: [connect],
      timeline: [{ at: opened, what: 'eu-west-1 failed at greeting: greeting-refused' }],
    },
  ],
])('the first failure is that of reports: %s', (_, incident) => {
  const details = { chapters: [], statements: [], alerts: null, votes: null };
  expect(incidentSnapshot(incident, details).first).toEqual(first);
});
