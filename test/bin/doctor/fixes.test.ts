import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { controlChecks } from '../../../bin/doctor/port-25-advice.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import { SmtpQuorum } from '../../../lib/smtp-quorum.ts';
import { errorNamed, unknownParameter } from './aws-answers.ts';
import { config, doctor, folder, remove, YAML } from './healthy-account.ts';

const root = path.resolve(import.meta.dirname, '../../..');

afterAll(remove);
afterEach(() => vi.restoreAllMocks());

/** A folder with the templates, as `cdk synth` writes them, but for the functions' code. */
function synthesised(): string {
  const parsed = loadConfig(config);
  if (!parsed.ok) throw new Error('the config of the test is not valid');
  const outdir = path.join(folder, 'cdk.out');
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  new SmtpQuorum(app, 'SmtpQuorum', { config: parsed.config });
  app.synth();
  return outdir;
}

describe('the fixes are commands that CDK and SNS accept', () => {
  let outdir: string;
  beforeAll(() => {
    outdir = synthesised();
  });

  test('cdk finds each stack that a fix deploys', async () => {
    const nowhere = errorNamed('ValidationError', 'Stack with id x does not exist');
    const { failed } = await doctor({ DescribeStacksCommand: () => nowhere });
    const patterns = failed.flatMap(({ fix }) => /^npx cdk deploy '(.*)'$/.exec(fix ?? '')?.[1] ?? []);
    const cdk = path.join(root, 'node_modules/.bin/cdk');
    const { stdout } = spawnSync(cdk, ['list', '--app', outdir, ...patterns], { encoding: 'utf8', cwd: folder });
    expect(patterns).toHaveLength(3);
    expect(stdout.trim().split('\n')).toEqual([
      'SmtpQuorum/Home (mailwatch-home)',
      'SmtpQuorum/Probe-us-east-1 (mailwatch-probe-us-east-1)',
      'SmtpQuorum/Probe-eu-west-1 (mailwatch-probe-eu-west-1)',
    ]);
  });

  test('a subscription by hand has the filter policy of the stack', async () => {
    const { failed } = await doctor({ ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }) });
    const commands = failed.map(({ fix }) => fix ?? '').join('; ');
    const byHand = [...commands.matchAll(/--protocol (\w+) .*?--attributes '(.*?)'/g)].map(
      ([, protocol, attributes]) => [protocol, JSON.parse(JSON.parse(attributes ?? '').FilterPolicy)],
    );
    const [home] = readdirSync(outdir).filter((file) => /Home.*\.template\.json$/.test(file));
    const { Resources } = JSON.parse(readFileSync(path.join(outdir, home ?? ''), 'utf8'));
    const byStack = Object.values<{ Type: string; Properties: { Protocol: string; FilterPolicy?: object } }>(Resources)
      .filter(({ Type, Properties }) => Type === 'AWS::SNS::Subscription' && Properties.FilterPolicy)
      .map(({ Properties }) => [Properties.Protocol, Properties.FilterPolicy]);
    expect(byHand).toEqual(byStack);
  });
});

test('a custom qualifier is in the bootstrap command', async () => {
  const { failed } = await doctor({ GetParameterCommand: unknownParameter }, ['--qualifier', 'mail']);
  expect(failed.map(({ fix }) => fix)).toEqual(
    ['us-east-1', 'eu-west-1'].map(
      (region) =>
        `npx cdk bootstrap --qualifier mail --toolkit-stack-name CDKToolkit-mail aws://123456789012/${region}`,
    ),
  );
});

test('port 25 without a control target is a warning, and without a target on it there is no check', async () => {
  const file = path.join(folder, 'uncontrolled.yaml');
  writeFileSync(file, YAML.replace(/control: .*\n/, ''));
  const parsed = loadConfig(file);
  if (!parsed.ok) throw new Error('the config has problems');
  const { config: deployed } = parsed;
  const results = async (control: Config['control'], targets = deployed.targets) => {
    const checks = controlChecks<null>({ ...deployed, control, targets });
    return Promise.all(checks.map(({ run }) => run(null)));
  };
  expect(await results(null)).toMatchObject([
    {
      outcome: 'warn',
      detail: expect.stringMatching(/^none, .*\(mx1\)/),
      fix: expect.stringMatching(/control: host:25/),
    },
  ]);
  expect(await results({ host: 'mail.example.net', port: 587 })).toMatchObject([
    { detail: expect.stringMatching(/^none at port 25/) },
  ]);
  expect(await results({ host: 'mail.example.net', port: 25 })).toMatchObject([{ outcome: 'pass' }]);
  expect(
    await results(
      null,
      deployed.targets.filter(({ port }) => port !== 25),
    ),
  ).toEqual([]);
});
