import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, test } from 'vitest';
import { SmtpQuorum, type SmtpQuorumProps } from '../../lib/smtp-quorum.ts';
import { fleetOf } from './quotas/corners.ts';
import { mailConfig, sampleConfig } from './synthesis.ts';

const outdir = mkdtempSync(join(tmpdir(), 'smtp-quorum-nag-'));
afterAll(() => rmSync(outdir, { recursive: true }));

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/**
 * What the pack has against the fleet, read from its report: the exit code of a synthesis does not always follow it. A
 * topic that breaks a rule is planted beside the fleet, so that a pack that did not run is not taken for content.
 */
function violations(props: Partial<SmtpQuorumProps>): string[] {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const mail = new SmtpQuorum(app, 'Mail', { config: sampleConfig(), ...props });
  new Topic(mail.home, 'Planted');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow('AwsSolutions-SNS3');
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const found: Violation[] = report.pluginReports.find(
    ({ pluginName }: { pluginName: string }) => pluginName === 'AwsSolutions',
  ).violations;
  return found.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
}

describe("cdk-nag's AwsSolutions", () => {
  test.each<[string, Partial<SmtpQuorumProps>]>([
    ['by default', {}],
    [
      'with its own and an existing network',
      {
        egress: {
          'eu-west-1': 'vpc',
          'us-east-1': { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] },
          'ap-southeast-1': { zone: 'ap-southeast-1b' },
        },
      },
    ],
    ['with round trips and bounce mailboxes', { config: mailConfig(), egress: { 'us-east-1': 'vpc' } }],
    ['with many secrets', { config: fleetOf({ vantages: 2, targets: 100, secrets: 100 }) }],
    ['with services', { config: fleetOf({ vantages: 2, targets: 1, services: 2 }) }],
    ['with a public page', { config: fleetOf({ vantages: 2, targets: 1, page: 'public' }) }],
    ['with a private page', { config: fleetOf({ vantages: 2, targets: 1, page: 'private' }) }],
    ['in China', { config: fleetOf({ partition: 'aws-cn', vantages: 2, targets: 1 }), formerBuses: 'drop' }],
  ])('has nothing against it %s', (_, props) => {
    expect(violations(props)).toEqual(['AwsSolutions-SNS3 Mail/Home/Planted/Resource']);
  });
});
