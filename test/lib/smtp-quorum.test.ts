import { App, PermissionsBoundary } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { sampleConfig } from './synthesis.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
const mail = new SmtpQuorum(app, 'Mail', {
  config: sampleConfig(),
  account: '123456789012',
  tags: { team: 'mail' },
  permissionsBoundary: PermissionsBoundary.fromName('developers'),
  qualifier: 'mailq',
});
const templates = mail.stacks.map((stack) => [stack.stackName, Template.fromStack(stack)] as const);

test('each stack has its name and its place', () => {
  expect(mail.stacks.map(({ stackName, environment }) => [stackName, environment])).toEqual([
    ['smtp-quorum-home', 'aws://123456789012/us-east-1'],
    ['smtp-quorum-probe-us-east-1', 'aws://123456789012/us-east-1'],
    ['smtp-quorum-probe-eu-west-1', 'aws://123456789012/eu-west-1'],
    ['smtp-quorum-probe-ap-southeast-1', 'aws://123456789012/ap-southeast-1'],
  ]);
});

test('every stack is tagged; CloudFormation tags its resources', () => {
  for (const { tags } of mail.stacks) expect(tags.tagValues()).toEqual({ team: 'mail' });
});

test('the home stack comes first: the probes need its table', () => {
  for (const probe of mail.probes.values()) expect(probe.dependencies).toEqual([mail.home]);
});

test.each(templates)('%s passes on the permissions boundary and the qualifier', (_, template) => {
  const roles = Object.values(template.findResources('AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThan(1);
  for (const { Properties } of roles)
    expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('policy/developers');
  expect(template.toJSON().Parameters.BootstrapVersion.Default).toBe('/cdk-bootstrap/mailq/version');
});
