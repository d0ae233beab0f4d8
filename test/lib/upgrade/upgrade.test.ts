/**
 * From the release before to this one, in place: the templates of that release are kept in a file. What holds history,
 * people or their subscriptions must be the same resource in both, or CloudFormation would replace it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { SmtpQuorumProps } from '../../../lib/smtp-quorum.ts';
import type { Resource, Template } from '../deployed.ts';
import { sampleConfig, synthesise } from '../synthesis.ts';

const config = sampleConfig(`
name: mailwatch
home: us-east-1
vantages: [us-east-1, eu-west-1, ap-southeast-1]
recover: 1
ehloName: probe.example.com
control: mail.example.net:25
notify:
  - email: ops@example.com
  - sms: "+15555550100"
    when: [down]
  - webhook: http://127.0.0.1:8080/webhook
    when: [down, recovered]
targets:
  - { id: mx1, host: 127.0.0.1, port: 2525, security: starttls, insecure: true }
  - id: submission
    host: 127.0.0.1
    port: 2587
    insecure: true
    auth: { user: probe, password: { secret: smtp/probe } }
`);

type Stacks = Readonly<Record<string, Template>>;

const before: Readonly<Record<'default' | 'vpc', Stacks>> = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'previous-release.json.gz'))).toString('utf8'),
);

function stacksOf(props: Partial<SmtpQuorumProps> = {}): Stacks {
  const { home, probes } = synthesise(config, props);
  const named = [...probes].map(([vantage, stack]) => [`mailwatch-probe-${vantage}`, stack.toJSON()] as const);
  return { 'mailwatch-home': home.toJSON() as Template, ...(Object.fromEntries(named) as Stacks) };
}

const after = stacksOf();
const stacks = Object.keys(after);
const resourcesOf = (template: Template | undefined, ...types: readonly string[]) =>
  Object.entries(template?.Resources ?? {}).filter(([, { Type }]) => types.includes(Type));

/** What must not be replaced, and the properties whose change would replace it. */
const kept: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions'],
  'AWS::SNS::Topic': ['TopicName', 'KmsMasterKeyId'],
  'AWS::SNS::Subscription': ['TopicArn', 'Protocol', 'Endpoint'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Scheduler::Schedule': ['Name', 'GroupName'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::EC2::EIP': ['Domain'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::EC2::NatGateway': ['AllocationId', 'SubnetId'],
};

const identityOf = ({ Type, Properties = {} }: Resource) =>
  Object.fromEntries((kept[Type] ?? []).map((property) => [property, Properties[property]]));

describe.each(['default', 'vpc'] as const)('egress %s', (egress) => {
  const now = egress === 'default' ? after : stacksOf({ egress: { 'eu-west-1': 'vpc' } });

  test.each(stacks)('%s: nothing that holds history or people is replaced, renamed or removed', (stack) => {
    const former = resourcesOf(before[egress][stack], ...Object.keys(kept));
    expect(former.length).toBeGreaterThan(5);
    const changed = former.filter(([id, resource]) => {
      const same = now[stack]?.Resources[id];
      return !same || JSON.stringify(identityOf(same)) !== JSON.stringify(identityOf(resource));
    });
    expect(changed.map(([id, { Type }]) => `${Type} ${id}`)).toEqual([]);
  });

  test('outputs that people and programs read are still there', () => {
    for (const stack of stacks)
      expect(Object.keys(now[stack]?.Outputs ?? {})).toEqual(
        expect.arrayContaining(Object.keys(before[egress][stack]?.Outputs ?? {})),
      );
  });
});

/** Names under which a stack makes buses, and buses that its rules listen on. */
const busesOf = (template: Template | undefined) =>
  resourcesOf(template, 'AWS::Events::EventBus').map(([, { Properties }]) => String(Properties?.Name));

describe('while only a part of the stacks is deployed', () => {
  const listens = (template: Template | undefined, bus: string, event: object) =>
    resourcesOf(template, 'AWS::Events::Rule').filter(([, { Properties }]) => {
      const { EventBusName, EventPattern } = Properties as {
        EventBusName?: unknown;
        EventPattern: { detail?: object };
      };
      return busNamed(template, EventBusName) === bus && matches(EventPattern, event);
    }).length;
  const wish = (by?: 'judge') => ({
    source: 'smtp-quorum',
    'detail-type': 'Second Opinion Wanted',
    detail: { vantages: ['eu-west-1'], targets: ['mx1'], ...(by ? { by } : {}) },
  });
  const probe = 'mailwatch-probe-eu-west-1';
  /** The judge of the release before has its wish carried to the former bus; the one of this release puts it on both. */
  const asked = {
    before: [['mailwatch', wish()]],
    after: [
      ['mailwatch', wish('judge')],
      ['mailwatch-opinions', wish('judge')],
    ],
  } as const;

  test.each([
    ['before', 'before'],
    ['before', 'after'],
    ['after', 'before'],
    ['after', 'after'],
  ] as const)('a judge of the release %s has a probe of the release %s look exactly once', (judge, release) => {
    const template = { before: before.default, after }[release][probe];
    const looks = asked[judge].map(([bus, event]) => listens(template, bus, event));
    expect(looks.reduce((sum, each) => sum + each, 0)).toBe(1);
  });
});

test('going back to the release before finds the buses that its rules name', () => {
  for (const stack of stacks)
    expect(busesOf(after[stack])).toEqual(expect.arrayContaining(busesOf(before.default[stack])));
});

describe('a home that moves to a region that has a vantage', () => {
  const moved = (formerBuses: 'keep' | 'drop') => {
    const { home, probes } = synthesise({ ...config, home: 'eu-west-1' }, { formerBuses });
    return { home: home.toJSON() as Template, probe: probes.get('us-east-1')?.toJSON() as Template };
  };
  const standing = stacksOf({ formerBuses: 'drop' });

  test('makes nothing there that the stack of the vantage has made', () => {
    const made = physicalNames(moved('drop').home);
    const there = physicalNames(standing['mailwatch-probe-eu-west-1'] as Template);
    expect(made.filter((name) => there.includes(name))).toEqual([]);
  });

  test('leaves a vantage in its former region that makes nothing that the former home has made', () => {
    const made = physicalNames(moved('drop').probe);
    const there = physicalNames(standing['mailwatch-home'] as Template);
    expect(made.filter((name) => there.includes(name))).toEqual([]);
  });

  test('would fail on the bus of the release before, so that one is dropped first', () => {
    expect(physicalNames(moved('drop').home)).toContain('AWS::Events::EventBus mailwatch');
    expect(physicalNames(after['mailwatch-probe-eu-west-1'] as Template)).toContain('AWS::Events::EventBus mailwatch');
  });

  test('makes nothing that is one for the whole account and that the former home has', () => {
    const dashboards = [moved('drop').home, standing['mailwatch-home'] as Template].flatMap((template) =>
      physicalNames(template).filter((name) => name.startsWith('AWS::CloudWatch::Dashboard')),
    );
    expect(new Set(dashboards).size).toBe(2);
  });
});

const nameProperties = [
  'TableName',
  'TopicName',
  'FunctionName',
  'Name',
  'LogGroupName',
  'AlarmName',
  'DashboardName',
  'QueueName',
];

/** `AWS::Events::EventBus mailwatch`: names that the template fixes. */
function physicalNames({ Resources }: Template): readonly string[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
    nameProperties.flatMap((property) =>
      typeof Properties[property] === 'string' ? [`${Type} ${Properties[property]}`] : [],
    ),
  );
}

function busNamed(template: Template | undefined, name: unknown): unknown {
  const { Ref } = (name ?? {}) as { Ref?: string };
  return Ref === undefined ? name : template?.Resources[Ref]?.Properties?.Name;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html, as far as our rules go. */
function matches(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const value = (event as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(wanted)) return matches(wanted, value);
    if (wanted.some((one) => one?.exists === false)) return value === undefined;
    return [value].flat().some((each) => wanted.includes(each));
  });
}
