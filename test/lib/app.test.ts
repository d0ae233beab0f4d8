import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const app = resolve(import.meta.dirname, '../../bin/app.js');
const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-app-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the app as the CDK command line does. */
function synth(yaml: string, context: Record<string, unknown> = {}) {
  const config = join(folder, 'mail.yaml');
  const outdir = join(folder, 'cdk.out');
  writeFileSync(config, yaml);
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ config, ...context, 'aws:cdk:bundling-stacks': [] }),
  };
  const { status, stderr } = spawnSync(process.execPath, [app], { env, encoding: 'utf8' });
  return { status, stderr, synthesised: existsSync(join(outdir, 'manifest.json')) };
}

test('a mistake in the config is told with its place; nothing is synthesised', () => {
  const { status, stderr, synthesised } = synth('targets:\n  - id: mx1\n    hots: mx1.example.com\n');
  expect(stderr).toContain('mail.yaml:3:5');
  expect(stderr).toContain('host');
  expect(status).toBe(3);
  expect(synthesised).toBe(false);
});

test('what AWS cannot do is told; nothing is synthesised', () => {
  const { status, stderr, synthesised } = synth(
    'vantages: [local]\ntargets:\n  - id: mx1\n    host: mx1.example.com\n',
  );
  expect(stderr).toContain('local is no AWS region');
  expect(status).toBe(3);
  expect(synthesised).toBe(false);
});

test.each([
  [{ 'eu-west-2': 'vpc' }, 'eu-west-2 is no vantage'],
  [{ 'eu-west-1': 'vpn' }, 'egress.eu-west-1: write default, vpc or'],
])('the way out %j is refused; nothing is synthesised', (egress, why) => {
  const config =
    'vantages: [eu-west-1]\nehloName: probe.example.com\ntargets:\n  - id: mx1\n    host: mx1.example.com\n';
  const { status, stderr, synthesised } = synth(config, { egress });
  expect(stderr).toContain(why);
  expect(status).toBe(3);
  expect(synthesised).toBe(false);
});
