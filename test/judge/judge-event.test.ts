import { expect, test } from 'vitest';
import { unknownVantageOf } from '../../lambda/judge/judge-event.ts';
import { testPorts } from '../ports.ts';

test.each([
  ['a vantage of the config', { detail: { vantage: 'eu-west-1' } }, null],
  ['a vantage that was removed from it', { detail: { vantage: 'eu-north-1' } }, { vantage: 'eu-north-1' }],
  ['the schedule', { scheduled: '2026-11-22T05:08:00Z' }, null],
  ['nothing', undefined, null],
])('an event from %s', (_, event, unknownVantage) => {
  expect(unknownVantageOf(event, testPorts([]).ports.config)).toEqual(unknownVantage);
});
