import type { Channel, Config } from '../lambda/config/config.ts';
import { readSecret } from './secrets.ts';

/** Which channels of the config get nothing from this machine: the config may be one for AWS, where SNS sends. */
export async function channelProblems({ notify, smtp }: Pick<Config, 'notify' | 'smtp'>): Promise<readonly string[]> {
  const count = (kind: Channel['kind']) => notify.filter((channel) => channel.kind === kind).length;
  const problems: string[] = [];
  if (count('sms') > 0) problems.push('no SMS is sent from this machine: SNS sends it on AWS');
  if (count('email') === 0) return problems;
  if (smtp === undefined) problems.push('no e-mail is sent from this machine: add `smtp` to the config');
  else if (smtp.credentials !== null) problems.push(...(await passwordProblems(smtp.credentials.password)));
  return problems;
}

async function passwordProblems(reference: Parameters<typeof readSecret>[0]): Promise<readonly string[]> {
  try {
    await readSecret(reference);
    return [];
  } catch (error) {
    return [`no e-mail can be sent: ${error instanceof Error ? error.message : String(error)}`];
  }
}
