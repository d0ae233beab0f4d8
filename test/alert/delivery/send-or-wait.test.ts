import { expect, test } from 'vitest';
import { type ChannelState, NEW_CHANNEL } from '../../../lambda/alert/delivery/delivery.ts';
import { EACH_AT_ONCE } from '../../../lambda/alert/delivery/delivery-rules.ts';
import { nextStep } from '../../../lambda/alert/delivery/send-or-wait.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
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
