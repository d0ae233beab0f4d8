import { afterEach, expect, test, vi } from 'vitest';
import { logLine } from '../../lambda/aws/log.ts';

afterEach(() => vi.restoreAllMocks());

function logged(...call: Parameters<typeof logLine>): unknown {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  logLine(...call);
  expect(written.join('')).toMatch(/^[^\n]+\n$/);
  return JSON.parse(written.join(''));
}

test('a line contains the facts, and its metrics in the embedded metric format', () => {
  expect(logged('mail', 1_795_000_000_000, { message: 'judged' }, { down: 2, owedAge: 0 })).toEqual({
    message: 'judged',
    TargetsDown: 2,
    OwedAlertAge: 0,
    _aws: {
      Timestamp: 1_795_000_000_000,
      CloudWatchMetrics: [
        { Namespace: 'mail', Dimensions: [[]], Metrics: [{ Name: 'TargetsDown' }, { Name: 'OwedAlertAge' }] },
      ],
    },
  });
});

test('a line without metrics has no `_aws` member', () => {
  expect(logged('mail', 0, { message: 'rolled up' }, {})).toEqual({ message: 'rolled up' });
});
