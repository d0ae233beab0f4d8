import { expect, test } from 'vitest';
import { roundSchedule } from '../../lib/schedule.ts';

const minute = 60_000;

test.each([
  [1, 'cron(*/1 * * * ? *)'],
  [5, 'cron(*/5 * * * ? *)'],
  [7, 'rate(7 minutes)'],
  [30, 'cron(*/30 * * * ? *)'],
  [60, 'cron(0 */1 * * ? *)'],
  [90, 'rate(90 minutes)'],
  [360, 'cron(0 */6 * * ? *)'],
])('a round of %i minutes is %s', (minutes, expression) => {
  expect(roundSchedule(minutes * minute).expressionString).toBe(expression);
});
