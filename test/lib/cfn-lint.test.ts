import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { sampleConfig } from './synthesis.ts';

const found = spawnSync('cfn-lint', ['--version']).status === 0;
if (!found) process.stderr.write('The templates are not linted here: cfn-lint is not on the path.\n');

describe.skipIf(!found)(`cfn-lint${found ? '' : ' is not on the path: its rules were not checked'}`, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'smtp-quorum-lint-'));
  afterAll(() => rmSync(outdir, { recursive: true }));

  test('finds nothing wrong in any template', { timeout: 60_000 }, () => {
    const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
    new SmtpQuorum(app, 'Mail', { config: sampleConfig() });
    app.synth();
    const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
    expect(templates).toHaveLength(4);
    // W3005: CDK writes a dependency on a role's policy together with one on the role.
    const { stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', ...templates], {
      cwd: outdir,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});
