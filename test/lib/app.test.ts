import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { afterAll, expect, test } from 'vitest';
import { appProps } from '../../lib/app/app-config.ts';
import { readSettings } from '../../lib/app/app-settings.ts';

const app = resolve(import.meta.dirname, '../../bin/app.js');
const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-app-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the app as the CDK command line does. */
function synth(yaml: string, context: Record<string, unknown> = {}) {
  const config = join(folder, 'mail.yaml');
  const outdir = mkdtempSync(join(folder, 'cdk.out-'));
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
  expect(stderr).toContain('local is not an AWS region');
  expect(status).toBe(3);
  expect(synthesised).toBe(false);
});

const good = `home: us-east-1
vantages: [eu-west-1, us-east-1]
ehloName: probe.example.com
control: mail.example.net:25
targets:
  - id: mx1
    host: mx1.example.com
`;

test('without a config nothing is synthesised, not even the example', () => {
  const cwd = mkdtempSync(join(folder, 'empty-'));
  const env = { ...process.env, CDK_OUTDIR: join(cwd, 'cdk.out'), CDK_CONTEXT_JSON: '{}' };
  const { status, stderr } = spawnSync(process.execPath, [app], { cwd, env, encoding: 'utf8' });
  expect(stderr).toContain('There is no smtp-quorum.yaml in this folder');
  expect(status).toBe(3);
  expect(existsSync(join(cwd, 'cdk.out/manifest.json'))).toBe(false);
});

test.each([
  [{ 'eu-west-2': 'vpc' }, 'eu-west-2 is not a vantage'],
  ['{"eu-west-1":"vpn"}', 'egress.eu-west-1: write default, vpc,'],
])('the way out %j is refused; nothing is synthesised', (egress, why) => {
  const { status, stderr, synthesised } = synth(good, { egress });
  expect(stderr).toContain(why);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(3);
  expect(synthesised).toBe(false);
});

const settingsOf = (context: Record<string, unknown>) => readSettings(new App({ context, analyticsReporting: false }));

test.each<[string, Record<string, unknown>]>([
  ['context egress: write a way out by vantage', { egress: '{' }],
  ['context egress: write a way out by vantage', { egress: ['vpc'] }],
  ['context operators: write e-mail addresses', { operators: 'ops' }],
  ['context smsSpend: write dollars', { smsSpend: 'much' }],
  ['context smsSpend: write dollars', { smsSpend: '' }],
  ['context removalPolicy: write retain or destroy', { removalPolicy: 'keep' }],
  ['context logRetention: write a number of days', { logRetention: 31 }],
  ['context secretKeys: write ARNs', { secretKeys: 'alias/mine' }],
  ['context secretPrefix: write the beginning', { secretPrefix: 'smtp/*' }],
  ['context formerBuses: write keep or drop', { formerBuses: 'no' }],
  ['context x86: write regions', { x86: 'Ireland' }],
])('%s, for %j is refused', (fault, context) => {
  expect(settingsOf(context)).toEqual({ ok: false, fault: expect.stringContaining(fault) });
});

const settings = {
  egress: { 'eu-west-1': { existingVpc: 'vpc-1', subnets: ['subnet-1'], ipv6: true } },
  operators: ['one@example.com', 'other@example.com'],
  smsSpend: 5,
  removalPolicy: RemovalPolicy.DESTROY,
  logRetention: RetentionDays.THREE_MONTHS,
  secretKeys: ['arn:aws:kms:us-east-1:123456789012:key/1'],
};

test.each([
  ['cdk.json', { ...settings, removalPolicy: 'destroy' }],
  [
    'the command line',
    {
      egress: JSON.stringify(settings.egress),
      operators: 'one@example.com, other@example.com',
      smsSpend: '5',
      removalPolicy: 'destroy',
      logRetention: '90',
      secretKeys: settings.secretKeys[0],
    },
  ],
  ['nobody', {}],
])('settings as written by %s', (_, context) => {
  expect(settingsOf(context)).toEqual({ ok: true, settings: Object.keys(context).length > 0 ? settings : {} });
});

test('the app deploys the config with these settings', () => {
  const file = join(folder, 'good.yaml');
  writeFileSync(file, good);
  const context = { config: file, operators: 'one@example.com' };
  expect(appProps(new App({ context, analyticsReporting: false }))).toMatchObject({
    config: { policy: { vantages: ['eu-west-1', 'us-east-1'] } },
    operators: ['one@example.com'],
  });
});
