import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSubscriptionAttributesCommand, GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Caller } from './identity.ts';
import { logGroups } from './inventory.ts';

/** A resource of a template, as deployed. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** The name, ARN, URL or id that its service knows it by. */
  readonly physicalId: string;
  /** As in the template; references are by logical id still. */
  // biome-ignore lint/suspicious/noExplicitAny: a template has whatever its types have
  readonly properties: Readonly<Record<string, any>>;
  /** Physical id of what `{ Ref }` or `{ Fn::GetAtt }` refers to; other values as they are. */
  named(value: unknown): string;
}

/** Asks the service itself; false, or an error of the service, where it is not there as the template has it. */
type Lookup = (resource: Resource, caller: Caller) => Promise<boolean>;

export const lookups: Readonly<Record<string, Lookup>> = {
  'AWS::CloudWatch::Alarm': async ({ physicalId }, caller) => {
    const asked = new DescribeAlarmsCommand({ AlarmNames: [physicalId] });
    return (await new CloudWatchClient(caller).send(asked)).MetricAlarms?.length === 1;
  },
  'AWS::CloudWatch::Dashboard': async ({ physicalId }, caller) =>
    holds(await new CloudWatchClient(caller).send(new GetDashboardCommand({ DashboardName: physicalId }))),
  'AWS::DynamoDB::GlobalTable': async ({ physicalId, properties }, caller) => {
    const { Table } = await new DynamoDBClient(caller).send(new DescribeTableCommand({ TableName: physicalId }));
    return JSON.stringify(Table?.KeySchema) === JSON.stringify(properties.KeySchema);
  },
  'AWS::Events::EventBus': async ({ physicalId }, caller) =>
    holds(await new EventBridgeClient(caller).send(new DescribeEventBusCommand({ Name: physicalId }))),
  'AWS::Events::Rule': async ({ physicalId, properties, named }, caller) => {
    const client = new EventBridgeClient(caller);
    const EventBusName = named(properties.EventBusName ?? 'default');
    await client.send(new DescribeRuleCommand({ Name: physicalId, EventBusName }));
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: physicalId, EventBusName }));
    return Targets?.length === properties.Targets.length;
  },
  'AWS::IAM::ManagedPolicy': async ({ physicalId, properties }, caller) => {
    const asked = new GetPolicyVersionCommand({ PolicyArn: physicalId, VersionId: 'v1' });
    const { PolicyVersion } = await new IAMClient(caller).send(asked);
    return sameStatements(decodeURIComponent(PolicyVersion?.Document ?? '{}'), properties);
  },
  'AWS::IAM::Policy': async ({ properties, named }, caller) => {
    for (const role of properties.Roles) {
      const asked = new GetRolePolicyCommand({ RoleName: named(role), PolicyName: properties.PolicyName });
      const { PolicyDocument = '{}' } = await new IAMClient(caller).send(asked);
      if (!sameStatements(decodeURIComponent(PolicyDocument), properties)) return false;
    }
    return true;
  },
  'AWS::IAM::Role': async ({ physicalId }, caller) =>
    holds(await new IAMClient(caller).send(new GetRoleCommand({ RoleName: physicalId }))),
  'AWS::Lambda::EventInvokeConfig': async ({ properties, named }, caller) => {
    const asked = new GetFunctionEventInvokeConfigCommand({ FunctionName: named(properties.FunctionName) });
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = await new LambdaClient(caller).send(asked);
    return (
      MaximumRetryAttempts === properties.MaximumRetryAttempts &&
      MaximumEventAgeInSeconds === properties.MaximumEventAgeInSeconds
    );
  },
  'AWS::Lambda::EventSourceMapping': async ({ physicalId }, caller) =>
    holds(await new LambdaClient(caller).send(new GetEventSourceMappingCommand({ UUID: physicalId }))),
  'AWS::Lambda::Function': async ({ physicalId, properties }, caller) => {
    const asked = new GetFunctionConfigurationCommand({ FunctionName: physicalId });
    const { Runtime, MemorySize } = await new LambdaClient(caller).send(asked);
    return Runtime === properties.Runtime && MemorySize === properties.MemorySize;
  },
  'AWS::Lambda::Permission': async ({ properties, named }, caller) => {
    const asked = new GetPolicyCommand({ FunctionName: named(properties.FunctionName) });
    const { Policy = '{}' } = await new LambdaClient(caller).send(asked);
    const { Statement }: { Statement: readonly object[] } = JSON.parse(Policy);
    return Statement.map((statement) => JSON.stringify(statement)).some(
      (text) => text.includes(properties.Principal) && text.includes(named(properties.SourceArn)),
    );
  },
  'AWS::Logs::LogGroup': async ({ physicalId }, caller) => (await logGroups(caller)).includes(physicalId),
  'AWS::SNS::Subscription': async ({ physicalId, properties }, caller) => {
    const asked = new GetSubscriptionAttributesCommand({ SubscriptionArn: physicalId });
    const { Attributes } = await new SNSClient(caller).send(asked);
    return Attributes?.Protocol === properties.Protocol && 'FilterPolicy' in properties === !!Attributes?.FilterPolicy;
  },
  'AWS::SNS::Topic': async ({ physicalId }, caller) => holds(await topic(physicalId, caller)),
  'AWS::SNS::TopicPolicy': async ({ properties, named }, caller) => {
    const found = await Promise.all(properties.Topics.map((one: unknown) => topic(named(one), caller)));
    return found.every((attributes) => sameStatements(attributes.Policy, properties));
  },
  'AWS::SQS::Queue': async ({ physicalId }, caller) => holds(await queue(physicalId, caller)),
  'AWS::SQS::QueuePolicy': async ({ properties, named }, caller) => {
    const found = await Promise.all(properties.Queues.map((one: unknown) => queue(named(one), caller)));
    return found.every((attributes) => sameStatements(attributes.Policy, properties));
  },
  'AWS::Scheduler::Schedule': async ({ physicalId, properties }, caller) => {
    const { ScheduleExpression } = await new SchedulerClient(caller).send(new GetScheduleCommand({ Name: physicalId }));
    return ScheduleExpression === properties.ScheduleExpression;
  },
};

