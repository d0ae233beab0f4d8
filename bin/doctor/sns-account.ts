import type { Subscription } from '../../lambda/alert/subscriptions/subscription.ts';
import type { AwsClientOptions } from './region-and-profile.ts';

/** In the SMS sandbox SNS sends to verified numbers only. */
export interface SmsSandbox {
  readonly inside: boolean;
  readonly verified: readonly string[];
}

/** The SMS spend limit of an account, in dollars a month, until AWS raises it. */
const DEFAULT_LIMIT = 1;

export async function subscribers(options: AwsClientOptions, topicArn: string): Promise<readonly Subscription[]> {
  const [{ SNSClient }, { listSubscriptions }] = await Promise.all([
    import('@aws-sdk/client-sns'),
    import('../../lambda/alert/subscriptions/list-subscriptions.ts'),
  ]);
  return await listSubscriptions(new SNSClient(options), topicArn);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html */
export async function smsSandbox(options: AwsClientOptions): Promise<SmsSandbox> {
  const sdk = await import('@aws-sdk/client-sns');
  const client = new sdk.SNSClient(options);
  const { IsInSandbox } = await client.send(new sdk.GetSMSSandboxAccountStatusCommand({}));
  if (!IsInSandbox) return { inside: false, verified: [] };
  const { PhoneNumbers = [] } = await client.send(new sdk.ListSMSSandboxPhoneNumbersCommand({}));
  const verified = PhoneNumbers.filter(({ Status }) => Status === 'Verified');
  return { inside: true, verified: verified.flatMap(({ PhoneNumber }) => PhoneNumber ?? []) };
}

/** The SMS spend limit in dollars a month. */
export async function smsLimit(options: AwsClientOptions): Promise<number> {
  const { GetSMSAttributesCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const request = new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] });
  const { attributes } = await new SNSClient(options).send(request);
  return Number(attributes?.MonthlySpendLimit ?? DEFAULT_LIMIT);
}

const DAY = 86_400_000;

/** The newest data point of the last day. https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
export async function smsSpent(options: AwsClientOptions, now: number): Promise<number | null> {
  const { CloudWatchClient, GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
  const request = new GetMetricStatisticsCommand({
    Namespace: 'AWS/SNS',
    MetricName: 'SMSMonthToDateSpentUSD',
    Statistics: ['Maximum'],
    Period: 3_600,
    StartTime: new Date(now - DAY),
    EndTime: new Date(now),
  });
  const { Datapoints = [] } = await new CloudWatchClient(options).send(request);
  const newest = Datapoints.sort((a, b) => Number(b.Timestamp) - Number(a.Timestamp))[0];
  return newest?.Maximum ?? null;
}
