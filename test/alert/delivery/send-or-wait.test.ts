import { expect, test } from 'vitest';
import { type ChannelState, NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import { EACH_AT_ONCE } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { GROUP_TIME } from '../../../lambda/alert/delivery/group-by-cause.ts';
import { nextStep } from '../../../lambda/alert/delivery/send-or-wait.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { causedAt } from './channel-run.ts';
import { alertAt, minute, pendingOf, start } from './deliveries.ts';

const holdTime = 3 * minute;
const down = pendingOf(alertAt(0, 'down', 'a'));
const minutesAgo = (now: number, minutes: number) => isoSeconds(now - minutes * minute);

const now = start + 120 * minute;

test.each<[string, Parameters<typeof nextStep>[0], Partial<ChannelState>, number, object]>([
  ['nothing is pending', [], {}, start, { kind: 'idle' }],
  ['an alert is sent at once', down, {}, start, { kind: 'send' }],
  ['backoff holds', down, { next: start + 5000 }, start, { kind: 'wait', until: start + 5000 }],
  ['after backoff it is sent', down, { next: start }, start, { kind: 'send' }],
  ['a late alert of a channel that fails is sent', down, { lastTry: minutesAgo(now, 5) }, now, { kind: 'send' }],
  ['a late alert after a long pause waits for the judge', down, {}, now, { kind: 'hold', until: now + holdTime }],
  ['the last try was before the pause', down, { lastTry: minutesAgo(now, 90) }, now, { kind: 'hold' }],
  ['it waits until then', down, { heldUntil: now + minute }, now, { kind: 'wait', until: now + minute }],
  ['it is sent after that, and not held again', down, { heldUntil: now - minute }, now, { kind: 'send' }],
])('%s', (_, pending, state, at, expected) => {
  expect(nextStep(pending, { ...NEW_CHANNEL, ...state }, at, holdTime, EACH_AT_ONCE)).toMatchObject(expected);
});

test.each([{ canEdit: true }, { canEdit: false }])(
  'a clock that was an hour ahead delays no page: $canEdit',
  ({ canEdit }) => {
    const ahead = start + 60 * minute;
    const group = {
      ...{ id: 'mx1@2026-11-22T06:00:00Z', kind: 'down' as const, causes: ['host:mx'], until: ahead + GROUP_TIME },
      ...{ told: ahead, members: ['mx1@2026-11-22T06:00:00Z'] },
    };
    const state = { ...NEW_CHANNEL, lastTry: isoSeconds(ahead), next: ahead + 5000, groups: [group] };
    const rules = { ...EACH_AT_ONCE, group: true, canEdit };
    const step = nextStep(pendingOf(causedAt(0, 'down', 'mx2', ['host:mx'])), state, start, holdTime, rules);
    expect(step).toMatchObject({ kind: 'send', message: { alert: { kind: 'down', subject: 'mx2' } } });
    expect(step.kind === 'send' && step.message.edits).toBeUndefined();
  },
);

test('a recovery that was decided while the clock was ahead waits for no other', () => {
  const members = ['mx1', 'mx2'].map((id) => `${id}@${isoSeconds(start + 1000)}`);
  const group = { id: 'mx1@x', kind: 'down' as const, causes: ['host:mx'], until: start, told: start, members };
  const state = { ...NEW_CHANNEL, lastTry: isoSeconds(start), groups: [group] };
  const over = pendingOf(causedAt(3600, 'recovered', 'mx1', ['host:mx']));
  expect(nextStep(over, state, start + minute, holdTime, { ...EACH_AT_ONCE, group: true })).toMatchObject({
    kind: 'send',
  });
});
