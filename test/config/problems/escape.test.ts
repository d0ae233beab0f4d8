import { expect, test } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { formatProblems } from '../../../lambda/config/problems/problem.ts';

const ESC = '\x1b[31m';

test.each([
  ['a value', `home: us-east-1\nquorum: "${ESC}\u00ad"\n`],
  ['a key', `home: us-east-1\n"${ESC}\u202e": 1\n`],
  ['an id', `targets:\n  - id: "mx\u200b1"\n    host: mx1.example.com\n`],
  ['no YAML', `home: [${ESC}\n`],
])('what is in the file does not reach the terminal as it is: %s', (_, text) => {
  const parsed = parseConfig(text, `smtp${ESC}.yaml`, () => '');
  const told = parsed.ok ? '' : formatProblems(parsed.problems);
  expect(told).toContain('smtp\\x1b[31m.yaml:');
  expect(told.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
});

test('the marks stand below what is shown of it', () => {
  const parsed = parseConfig(`\t{home: us-east-1, every: "${ESC}"}`, 'smtp-quorum.yaml', () => '');
  const problems = parsed.ok ? [] : parsed.problems.filter(({ path }) => path === 'every');
  const [, excerpt = '', marks = ''] = formatProblems(problems).split('\n');
  const meant = excerpt.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1);
  expect(meant).toBe('"\\x1b[31m"');
});
