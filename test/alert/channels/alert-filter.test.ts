import { expect, test } from 'vitest';
import { topicsOf, wantsAlert } from '../../../lambda/alert/channels/alert-filter.ts';
import { foldAlerts } from '../../../lambda/consensus/incident/fold-alerts-into-digest.ts';
import type { AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { alertAt } from '../delivery/deliveries.ts';

test.each<[AlertKind, Verdict, string]>([
  ['down', 'down', 'down'],
  ['degraded', 'degraded', 'degraded'],
  ['recovered', 'up', 'recovered'],
  ['unknown', 'unknown', 'unknown'],
  ['changed', 'up', 'changed'],
  ['blind', 'unknown', 'blind'],
  ['flapping', 'up', 'degraded'],
  ['update', 'down', 'down'],
  ['update', 'degraded', 'degraded'],
  ['update', 'up', 'recovered'],
  ['undelivered', 'unknown', 'blind'],
])('an alert of kind %s with verdict %s has the topic %s', (kind, is, topic) => {
  expect(topicsOf({ kind, is })).toEqual([topic]);
  expect(wantsAlert({ when: [topic as 'down'] }, { kind, is })).toBe(true);
  expect(wantsAlert({ when: [] }, { kind, is })).toBe(false);
});

test('a digest has the topics of all its alerts, and whoever wants one of them gets it', () => {
  const digest = foldAlerts([alertAt(0, 'down', 'a'), alertAt(1, 'recovered', 'a'), alertAt(2, 'recovered', 'b')]);
  expect(topicsOf(digest)).toEqual(['down', 'recovered']);
  expect(wantsAlert({ when: ['recovered'] }, digest)).toBe(true);
  expect(wantsAlert({ when: ['changed'] }, digest)).toBe(false);
});
