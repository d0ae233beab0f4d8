import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type History, openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Diagnosis, DiagnosisRequest } from '../../lambda/probe/diagnosis.ts';
import type { AwsClientOptions } from './aws-client-options.ts';
import { type SmsSandbox, type Subscriber, smsLimit, smsSandbox, smsSpent, subscribers } from './sns-account.ts';

/** A stack as deployed. */
export interface DeployedStack {
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
}

export interface DeployedSchedule {
  readonly name: string;
  readonly enabled: boolean;
}

export interface RaisedAlarm {
  readonly name: string;
  readonly reason: string;
}

/** The questions of doctor to AWS. Each is one or two calls that read, and throws the SDK's error where it fails. */
export interface AwsAccount {
  identity(region: string): Promise<{ readonly account: string; readonly arn: string }>;
  /** Version of the bootstrap stack; null where there is none. */
  bootstrap(region: string, qualifier: string): Promise<number | null>;
  stack(region: string, name: string): Promise<DeployedStack | null>;
  schedules(region: string, stack: string): Promise<readonly DeployedSchedule[]>;
  /** Alarms that are going off, of those whose name begins so. */
  alarms(region: string, prefix: string): Promise<readonly RaisedAlarm[]>;
  diagnosis(region: string, probe: string, wanted: DiagnosisRequest): Promise<Diagnosis>;
  subscribers(region: string, topicArn: string): Promise<readonly Subscriber[]>;
  smsSandbox(region: string): Promise<SmsSandbox>;
  /** Dollars a month that SNS may spend on SMS. */
  smsLimit(region: string): Promise<number>;
  /** Dollars since the month began; null where nothing was sent lately. */
  smsSpent(region: string): Promise<number | null>;
  history(region: string, table: string): History;
  close(): void;
}

/** The clients are loaded when they are first asked: no other command needs them. */
export function openAwsAccount(profile: string | undefined): AwsAccount {
  const at = (region: string): AwsClientOptions => ({ region, ...(profile === undefined ? {} : { profile }) });
  const tables: DynamoDBClient[] = [];
  return {
    identity: (region) => identity(at(region)),
    bootstrap: (region, qualifier) => bootstrap(at(region), qualifier),
    stack: (region, name) => stack(at(region), name),
    schedules: (region, name) => schedules(at(region), name),
    alarms: (region, prefix) => alarms(at(region), prefix),
    diagnosis: (region, probe, wanted) => diagnosis(at(region), probe, wanted),
    subscribers: (region, topicArn) => subscribers(at(region), topicArn),
    smsSandbox: (region) => smsSandbox(at(region)),
    smsLimit: (region) => smsLimit(at(region)),
    smsSpent: (region) => smsSpent(at(region), Date.now()),
    history: (region, table) => {
      const client = new DynamoDBClient(at(region));
      tables.push(client);
      return openHistory(dynamodbTable(client, table));
    },
    close: () => {
      for (const client of tables) client.destroy();
    },
  };
}

async function identity(options: AwsClientOptions) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Account = '', Arn = '' } = await new STSClient(options).send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
async function bootstrap(options: AwsClientOptions, qualifier: string): Promise<number | null> {
  const { GetParameterCommand, ParameterNotFound, SSMClient } = await import('@aws-sdk/client-ssm');
  const parameter = new GetParameterCommand({ Name: `/cdk-bootstrap/${qualifier}/version` });
  try {
    return Number((await new SSMClient(options).send(parameter)).Parameter?.Value);
  } catch (error) {
    if (error instanceof ParameterNotFound) return null;
    throw error;
  }
}

/** A stack that is not there is a ValidationError of CloudFormation, as many other things are. */
async function stack(options: AwsClientOptions, name: string): Promise<DeployedStack | null> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks = [] } = await new CloudFormationClient(options).send(
      new DescribeStacksCommand({ StackName: name }),
    );
    const [found] = Stacks;
    if (!found) return null;
    const outputs = (found.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    return { status: found.StackStatus ?? '', outputs: new Map(outputs) };
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw error;
  }
}

/** By the stack's resources: CloudFormation makes up their names. */
async function schedules(options: AwsClientOptions, stackName: string): Promise<readonly DeployedSchedule[]> {
  const [{ CloudFormationClient, DescribeStackResourcesCommand }, { GetScheduleCommand, SchedulerClient }] =
    await Promise.all([import('@aws-sdk/client-cloudformation'), import('@aws-sdk/client-scheduler')]);
  const asked = new DescribeStackResourcesCommand({ StackName: stackName });
  const { StackResources = [] } = await new CloudFormationClient(options).send(asked);
  const names = StackResources.filter(({ ResourceType }) => ResourceType === 'AWS::Scheduler::Schedule');
  const scheduler = new SchedulerClient(options);
  return Promise.all(
    names.map(async ({ PhysicalResourceId: Name = '' }) => {
      const { State } = await scheduler.send(new GetScheduleCommand({ Name }));
      return { name: Name, enabled: State !== 'DISABLED' };
    }),
  );
}

async function alarms(options: AwsClientOptions, prefix: string): Promise<readonly RaisedAlarm[]> {
  const { CloudWatchClient, DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  const asked = new DescribeAlarmsCommand({ AlarmNamePrefix: prefix });
  const { MetricAlarms = [] } = await new CloudWatchClient(options).send(asked);
  const raised = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM');
  return raised.map(({ AlarmName = '', StateReason = '' }) => ({ name: AlarmName, reason: StateReason }));
}

/** @throws Error with what the function said, where it failed */
async function diagnosis(options: AwsClientOptions, probe: string, wanted: DiagnosisRequest): Promise<Diagnosis> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const invoke = new InvokeCommand({ FunctionName: probe, Payload: Buffer.from(JSON.stringify(wanted)) });
  const { FunctionError, Payload } = await new LambdaClient(options).send(invoke);
  const answer: Diagnosis & { readonly errorMessage?: string } = JSON.parse(
    Buffer.from(Payload ?? []).toString('utf8') || '{}',
  );
  if (FunctionError || !answer.knocks) throw new Error(`the probe failed: ${answer.errorMessage ?? FunctionError}`);
  return answer;
}
