import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openQuestions } from '../../../bin/arguments/ask-on-terminal.ts';
import { readAnswers } from '../../../bin/arguments/init-answers.ts';
import { initialConfig } from '../../../bin/init/initial-config.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { inProcess } from '../cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The answers of a person, one line per question. */
function questionsWith(...lines: readonly string[]) {
  const input = new PassThrough();
  input.end(`${lines.join('\n')}\n`);
  return openQuestions(input, new PassThrough());
}

test.each<[string, Parameters<typeof readAnswers>[0], readonly string[], object]>([
  ['a domain', {}, ['example.com', '', ''], { domain: 'example.com', email: null, vantages: ['local'] }],
  [
    'an address',
    {},
    ['ops@example.com', 'ops@example.com', '', 'relay.example.net'],
    { domain: 'example.com', email: 'ops@example.com', smtp: 'relay.example.net' },
  ],
  [
    'a server',
    {},
    ['mx1.example.com:587', '', 'us-east-1, eu-west-1'],
    { server: { host: 'mx1.example.com', port: 587 }, vantages: ['us-east-1', 'eu-west-1'] },
  ],
  ['options alone', { domain: 'bücher.example' }, [], { domain: 'xn--bcher-kva.example', vantages: ['local'] }],
])('from %s', async (_, options, lines, expected) => {
  expect(await readAnswers(options, questionsWith(...lines))).toMatchObject(expected);
});

test.each([
  [{}, [''], 'a domain or a server is needed'],
  [{ domain: 'a', host: 'b' }, [], '--domain and --host exclude each other'],
  [{ domain: 'example.com', email: 'ops@example.com' }, [], '--email on one machine needs --smtp HOST'],
  [{ domain: 'not a domain' }, [], 'is not a host name'],
])('%j with the answers %j is refused', async (options, lines, words) => {
  await expect(readAnswers(options, questionsWith(...lines))).rejects.toThrow(words);
});

test('writes a file that passes its own check, names the next commands, and replaces no file', async () => {
  const out = join(folder, 'mail.yaml');
  const args = [
    'init',
    '--host',
    '192.0.2.1:587',
    '--email',
    'ops@example.com',
    '--smtp',
    'relay.example.net',
    '--out',
    out,
  ];
  const { code, stdout } = await inProcess(args);
  expect(code).toBe(0);
  expect(stdout).toContain(
    `npx smtp-quorum probe server-192 --config ${out}\n  npx smtp-quorum start --config ${out}\n`,
  );
  const parsed = loadConfig(out);
  expect(parsed.ok && parsed.config).toMatchObject({
    notify: [{ address: 'ops@example.com' }],
    targets: [{ port: 587 }],
  });
  expect(readFileSync(out, 'utf8')).toMatch(/^# /m);
  expect((await inProcess(args)).stderr).toContain('exists; use --force to replace it');
});

test('a domain without MX records in DNS is told in the terminal, too', async () => {
  const out = join(folder, 'no-mx.yaml');
  const { code, stdout, stderr } = await inProcess(['init', '--domain', 'mail.invalid', '--out', out]);
  expect(code).toBe(0);
  expect(stdout).toContain(`wrote ${out}`);
  expect(stderr).toMatch(
    /^warning: mail\.invalid: its MX records could not be looked up: E\w+; check the name, and DNS on this machine$/m,
  );
  expect(readFileSync(out, 'utf8')).toContain(
    '  # When this file was written, its MX records could not be looked up: ',
  );
});

test('a vantage that is not a region is told, and nothing is written', async () => {
  const out = join(folder, 'wrong.yaml');
  const { code, stderr } = await inProcess(['init', '--host', 'mx1.example.com', '--vantages', 'us-est-1', '-o', out]);
  expect(stderr).toContain('did you mean `us-east-1`?');
  expect(code).toBe(3);
  expect(existsSync(out)).toBe(false);
});

test('every config that it writes is valid, whatever DNS says', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
  const domain = fc.tuple(label, label).map((labels) => labels.join('.'));
  const answers = fc.record({
    domain,
    email: fc.option(domain.map((name) => `ops@${name}.com`)),
    webhook: fc.option(domain.map((name) => `https://${name}/?a=#b: c`)),
    vantages: fc.constantFrom(['local'], ['us-east-1'], ['eu-west-1', 'us-east-1', 'sa-east-1']),
  });
  const lookup = fc.record({ hosts: fc.array(fc.string()), problem: fc.option(fc.string()) });
  fc.assert(
    fc.property(answers, lookup, (given, found) => {
      const smtp = given.email !== null && given.vantages.some((name) => name === 'local') ? 'relay.example.net' : null;
      const text = initialConfig({ server: null, ehloName: null, smtp, ...given }, found);
      const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
      expect(parsed.ok ? [] : parsed.problems).toEqual([]);
      expect(parsed.ok && parsed.config.targets[0]?.domain).toBe(given.domain);
    }),
    { numRuns: 60 },
  );
});
