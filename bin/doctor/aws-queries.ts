import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Subscription } from '../../lambda/alert/subscriptions/subscription.ts';
import type { SecretDiagnosis, SecretDiagnosisRequest } from '../../lambda/aws/diagnose-secrets.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { MailboxDiagnosis, MailboxDiagnosisRequest } from '../../lambda/mailbox-check/diagnose-mailboxes.ts';
import type { PostureDiagnosis, PostureDiagnosisRequest } from '../../lambda/posture-watch/diagnose-lists.ts';
import type { Diagnosis, DiagnosisRequest } from '../../lambda/probe/diagnose-for-doctor.ts';
import type { AwsClientOptions } from './region-and-profile.ts';
import { type VoiceAccount, voiceAccount } from './services/voice-account.ts';
import { type SmsSandbox, smsLimit, smsSandbox, smsSpent, subscribers } from './sns-account.ts';

/** A deployed stack. */
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

/** Read-only queries of `doctor` to AWS. Each makes one or two calls, and throws the error of the SDK. */
export interface AwsAccount {
  identity(region: string): Promise<{ readonly account: string; readonly arn: string }>;
  /** Version of the bootstrap stack; null if there is none. */
  bootstrap(region: string, qualifier: string): Promise<number | null>;
  stack(region: string, name: string): Promise<DeployedStack | null>;
  schedules(region: string, stack: string): Promise<readonly DeployedSchedule[]>;
  /** Alarms in the state ALARM whose name has this prefix. */
  alarms(region: string, prefix: string): Promise<readonly RaisedAlarm[]>;
  /** Concurrent executions of Lambda that are not reserved for functions. */
  concurrency(region: string): Promise<number>;
  diagnosis(region: string, probe: string, request: DiagnosisRequest): Promise<Diagnosis>;
  postureDiagnosis(region: string, posture: string): Promise<PostureDiagnosis>;
  /** Which mailboxes a deployed function can open. */
  mailboxDiagnosis(region: string, deployed: string): Promise<MailboxDiagnosis>;
  /** Whether a deployed function can read the secrets of its channels. */
  secretDiagnosis(region: string, deployed: string): Promise<SecretDiagnosis>;
  voice(region: string): Promise<VoiceAccount>;
  subscribers(region: string, topicArn: string): Promise<readonly Subscription[]>;
  smsSandbox(region: string): Promise<SmsSandbox>;
  /** The SMS spend limit of SNS in dollars a month. */
  smsLimit(region: string): Promise<number>;
  /** SMS spend in dollars since the month began; null if there is no recent data point. */
  smsSpent(region: string): Promise<number | null>;
  table(region: string, name: string): Table;
  close(): void;
}

