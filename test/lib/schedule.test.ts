import { describe, expect, test } from 'vitest';
import { roundSchedule } from '../../lib/function/schedule.ts';

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
  expect(roundSchedule(minutes * minute).expression.expressionString).toBe(expression);
});

describe('a staggered vantage', () => {
  test.each([
    [1, 20_000, 'cron(*/1 * * * ? *)', 20],
    [5, 100_000, 'cron(1/5 * * * ? *)', 40],
    [60, 20 * minute, 'cron(20 */1 * * ? *)', 0],
    [360, 120 * minute + 1_500, 'cron(0 2/6 * * ? *)', 1],
    [7, 140_000, 'rate(7 minutes)', 0],
  ])('of rounds of %i minutes, %i ms behind: %s and %i s', (minutes, behind, expression, seconds) => {
    const { expression: found, delay } = roundSchedule(minutes * minute, behind);
    expect([found.expressionString, delay.toSeconds()]).toEqual([expression, seconds]);
  });
});
