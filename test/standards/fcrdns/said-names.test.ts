import { expect, test } from 'vitest';
import { saidProblems } from '../../../lambda/standards/fcrdns/said-names.ts';

const name = 'mx1.example.com';
const other = 'mail.example.org';

/** Greeting, EHLO, confirmed names of the address, and the problems. */
test.each<[string, string | null, string | null, readonly string[], string]>([
  ['all equal', name, name, [name], ''],
  ['PTR in capitals and with a dot', name, name, ['MX1.Example.COM.'], ''],
  ['one of several names', name, name, [other, name], ''],
  ['another greeting and EHLO', other, other, [name], 'greeting'],
  ['another greeting', other, name, [name], 'greeting ehlo'],
  ['another EHLO', name, other, [name], 'ehlo'],
  ['no confirmed name: that has a finding of its own', other, other, [], ''],
  ['no confirmed name, and two names', name, other, [], 'ehlo'],
  ['no name in the greeting', 'esmtp', 'esmtp', [name], 'greeting'],
  ['an address literal', '[192.0.2.1]', '[192.0.2.1]', [name], 'greeting'],
  ['nothing was said', null, null, [name], ''],
  ['EHLO was not reached', name, null, [name], ''],
  ['a short name', 'mx1', 'mx1', [name], 'greeting'],
])('%s', (_, greeting, ehlo, confirmed, kinds) => {
  const problems = saidProblems({ greeting, ehlo }, confirmed);
  expect(problems.map(({ kind }) => kind).join(' ')).toBe(kinds);
});

test('what is no host name is shown as it is', () => {
  const [problem] = saidProblems({ greeting: 'esmtp', ehlo: null }, [name]);
  expect(problem?.detail).toBe(`greets as 'esmtp', which is no host name; the name of its address is ${name}`);
});
