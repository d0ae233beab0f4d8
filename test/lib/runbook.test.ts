import { expect, test } from 'vitest';
import { runbookOf } from '../../lib/monitoring/runbook.ts';

const runbook = `# Runbook

## alert-owed

Nobody took it,
for minutes.

Look: elsewhere.

## empty

## last

${'long '.repeat(400)}
`;

test('an alarm says the first paragraph of its section, and where to read on', () => {
  expect(runbookOf('alert-owed', runbook)).toBe('Nobody took it, for minutes. Runbook: docs/runbook.md#alert-owed');
});

test('CloudWatch takes what it says', () => {
  expect(runbookOf('last', runbook)).toHaveLength(1000);
});

test.each(['unheard-of', 'empty'])('an alarm without words (%s) is not raised', (key) => {
  expect(() => runbookOf(key, runbook)).toThrow(`no section "## ${key}"`);
});
