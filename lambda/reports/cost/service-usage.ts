/** What the services of `notify` take in a month on AWS. What a service itself costs is on its own bill. */
import { type Channel, isService, receiverSecrets } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import { MESSAGES_OF_ENTRY } from './message-usage.ts';
import { MEMORY, QUEUE_POLLS, type Usage } from './prices.ts';

/** Services, and the messages that they get. */
export interface ServiceFleet {
  /** Messages of each kind in a month. */
  readonly messages: Readonly<Record<string, number>>;
  readonly secrets: number;
  /** US dollars of a minute, at most, of each number that is called. */
  readonly calls: readonly number[];
}

/** Minutes of a call: the alert is said twice. */
const CALL_MINUTES = 1;
/** Milliseconds of one message: the secret, the reply of the service, and calls of the table. */
const MESSAGE_MS = 1_500;
/** Write and read units of one message: the delivery, its end, and the state of the channel. */
const UNITS = { writes: 8, reads: 6 } as const;
/** Requests of one message in the queue: sent, received, deleted. */
const QUEUED = 3;

/** Null if there is none. */
export function serviceFleet({ notify }: Pick<Config, 'notify'>): ServiceFleet | null {
  const services = notify.filter(isService);
  if (services.length === 0) return null;
  const messages: Record<string, number> = {};
  for (const { kind } of services) messages[kind] = (messages[kind] ?? 0) + MESSAGES_OF_ENTRY;
  const secrets = services.flatMap(receiverSecrets).flatMap((one) => ('secret' in one ? [one.secret] : []));
  return { messages, secrets: new Set(secrets).size, calls: services.flatMap(mostPerMinuteOf) };
}

function mostPerMinuteOf(channel: Channel): readonly number[] {
  return channel.kind === 'phone' ? [channel.mostPerMinute] : [];
}

export function serviceUsage({ messages, secrets, calls }: ServiceFleet): readonly Usage[] {
  const all = Object.values(messages).reduce((sum, count) => sum + count, 0);
  const perCall = MESSAGES_OF_ENTRY * CALL_MINUTES;
  const count = (many: number) => many.toLocaleString('en-US');
  return [
    ...(calls.length === 0
      ? []
      : [
          {
            item: 'Calls, at most',
            unit: 'dollar',
            quantity: perCall * calls.reduce((sum, price) => sum + price, 0),
            calculation: `${perCall} minutes × ${calls.map((price) => `$${price}`).join(' + ')} (mostPerMinute)`,
          } as const,
        ]),
    {
      item: 'SQS, services',
      unit: 'queueRequest',
      quantity: QUEUE_POLLS + QUEUED * all,
      calculation: `${count(QUEUE_POLLS)} polls + ${QUEUED} × ${all} messages`,
    },
    { item: 'Lambda, services requests', unit: 'request', quantity: all, calculation: `${all} messages` },
    {
      item: 'Lambda, services time',
      unit: 'gigabyteSecond',
      quantity: (all * MESSAGE_MS * MEMORY.notify) / 1000,
      calculation: `${all} × ${MESSAGE_MS} ms × ${MEMORY.notify} GB`,
    },
    {
      item: 'DynamoDB, services writes',
      unit: 'writeUnit',
      quantity: all * UNITS.writes,
      calculation: `${all} × ${UNITS.writes} units`,
    },
    {
      item: 'DynamoDB, services reads',
      unit: 'readUnit',
      quantity: all * UNITS.reads,
      calculation: `${all} × ${UNITS.reads} units`,
    },
    { item: 'Secrets Manager, services', unit: 'secret', quantity: secrets, calculation: `${secrets} secrets` },
    {
      item: 'Secrets Manager, reads for services',
      unit: 'secretRead',
      quantity: all,
      calculation: `at most one read for each of ${all} messages`,
    },
    { item: 'CloudWatch, services alarm', unit: 'alarmMetric', quantity: 1, calculation: '1 alarm' },
  ];
}
