import { answeringSecrets, type Channel, type SecretReference, sendingSecrets } from '../lambda/config/channel.ts';
import type { Config } from '../lambda/config/config.ts';
import { readSecret } from './secrets.ts';

type Sending = Pick<Config, 'notify' | 'smtp'>;

/** Which channels of the config get nothing from this machine: the config may be one for AWS, where SNS sends. */
export async function channelProblems(config: Sending): Promise<readonly string[]> {
  const { notify, smtp } = config;
  const problems = notify.map((channel) => undeliverable(channel, config)).filter((problem) => problem !== null);
  const credentials = notify.some(({ kind }) => kind === 'email') ? smtp?.credentials : null;
  const keys = await Promise.all(notify.map((channel) => keyProblems(channel)));
  return [
    ...new Set([...problems, ...keys.flat()]),
    ...(credentials ? await passwordProblems(credentials.password) : []),
  ];
}

/** Why a channel of the config gets nothing from this machine; null if it does. */
export function undeliverable({ kind }: Channel, { smtp }: Sending): string | null {
  switch (kind) {
    case 'sms':
      return 'no SMS is sent from this machine: SNS sends it on AWS';
    case 'email':
      return smtp === undefined ? 'no e-mail is sent from this machine: add `smtp` to the config' : null;
    case 'phone':
    case 'amazon-q':
      return `no ${kind} is told by this machine: AWS does it`;
    case 'webhook':
    case 'slack':
    case 'slack-webhook':
    case 'teams':
    case 'discord':
    case 'telegram':
    case 'pagerduty':
    case 'jsm':
    case 'ntfy':
      return null;
    default:
      return kind satisfies never;
  }
}

async function keyProblems(channel: Channel): Promise<readonly string[]> {
  const { kind } = channel;
  const sending = await secretProblems(sendingSecrets(channel), `nothing can be sent by ${kind}`);
  return [...sending, ...(await secretProblems(answeringSecrets(channel), `nothing is taken from ${kind}`))];
}

async function secretProblems(references: readonly SecretReference[], what: string): Promise<readonly string[]> {
  const read = await Promise.allSettled(references.map((reference) => readSecret(reference)));
  return read.flatMap((one) => (one.status === 'rejected' ? [`${what}: ${wordsOf(one.reason)}`] : []));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function passwordProblems(reference: Parameters<typeof readSecret>[0]): Promise<readonly string[]> {
  try {
    await readSecret(reference);
    return [];
  } catch (error) {
    return [`no e-mail can be sent: ${wordsOf(error)}`];
  }
}
