import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { SmtpQuorum, type SmtpQuorumProps } from '../../lib/smtp-quorum.ts';
import { corners, fleetOf } from '../lib/quotas/corners.ts';
import { mailConfig, sampleConfig } from '../lib/synthesis.ts';

const found = spawnSync('cfn-lint', ['--version']).status === 0;
if (!found) process.stderr.write('The templates are not linted here: cfn-lint is not on the path.\n');

describe.skipIf(!found)(`cfn-lint${found ? '' : ' is not on the path: its rules were not checked'}`, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'smtp-quorum-lint-'));
  afterAll(() => rmSync(outdir, { recursive: true }));

  function synthesize(name: string, props: SmtpQuorumProps): readonly string[] {
    const app = new App({
      outdir: join(outdir, name),
      context: { 'aws:cdk:bundling-stacks': [] },
      analyticsReporting: false,
    });
    new SmtpQuorum(app, 'Mail', props);
    app.synth();
    const templates = readdirSync(join(outdir, name)).filter((file) => file.endsWith('.template.json'));
    return templates.map((file) => join(name, file));
  }

  test('finds nothing wrong in any template of any variant', () => {
    const variants = [
      'the usual',
      'a public page',
      'a private page, a long name, and everything else',
      '500 secrets in managed policies',
      'a VPC, and 59 ports',
      'China',
      'GovCloud',
    ];
    const fleets = Object.entries(corners).filter(([name]) => variants.includes(name));
    expect(fleets).toHaveLength(variants.length);
    const templates = [
      ...synthesize('sample', { config: sampleConfig() }),
      ...synthesize('mail', { config: mailConfig(), egress: { 'us-east-1': 'vpc' } }),
      ...fleets.flatMap(([name, [size, settings]]) =>
        synthesize(name.replaceAll(/\W+/g, '-'), { config: fleetOf(size), ...settings }),
      ),
    ];
    expect(templates.length).toBeGreaterThan(18);
    // W3005: CDK writes a dependency on a role's policy together with one on the role.
    const { stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', ...templates], {
      cwd: outdir,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});
