import { namesOf } from '../../lib/naming/names.ts';
import { partitionOf } from '../../lib/naming/partition.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { callProblem } from './aws-call-error-in-words.ts';

interface ConfirmationRequest {
  readonly topicArn: string;
  readonly token: string;
  readonly region: string;
  readonly profile?: string;
}

/**
 * Confirms a subscription so that only this account can end it: without a signature, SNS then refuses to unsubscribe.
 * https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 * @returns the ARN of the subscription
 * @throws UsageError in words that do not repeat the token
 */
export async function confirmSubscription(request: ConfirmationRequest): Promise<string> {
  const { topicArn, token, region, profile } = request;
  const { ConfirmSubscriptionCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const client = new SNSClient({ region, ...(profile && { profile }) });
  const input = { TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' };
  try {
    const { SubscriptionArn = '' } = await client.send(new ConfirmSubscriptionCommand(input));
    return SubscriptionArn;
  } catch (error) {
    throw confirmationProblem(error, request);
  } finally {
    client.destroy();
  }
}

function confirmationProblem(error: unknown, { topicArn, region }: ConfirmationRequest): Error {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  if (/NotFound/.test(name) || /topic does not exist/i.test(message))
    return new UsageError(
      `topic ${topicArn} not found in ${region}; check the region, and that --profile is of the account of the topic`,
    );
  if (/InvalidParameter|ValidationError/.test(name) && /token/i.test(message))
    return new UsageError(
      "SNS does not accept the token: it is valid for 48 hours, for the topic and the region of its link; 'smtp-quorum doctor' shows the command that requests another mail",
    );
  return callProblem(error);
}

/** The topic of alerts of a deployment in the account of these credentials. */
export async function alertsTopic(name: string, region: string, profile: string | undefined): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region, ...(profile && { profile }) });
  try {
    const { Account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return `arn:${partitionOf(region)}:sns:${region}:${Account}:${namesOf({ name }).alerts}`;
  } catch (error) {
    throw callProblem(error);
  } finally {
    client.destroy();
  }
}
