import { expect, test } from 'vitest';
import type { Target } from '../../../lambda/config/config.ts';
import { sessionsOf, sessionTime, timeToBegin } from '../../../lambda/probe/capacity/round-budget.ts';
import { target, testPorts } from '../../ports.ts';

const config = (count: number, extra: Partial<Target> = {}, every = 60_000) => {
  const { ports } = testPorts(Array.from({ length: count }, (_, n) => target(`mx${n}`, 25, extra)));
  return { ...ports.config, policy: { ...ports.config.policy, every } };
};

test.each<[string, ReturnType<typeof config>, number]>([
  ['few targets', config(3), 20_000],
  ['a slow target', config(3, { timeout: 40_000 }), 40_000],
  ['twice as many targets as slots', config(800), 47_000],
  ['more than a round has time for', config(4_000), 50_000],
  ['rounds of half an hour', config(100_000, {}, 1_800_000), 840_000],
])('time of the sessions: %s', (_, fleet, timeout) => {
  expect(sessionTime(fleet, 400)).toBe(timeout);
});

test('a session may begin late, even if all targets have a slot', () => {
  const fleet = config(3, { timeout: 20_000 });
  expect(timeToBegin(fleet, 400, fleet.targets[0] as Target)).toBe(7_000);
});

test.each<[Partial<Target>, number]>([
  [{}, 1],
  [{ family: 'each' }, 2],
  [{ host: null, domain: 'example.com' }, 4],
  [{ host: null, domain: 'example.com', family: 'each' }, 8],
])('%j may have %d sessions at once', (extra, sessions) => {
  expect(sessionsOf(target('mx1', 25, extra))).toBe(sessions);
});
