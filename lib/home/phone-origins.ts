import { Aws, Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../../lambda/config/config.ts';
import { grant } from '../iam/statements.ts';

/**
 * ARNs of the numbers and pools that call. A number has an id that it does not show, so that it stands for all numbers of the
 * account in the home region; an id or an ARN for itself.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint-sms-voice-v2.html
 */
export function phoneOrigins({ notify, home }: Pick<Config, 'notify' | 'home'>): readonly string[] {
  const from = notify.flatMap((channel) => (channel.kind === 'phone' ? [channel.from] : []));
  return [...new Set(from.map((origin) => originArn(origin, home)))];
}

function originArn(from: string, home: string): string {
  if (from.startsWith('arn:')) return from;
  const resource = from.startsWith('pool-') ? `pool/${from}` : `phone-number/${from.startsWith('+') ? '*' : from}`;
  return `arn:${Aws.PARTITION}:sms-voice:${home}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** Lets a function call from these numbers and pools. */
export function grantCalls(caller: LambdaFunction, config: Pick<Config, 'notify' | 'home'>): void {
  const origins = phoneOrigins(config);
  if (origins.length === 0) return;
  caller.addToRolePolicy(grant(['sms-voice:SendVoiceMessage'], origins));
  const any = origins.find((origin) => origin.endsWith('/*'));
  if (any === undefined) return;
  Validations.of(caller.role ?? caller).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${any.replaceAll(Aws.PARTITION, '<AWS::Partition>').replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>')}]`,
    reason: 'The config names the calling number without its id: write the id, and this is one number',
  });
}