async function topic(TopicArn: string, caller: Caller): Promise<Record<string, string>> {
  return (await new SNSClient(caller).send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};
}

/** CloudFormation names queues by a URL of AWS's own. */
async function queue(url: string, caller: Caller): Promise<Record<string, string>> {
  const QueueUrl = `${caller.endpoint}/${url.split('/').slice(-2).join('/')}`;
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await new SQSClient(caller).send(asked)).Attributes ?? {};
}

/** The service answers with an error where it knows no such thing. */
function holds(answer: object): boolean {
  return Object.keys(answer).length > 0;
}

/** By effect and action: resources are by logical id in the template. */
function sameStatements(deployed: string | undefined, properties: Resource['properties']): boolean {
  const said = (document: { Statement?: readonly { Effect: string; Action: unknown }[] }) =>
    JSON.stringify((document.Statement ?? []).map(({ Effect, Action }) => [Effect, Action]));
  return said(JSON.parse(deployed ?? '{}')) === said(properties.PolicyDocument);
}

/** The resources that are not as their template has them, and why. */
export async function amissAmong(resources: readonly Resource[], caller: Caller): Promise<readonly string[]> {
  const told = resources.map(async (resource) => {
    const lookup = lookups[resource.type];
    const why = lookup
      ? await lookup(resource, caller).then((there) => (there ? null : 'not as in the template'), String)
      : 'nobody looks for this type';
    return why === null ? [] : [`${resource.type} ${resource.logicalId}: ${why}`];
  });
  return (await Promise.all(told)).flat();
}
