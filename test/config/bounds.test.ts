import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../lambda/config/load.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { cpuTime } from '../cpu-time.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string) => parseConfig(text, 'mail.yaml', () => '');
const head = 'vantages: [local]\nehloName: probe.example.com\n';

/** Line, column and message of each. */
function problemsOf(text: string): readonly string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('anchors and aliases', () => {
  test('a thousand targets share one anchor', () => {
    const targets = Array.from({ length: 1000 }, (_, n) => `  - { <<: *all, id: mx${n} }\n`).join('');
    const parsed = parse(`${head}targets:\n  - &all { id: first, host: mx.example.com, port: 2525 }\n${targets}`);
    expect(parsed.ok && parsed.config.targets.filter(({ port }) => port === 2525).length).toBe(1001);
  });

  const bomb = Array.from({ length: 12 }, (_, n) => `a${n}: &a${n} [${Array(9).fill(n === 0 ? 'x' : `*a${n - 1}`)}]\n`);

  test.each<[string, string, RegExp]>([
    ['aliases of aliases', bomb.join(''), /^7:\d+ not valid YAML: its aliases stand for more than 1000000 values$/],
    ['an alias in its own anchor', 'targets: &a [ *a ]', /^1:15 not valid YAML: an alias is within its own anchor$/],
    ['an alias of nothing', 'targets:\n  - *a', /^2:5 not valid YAML: no anchor with this name stands before/],
    [
      'an alias before its anchor',
      'name: *a\nhome: &a x',
      /^1:7 not valid YAML: no anchor with this name stands before/,
    ],
    ['deep nesting', `targets: ${'['.repeat(300)}${']'.repeat(300)}`, /^1:\d+ not valid YAML: nested too deeply$/],
    [
      'nesting without end',
      `targets: ${'['.repeat(5000)}${']'.repeat(5000)}`,
      /^1:\d+ not valid YAML: nested too deeply$/,
    ],
  ])('%s is refused, with its place', (_, text, words) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(words)]);
  });
});

test('of thousands of unknown keys some are named, and the others counted, in no time', () => {
  const keys = Array.from({ length: 100_000 }, (_, n) => `k${n}: 1\n`).join('');
  let problems: readonly string[] = [];
  const took = cpuTime(() => {
    problems = problemsOf(`${keys}${head}targets: [{ id: a, host: x }]`);
  });
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toBe('21:1 and 99980 more keys here are not keys of the config');
  expect(took).toBeLessThan(20_000);
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'the name %s is not a key of the config',
  (key) => {
    expect(problemsOf(`${head}${key}: 1\ntargets: [{ id: a, host: x, ${key}: { a: 1 } }]`)).toEqual([
      `3:1 is not a key of the config`,
      expect.stringMatching(/^4:\d+ is not a key of the config$/),
    ]);
  },
);

test('of a line without end a part is shown, with the mistake in it', () => {
  const parsed = parse(`${head}targets: [{ id: a, host: ${'x'.repeat(100_000)}, prot: 25 }]`);
  const text = parsed.ok ? '' : formatProblems(parsed.problems.filter(({ path: at }) => at.endsWith('prot')));
  expect(text.length).toBeLessThan(1_500);
  const [, line = '', mark = ''] = text.split('\n');
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('prot');
});

describe('files', () => {
  const config = path.join(folder, 'mail.yaml');
  const large = path.join(folder, 'large.pem');
  const pipe = path.join(folder, 'pipe');
  writeFileSync(large, '');
  truncateSync(large, 5 * 1024 ** 3);
  execFileSync('mkfifo', [pipe]);

  test.each([
    ['a device', '/dev/zero', '/dev/zero is no regular file'],
    ['a pipe', pipe, `${pipe} is no regular file`],
    ['a folder', folder, `${folder} is a folder`],
    ['more than 1 MB', large, `${large} is larger than 1 MB`],
  ])('`ca` is %s', (_, ca, words) => {
    writeFileSync(config, `${head}targets:\n  - { id: a, host: x, ca: ${ca} }\n`);
    const parsed = loadConfig(config);
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { path: 'targets[0].ca', line: 4, message: `cannot be read: ${words}` },
    ]);
  });

  test.each([
    ['/dev/zero', '/dev/zero is no regular file'],
    [large, `${large} is larger than 4 MB`],
  ])('the config is %s', (file, words) => {
    expect(() => loadConfig(file)).toThrow(words);
  });
});
