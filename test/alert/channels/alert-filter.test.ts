import { expect, test } from 'vitest';
import { alertTopicOf, wantsAlert } from '../../../lambda/alert/channels/alert-filter.ts';
import type { AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/verdict.ts';

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
])('an alert of kind %s with verdict %s has the topic %s', (kind, is, topic) => {
  expect(alertTopicOf({ kind, is })).toBe(topic);
  expect(wantsAlert({ when: [topic as 'down'] }, { kind, is })).toBe(true);
  expect(wantsAlert({ when: [] }, { kind, is })).toBe(false);
});
