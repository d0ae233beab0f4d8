import { expect, test } from 'vitest';
import { burnText } from '../../../lambda/reports/uptime/burn-text.ts';

test.each([
  [0, '0 %'],
  [0.004, '1 %'],
  [0.5, '50 %'],
  [0.999, '99 %'],
  [1, '100 %'],
  [1.004, '101 %'],
  [9.5, '950 %'],
  [10, '1000 %'],
  [10.001, 'over 1000 %'],
  [1000, 'over 1000 %'],
  [Number.POSITIVE_INFINITY, 'over 1000 %'],
])('%s of an error budget is %s', (burn, text) => {
  expect(burnText(burn)).toBe(text);
});
