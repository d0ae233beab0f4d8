import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As people write it into a CDK app of theirs. */
const app = `
import { App } from 'aws-cdk-lib';
import { type Config, type Egress, formatProblems, HomeStack, loadConfig, ProbeStack, SmtpQuorum } from 'smtp-quorum';

const parsed = loadConfig('smtp-quorum.yaml');
if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
const config: Config = parsed.config;
const egress: Egress = 'default';
const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const mail = new SmtpQuorum(app, 'Mail', { config, egress: { 'us-east-1': egress }, operators: ['ops@example.com'] });
new HomeStack(app, 'Other', { config: { ...config, name: 'other' } });
new ProbeStack(app, 'OtherProbe', { config: { ...config, name: 'other' }, vantage: 'us-east-1' });
console.log(app.synth().stacks.map(({ stackName }) => stackName).sort().join(' '), mail.home.statusReader.node.path);
`;

/** The package as it is published, beside the dependencies that an installation would bring. */
beforeAll(() => {
  const before = Date.now();
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  // Both builds were made for it: of types and stacks, and of the command line.
  for (const path of ['dist/lib/index.d.ts', 'dist/bin/sources.json'])
    expect(statSync(join(root, path)).mtimeMs).toBeGreaterThanOrEqual(before - 1000);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'smtp-quorum'), { recursive: true });
  const tarball = join(folder, packed.trim().split('\n').at(-1) ?? '');
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'smtp-quorum'), '--strip-components', '1']);
  symlinkSync(join(root, 'node_modules'), join(modules, 'smtp-quorum/node_modules'));
  for (const name of ['aws-cdk-lib', 'constructs', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'app.ts'), app);
  writeFileSync(
    join(folder, 'smtp-quorum.yaml'),
    'home: us-east-1\nvantages: [us-east-1]\nehloName: probe.example.com\ntargets:\n  - { id: mx1, host: mx1.example.com, port: 587 }\n',
  );
});

test('the command line of the package runs, with its lazy commands, from built code alone', () => {
  const program = join(folder, 'node_modules/smtp-quorum/bin/smtp-quorum.js');
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run('cost').stdout).toContain('Estimated from the config alone');
  expect(run('status').stderr).toContain('no history at');
  const probe = run('probe', 'mx1', '--mx');
  expect(probe.stderr).toContain('--mx: the config has `domain`');
  expect(probe.status).toBe(3);
  expect(existsSync(join(folder, 'node_modules/smtp-quorum/lambda'))).toBe(false);
});

test('what is published has types, and makes stacks', () => {
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--skipLibCheck'];
  const { stdout: faults } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...options, 'app.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(faults).toBe('');
  const { stdout, stderr } = spawnSync(process.execPath, ['app.js'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).not.toContain('Error');
  expect(stdout).toBe(
    'other-home other-probe-us-east-1 smtp-quorum-home smtp-quorum-probe-us-east-1 Mail/Home/StatusReader\n',
  );
});