/** Loads each SDK client at its first use, because no other command needs them. */
export function openAwsAccount(profile: string | undefined): AwsAccount {
  const at = (region: string): AwsClientOptions => ({ region, ...(profile === undefined ? {} : { profile }) });
  const tables: DynamoDBClient[] = [];
  return {
    identity: (region) => identity(at(region)),
    bootstrap: (region, qualifier) => bootstrap(at(region), qualifier),
    stack: (region, name) => stack(at(region), name),
    schedules: (region, name) => schedules(at(region), name),
    alarms: (region, prefix) => alarms(at(region), prefix),
    concurrency: (region) => concurrency(at(region)),
    diagnosis: (region, probe, request) => diagnosis(at(region), probe, request),
    postureDiagnosis: (region, posture) => postureDiagnosis(at(region), posture),
    mailboxDiagnosis: (region, deployed) => mailboxDiagnosis(at(region), deployed),
    secretDiagnosis: (region, deployed) => secretDiagnosis(at(region), deployed),
    voice: (region) => voiceAccount(at(region)),
    subscribers: (region, topicArn) => subscribers(at(region), topicArn),
    smsSandbox: (region) => smsSandbox(at(region)),
    smsLimit: (region) => smsLimit(at(region)),
    smsSpent: (region) => smsSpent(at(region), Date.now()),
    table: (region, name) => {
      const client = new DynamoDBClient(at(region));
      tables.push(client);
      return dynamodbTable(client, name);
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

/** CloudFormation reports a missing stack as a ValidationError, which has many other causes. */
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

/** Found through the resources of the stack, because CloudFormation generates their names. */
async function schedules(options: AwsClientOptions, stackName: string): Promise<readonly DeployedSchedule[]> {
  const [{ CloudFormationClient, DescribeStackResourcesCommand }, { GetScheduleCommand, SchedulerClient }] =
    await Promise.all([import('@aws-sdk/client-cloudformation'), import('@aws-sdk/client-scheduler')]);
  const request = new DescribeStackResourcesCommand({ StackName: stackName });
  const { StackResources = [] } = await new CloudFormationClient(options).send(request);
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
  const request = new DescribeAlarmsCommand({ AlarmNamePrefix: prefix });
  const { MetricAlarms = [] } = await new CloudWatchClient(options).send(request);
  const raised = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM');
  return raised.map(({ AlarmName = '', StateReason = '' }) => ({ name: AlarmName, reason: StateReason }));
}

async function concurrency(options: AwsClientOptions): Promise<number> {
  const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const { AccountLimit } = await new LambdaClient(options).send(new GetAccountSettingsCommand({}));
  return AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 0;
}

/** @throws Error with the error message of the function, if the function failed */
async function diagnosis(options: AwsClientOptions, probe: string, request: DiagnosisRequest): Promise<Diagnosis> {
  const { answer, failure } = await invoke<Diagnosis>(options, probe, request);
  if (failure !== null || !answer.knocks) throw new Error(`the probe failed: ${failure ?? 'it has another release'}`);
  return answer;
}

/** @throws Error with the error message of the function, if the function failed */
async function postureDiagnosis(options: AwsClientOptions, posture: string): Promise<PostureDiagnosis> {
  const request: PostureDiagnosisRequest = { diagnose: 'posture' };
  const { answer, failure } = await invoke<PostureDiagnosis>(options, posture, request);
  // An older release checks the domains, and answers something else.
  if (failure !== null || !Array.isArray(answer.lists))
    throw new Error(`the posture function failed: ${failure ?? 'it has another release'}`);
  return answer;
}

/** @throws Error with the error message of the function, if the function failed */
async function secretDiagnosis(options: AwsClientOptions, deployed: string): Promise<SecretDiagnosis> {
  const request: SecretDiagnosisRequest = { diagnose: 'secrets' };
  const { answer, failure } = await invoke<SecretDiagnosis>(options, deployed, request);
  if (failure !== null || !Array.isArray(answer.secrets))
    throw new Error(`${deployed} failed: ${failure ?? 'it has another release'}`);
  return answer;
}

/** @throws Error with the error message of the function, if the function failed */
async function mailboxDiagnosis(options: AwsClientOptions, deployed: string): Promise<MailboxDiagnosis> {
  const request: MailboxDiagnosisRequest = { diagnose: 'mailboxes' };
  const { answer, failure } = await invoke<MailboxDiagnosis>(options, deployed, request);
  // An older release runs as it does each minute, and answers something else.
  if (failure !== null || !Array.isArray(answer.mailboxes) || !Array.isArray(answer.secrets))
    throw new Error(`${deployed} failed: ${failure ?? 'it has another release'}`);
  return answer;
}

async function invoke<Answer>(
  options: AwsClientOptions,
  name: string,
  event: object,
): Promise<{ readonly answer: Answer; readonly failure: string | null }> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
  const { FunctionError, Payload } = await new LambdaClient(options).send(command);
  const answer: Answer & { readonly errorMessage?: string } = JSON.parse(
    Buffer.from(Payload ?? []).toString('utf8') || '{}',
  );
  return { answer, failure: FunctionError ? (answer.errorMessage ?? FunctionError) : null };
}
