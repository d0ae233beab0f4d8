import { expect, test } from 'vitest';
import { buttonsOf, type SlackAction, slackActionOf } from '../../../lambda/alert/channels/slack/actions.ts';

const incident = 'mx1@2026-11-22T05:08:00Z';

test('what a button says is understood when it is clicked', () => {
  const elements = buttonsOf(incident)?.elements as readonly { action_id: string; value: string }[];
  expect(elements.map(slackActionOf)).toEqual([
    { kind: 'acknowledge', incident, length: null },
    { kind: 'mute', incident, length: 3_600_000 },
  ]);
});

test.each<[string, object, SlackAction | null]>([
  ['a button of another app', { action_id: 'approve', value: incident }, null],
  ['no value', { action_id: 'smtp-quorum-acknowledge' }, null],
  ['an empty value', { action_id: 'smtp-quorum-acknowledge', value: '' }, null],
  ['a value that is no text', { action_id: 'smtp-quorum-acknowledge', value: 7 }, null],
  ['a value longer than Slack sends', { action_id: 'smtp-quorum-mute-1h', value: 'x'.repeat(2_001) }, null],
  ['no action', {}, null],
])('%s is no action', (_, clicked, action) => expect(slackActionOf(clicked)).toEqual(action));

test('an incident whose id is too long has no buttons', () => {
  expect(buttonsOf('x'.repeat(2_001))).toBeNull();
  expect(buttonsOf('')).toBeNull();
});
