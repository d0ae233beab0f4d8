import { receiverId } from '../lambda/alert/channels/channel-ids.ts';
import { type Channel, isService, type SecretReference, type ServiceReceiver } from '../lambda/config/channel.ts';
import type { Config } from '../lambda/config/config.ts';
import { readSecret } from './secrets.ts';

type Sending = Pick<Config, 'notify' | 'smtp'>;

/** Which channels of the config get nothing from this machine: the config may be one for AWS, where SNS sends. */
export async function channelProblems(config: Sending): Promise<readonly string[]> {
  const { notify, smtp } = config;
  const problems = notify.map((channel) => undeliverable(channel, config)).filter((problem) => problem !== null);
  const credentials = notify.some(({ kind }) => kind === 'email') ? smtp?.credentials : null;
  const services = await Promise.all(notify.filter(isService).map(secretProblems));
  return [
    ...new Set([...problems, ...(credentials ? await passwordProblems(credentials.password) : []), ...services.flat()]),
  ];
}

/** Which secret of a service cannot be read on this machine. */
async function secretProblems(receiver: ServiceReceiver): Promise<readonly string[]> {
  const places = Object.values(receiver).filter(isPlace);
  const found = await Promise.all(places.map((place) => unreadable(place)));
  return found.flatMap((why) => (why === null ? [] : [`no alert can be sent to ${receiverId(receiver)}: ${why}`]));
}

function isPlace(value: unknown): value is SecretReference {
  return typeof value === 'object' && value !== null && ('env' in value || 'secret' in value);
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

async function passwordProblems(reference: SecretReference): Promise<readonly string[]> {
  const why = await unreadable(reference);
  return why === null ? [] : [`no e-mail can be sent: ${why}`];
}

async function unreadable(reference: SecretReference): Promise<string | null> {
  try {
    await readSecret(reference);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
