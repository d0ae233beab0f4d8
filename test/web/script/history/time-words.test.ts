/** Words on the axis of time, in the language and zone of whoever runs it. */
import { expect, test } from 'vitest';
import { axisWords } from '../../../../web/script/history/time-words.ts';

const at = (hour: number) => new Date(2026, 10, 26, hour).getTime() / 1000;

test('hours have a clock, and a date where a day begins', () => {
  const words = axisWords([at(20), at(22), at(24), at(26)], 7_200);
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
  expect(words.map((one) => one.split('\n')[0])).toEqual([20, 22, 24, 26].map((hour) => clock.format(at(hour) * 1000)));
  expect(words.map((one) => one.split('\n').length)).toEqual([2, 1, 2, 1]);
});

test.each([
  ['days', 86_400, { day: 'numeric', month: 'short' }],
  ['months', 30 * 86_400, { month: 'short', year: 'numeric' }],
] as const)('%s', (_, step, format) => {
  expect(axisWords([at(0)], step)).toEqual([new Intl.DateTimeFormat(undefined, format).format(at(0) * 1000)]);
});
