import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Caller } from './identity.ts';

type Names = readonly (string | undefined)[];

/** What a region has of each kind, asked of the service itself. A kind of resource that we deploy belongs here. */
const KINDS: Readonly<Record<string, (caller: Caller) => Promise<Names>>> = {
  alarm: async (caller) => {
    const { MetricAlarms = [] } = await new CloudWatchClient(caller).send(new DescribeAlarmsCommand({}));
    return MetricAlarms.map(({ AlarmName }) => AlarmName);
  },
  bus: async (caller) => {
    const { EventBuses = [] } = await new EventBridgeClient(caller).send(new ListEventBusesCommand({}));
    return EventBuses.map(({ Name }) => Name);
  },
  dashboard: async (caller) => {
    const { DashboardEntries = [] } = await new CloudWatchClient(caller).send(new ListDashboardsCommand({}));
    return DashboardEntries.map(({ DashboardName }) => DashboardName);
  },
  function: async (caller) => {
    const { Functions = [] } = await new LambdaClient(caller).send(new ListFunctionsCommand({}));
    return Functions.map(({ FunctionName }) => FunctionName);
  },
  'log group': logGroups,
  mapping: async (caller) => {
    const { EventSourceMappings = [] } = await new LambdaClient(caller).send(new ListEventSourceMappingsCommand({}));
    return EventSourceMappings.map(({ EventSourceArn }) => EventSourceArn);
  },
  queue: async (caller) => (await new SQSClient(caller).send(new ListQueuesCommand({}))).QueueUrls ?? [],
  role: async (caller) => {
    const { Roles = [] } = await new IAMClient(caller).send(new ListRolesCommand({}));
    return Roles.map(({ RoleName }) => RoleName);
  },
  rule: rules,
  schedule: async (caller) => {
    const { Schedules = [] } = await new SchedulerClient(caller).send(new ListSchedulesCommand({}));
    return Schedules.map(({ Name }) => Name);
  },
  stack: async (caller) => {
    const { StackSummaries = [] } = await new CloudFormationClient(caller).send(new ListStacksCommand({}));
    const left = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    return left.map(({ StackName }) => StackName);
  },
  subscription: async (caller) => {
    const { Subscriptions = [] } = await new SNSClient(caller).send(new ListSubscriptionsCommand({}));
    return Subscriptions.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`);
  },
  table: async (caller) => (await new DynamoDBClient(caller).send(new ListTablesCommand({}))).TableNames ?? [],
  topic: async (caller) => {
    const { Topics = [] } = await new SNSClient(caller).send(new ListTopicsCommand({}));
    return Topics.map(({ TopicArn }) => TopicArn);
  },
};

export const kinds = Object.keys(KINDS);

/** Everything that there is in these regions, a line each: `queue: eu-west-1 …`. Access must not be enforced. */
export async function inventory(callers: readonly Caller[]): Promise<readonly string[]> {
  const lines = callers.flatMap((caller) =>
    Object.entries(KINDS).map(async ([kind, list]) =>
      (await list(caller)).map((name) => `${kind}: ${caller.region} ${name}`),
    ),
  );
  return (await Promise.all(lines)).flat().sort();
}

async function rules(caller: Caller): Promise<Names> {
  const client = new EventBridgeClient(caller);
  const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}));
  const found = EventBuses.map(async ({ Name: EventBusName }) => {
    const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName }));
    return Rules.map(({ Name }) => `${EventBusName} ${Name}`);
  });
  return (await Promise.all(found)).flat();
}

/** Without a client of the SDK: nothing else here would need that of CloudWatch Logs. */
export async function logGroups({ endpoint, region }: Caller): Promise<Names> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.DescribeLogGroups',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20000101/${region}/logs/aws4_request`,
    },
    body: '{}',
  });
  const { logGroups: groups }: { logGroups: readonly { logGroupName: string }[] } = JSON.parse(await answer.text());
  return groups.map(({ logGroupName }) => logGroupName);
}
