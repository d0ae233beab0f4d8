/** Commands of findings have names from DNS, and people paste them. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digCommand, shellWord } from '../../lambda/posture/finding.ts';
import { checked, mx } from './cases.ts';
import { NOW, servedHost, tlsaRecord } from './transport-cases.ts';

/** What a shell makes of the words of a command. */
function wordsOf(command: string): readonly string[] {
  return execFileSync('sh', ['-c', `for word in ${command}; do printf '%s\\0' "$word"; done`])
    .toString()
    .split('\0')
    .slice(0, -1);
}

test('a name stays as it is if it is an ordinary one', () => {
  expect(digCommand('TXT', '_dmarc.example.com')).toBe('dig +short TXT _dmarc.example.com');
  expect(digCommand('TXT', '2.0.0.127.<key>.zen.dq.spamhaus.net')).toBe(
    "dig +short TXT '2.0.0.127.<key>.zen.dq.spamhaus.net'",
  );
});

test('any text is one word, and no command', () => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '$(id)',
      '`id`',
      'a;id',
      'a|id',
      'a\nid',
      "a'b",
      "'",
      '"$HOME"',
      '*',
      '~',
      '-n',
      '!!',
      '\\',
      'a&b',
      '<a>b',
    ),
  );
  fc.assert(
    fc.property(
      text.filter((one) => !one.includes('\0')),
      (one) => {
        expect(wordsOf(shellWord(one))).toEqual([one]);
      },
    ),
    { numRuns: 60 },
  );
});

test('the command of a finding with a hostile destination of reports is one command', async () => {
  const { findings } = await checked({
    dns: { '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:a@$(id).`id`;x'] } },
  });
  const commands = findings.flatMap(({ command }) => (command === null ? [] : [command]));
  expect(commands.some((command) => command.includes('$(id)'))).toBe(true);
  for (const command of commands) expect(wordsOf(command).length).toBeLessThanOrEqual(4);
});

test('the commands of findings with a hostile MX host have it as a part of a word', async () => {
  const host = '$(id)`id`;x.example.com';
  const name = `_25._tcp.${host}`;
  const { findings } = await checked({
    dns: {
      'example.com': { MX: [mx(host)], TXT: ['v=spf1 mx -all'] },
      [host]: { A: ['192.0.2.10'] },
      [name]: { TLSA: [tlsaRecord('3 1 1 ee')] },
    },
    signed: { [`TLSA ${name}`]: true },
    served: [servedHost({ name: host, address: null, greeting: 'esmtp', ehlo: 'esmtp' })],
    now: NOW,
  });
  const commands = findings.flatMap(({ command }) => (command?.includes('$(id)') ? [command] : []));
  expect(commands.map((command) => command.split(' ')[0])).toEqual(expect.arrayContaining(['nc', 'openssl']));
  for (const command of commands)
    expect(
      wordsOf(command).filter((word) => word.includes(host)),
      command,
    ).toHaveLength(1);
});
