import { Aws } from 'aws-cdk-lib';
import type { Config } from '../../lambda/config/config.ts';

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
