import { App } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import type { Config } from '../../../lambda/config/config.ts';
import type { FleetSettings } from '../../../lib/quotas/quota-inputs.ts';
import type { QuotaName } from '../../../lib/quotas/quota-table.ts';
import { SmtpQuorum } from '../../../lib/smtp-quorum.ts';
import { deployed, type Resource, type Template } from '../deployed.ts';

type Properties = Readonly<Record<string, unknown>>;

interface Stack {
  /** As CDK writes it to its file. */
  readonly bytes: number;
  readonly template: Template;
}

/** What a config really uses of each limit that a template shows. */
export function measured(config: Config, settings: FleetSettings): ReadonlyMap<QuotaName, number> {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const mail = new SmtpQuorum(app, 'Mail', { config, ...settings });
  const stacks = mail.stacks.map((stack): Stack => {
    const raw = Assertions.fromStack(stack).toJSON() as Template;
    const place = { stack: stack.stackName, region: stack.region, account: '123456789012' };
    return { bytes: Buffer.byteLength(JSON.stringify(raw, null, 1)), template: deployed(raw, place) };
  });
  const [home, ...probes] = stacks as [Stack, ...Stack[]];
  return new Map<QuotaName, number>([
    ['resources of the home stack', countOf(home)],
    ['resources of a probe stack', Math.max(...probes.map(countOf))],
    ['template of the home stack', home.bytes],
    ['template of a probe stack', Math.max(...probes.map(({ bytes }) => bytes))],
    ['outputs of a stack', Math.max(...stacks.map(({ template }) => Object.keys(template.Outputs ?? {}).length))],
    ['name of a stack', Math.max(...mail.stacks.map(({ stackName }) => stackName.length))],
    ["inline policies of the judge's role", inlineOf(home, /-JudgeRole/)],
    ["inline policies of a probe's role", Math.max(...probes.map((probe) => inlineOf(probe, /-ProbeRole/)))],
    ["managed policies of a probe's role", Math.max(...probes.map(managedOf))],
    ['managed policy', largest(stacks, 'AWS::IAM::ManagedPolicy', ({ PolicyDocument }) => PolicyDocument)],
    [
      'trust policy of a role',
      largest(stacks, 'AWS::IAM::Role', ({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument),
    ],
    ['size of a queue policy', largest(stacks, 'AWS::SQS::QueuePolicy', ({ PolicyDocument }) => PolicyDocument)],
    ['statements of a queue policy', queueStatements(stacks, () => true)],
    ['conditions of a queue policy', queueStatements(stacks, ({ Condition }) => Condition !== undefined)],
    ['size of a topic policy', largest(stacks, 'AWS::SNS::TopicPolicy', ({ PolicyDocument }) => PolicyDocument)],
    ['filter policies of the topic of alerts', filtersOf(home)],
    ['environment of a function', environments(stacks)],
    ['name of a function', Math.max(...named(stacks, 'AWS::Lambda::Function', 'FunctionName'))],
    ['pattern of a rule', largest(stacks, 'AWS::Events::Rule', ({ EventPattern }) => EventPattern)],
    ['values of a filter policy', filterValues(home)],
    ['name of a queue', Math.max(...named(stacks, 'AWS::SQS::Queue', 'QueueName'))],
    ['metrics of a graph', graphMetrics(home)],
    ['function at CloudFront', largestText(home, 'AWS::CloudFront::Function', 'FunctionCode')],
    ['outbound rules of a security group', Math.max(0, ...stacks.map(portsOf))],
  ]);
}

function countOf({ template }: Stack): number {
  return Object.keys(template.Resources).length;
}

function of(stack: Stack, type: string): readonly [string, Properties][] {
  return Object.entries(stack.template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]: [string, Resource]) => [id, (Properties ?? {}) as Properties]);
}

/** Characters of the policies in a role together, by the part of its name that is its logical id. */
function inlineOf(stack: Stack, role: RegExp): number {
  const own = of(stack, 'AWS::IAM::Policy').filter(([, { Roles }]) =>
    (Roles as string[]).some((name) => role.test(name)),
  );
  return own.reduce((total, [, { PolicyDocument }]) => total + JSON.stringify(PolicyDocument).length, 0);
}

function managedOf(stack: Stack): number {
  return of(stack, 'AWS::IAM::ManagedPolicy').length;
}

function largest(stacks: readonly Stack[], type: string, partOf: (properties: Properties) => unknown): number {
  const sizes = stacks.flatMap((stack) =>
    of(stack, type).map(([, properties]) => Buffer.byteLength(JSON.stringify(partOf(properties)))),
  );
  return Math.max(0, ...sizes);
}

function queueStatements(stacks: readonly Stack[], counts: (statement: { Condition?: unknown }) => boolean): number {
  const policies = stacks.flatMap((stack) => of(stack, 'AWS::SQS::QueuePolicy'));
  return Math.max(
    ...policies.map(
      ([, { PolicyDocument }]) => (PolicyDocument as { Statement: object[] }).Statement.filter(counts).length,
    ),
  );
}

function filtersOf(home: Stack): number {
  return of(home, 'AWS::SNS::Subscription').filter(([, { FilterPolicy }]) => FilterPolicy !== undefined).length;
}

function filterValues(home: Stack): number {
  const filters = of(home, 'AWS::SNS::Subscription').map(([, { FilterPolicy = {} }]) =>
    Object.values(FilterPolicy as object),
  );
  return Math.max(0, ...filters.map((values) => values.flat().length));
}

function graphMetrics(home: Stack): number {
  const bodies = of(home, 'AWS::CloudWatch::Dashboard').map(([, { DashboardBody }]) => String(DashboardBody));
  const widgets = bodies.flatMap((body) => JSON.parse(body).widgets as { properties: { metrics?: unknown[] } }[]);
  return Math.max(...widgets.map(({ properties }) => properties.metrics?.length ?? 0));
}

function environments(stacks: readonly Stack[]): number {
  const all = stacks.flatMap((stack) => of(stack, 'AWS::Lambda::Function'));
  const sizes = all.map(([, { Environment }]) =>
    Object.entries((Environment as { Variables: Record<string, string> }).Variables)
      .map(([name, value]) => Buffer.byteLength(name + value))
      .reduce((total, size) => total + size, 0),
  );
  return Math.max(...sizes);
}

function named(stacks: readonly Stack[], type: string, property: string): number[] {
  return stacks.flatMap((stack) => of(stack, type).map(([, { [property]: name = '' }]) => String(name).length));
}

function largestText(stack: Stack, type: string, property: string): number {
  return Math.max(0, ...of(stack, type).map(([, { [property]: text = '' }]) => Buffer.byteLength(String(text))));
}

function portsOf(stack: Stack): number {
  const rules = of(stack, 'AWS::EC2::SecurityGroup').flatMap(
    ([, { SecurityGroupEgress }]) => SecurityGroupEgress as { CidrIp?: string }[],
  );
  return rules.filter(({ CidrIp }) => CidrIp !== undefined).length;
}
