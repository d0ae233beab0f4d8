import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from '../../lib/names.ts';
import { amiss, type Check, type Finding, well } from './finding.ts';
import type { Subscriber } from './telling.ts';
import type { CloudWorld, World } from './world.ts';

/** Whether whoever should hear of an outage would hear of it. */
export function peopleChecks(config: Config): readonly Check<CloudWorld>[] {
  const { home, notify } = config;
  const names = namesOf(config);
  const bySms = notify.some(({ kind }) => kind === 'sms');
  return [
    ...(['alerts', 'operators'] as const).map((topic) => ({
      name: `${topic} topic`,
      region: home,
      run: async (world: CloudWorld) =>
        subscribed(
          await world.cloud.subscribers(home, topicArn(world, names[topic])),
          topic === 'alerts' ? wanted(config) : [],
        ),
    })),
    ...(bySms
      ? [
          { name: 'sms sandbox', region: home, run: outOfSandbox },
          { name: 'sms spend', region: home, run: withinSpend },
        ]
      : []),
  ];
}

/** `arn:aws-cn:` and `arn:aws-us-gov:` go by the region's own name. */
function topicArn({ account, config: { home } }: CloudWorld, topic: string): string {
  const partition = home.startsWith('cn-') ? 'aws-cn' : home.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:sns:${home}:${account}:${topic}`;
}

/** E-mail addresses and numbers that the config names; a webhook's subscriber is a function of ours. */
function wanted({ notify }: Config): readonly string[] {
  return notify.flatMap((channel) => {
    if (channel.kind === 'email') return [channel.address];
    return channel.kind === 'sms' ? [channel.number] : [];
  });
}

function subscribed(subscribers: readonly Subscriber[], named: readonly string[]): Finding {
  const confirmed = subscribers.filter((one) => one.confirmed);
  const pending = subscribers.filter((one) => !one.confirmed).map(({ endpoint }) => endpoint);
  const missing = named.filter((address) => !subscribers.some(({ endpoint }) => endpoint === address));
  const outcome = confirmed.length === 0 ? 'fail' : 'warn';
  if (pending.length > 0) {
    return amiss(
      outcome,
      `not confirmed: ${pending.join(', ')}`,
      'follow the link in the mail from AWS; it lapses after 48 hours, then deploy again',
    );
  }
  if (missing.length > 0) {
    return amiss(
      outcome,
      `not subscribed: ${missing.join(', ')}`,
      "'npx cdk deploy --all'; an address that unsubscribed must be subscribed by hand",
    );
  }
  if (confirmed.length === 0) return amiss('fail', 'nobody is subscribed', 'name somebody in notify, and deploy');
  return well(`${confirmed.length} confirmed`);
}

async function outOfSandbox({ cloud, config }: CloudWorld): Promise<Finding> {
  const { inside, verified } = await cloud.smsSandbox(config.home);
  if (!inside) return well('out of the sandbox');
  const deaf = config.notify.flatMap((channel) =>
    channel.kind === 'sms' && !verified.includes(channel.number) ? [channel.number] : [],
  );
  if (deaf.length === 0) return well('in the sandbox, and every number is verified');
  return amiss(
    'fail',
    `in the sandbox: ${deaf.join(', ')} hears nothing`,
    `leave the sandbox, or verify the number: SNS console of ${config.home}, Mobile, Text messaging`,
  );
}

/** Share of the limit from which it is worth a word. */
const NEAR = 0.8;

async function withinSpend({ cloud, config }: CloudWorld): Promise<Finding> {
  const [limit, spent] = await Promise.all([cloud.smsLimit(config.home), cloud.smsSpent(config.home)]);
  const says = `$${(spent ?? 0).toFixed(2)} of $${limit} this month`;
  if ((spent ?? 0) < limit * NEAR) return well(says);
  const stopped = (spent ?? 0) >= limit;
  return amiss(stopped ? 'fail' : 'warn', stopped ? `${says}: SNS sends no more` : says, 'docs/runbook.md#sms-spend');
}

/** Milliseconds for which an alert may be owed: the alarm `alert-owed` goes off after as much. */
const OWED_TOO_LONG = 180_000;

export async function nothingOwed(world: World): Promise<Finding> {
  const owed = (await world.judgements()).flatMap((judgement) => judgement.owed);
  if (owed.length === 0) return well('none owed');
  const oldest = Math.min(...owed.map(({ at }) => Date.parse(at)));
  const says = `${owed.length} owed, the oldest for ${Math.round((world.now - oldest) / 1000)} s`;
  return world.now - oldest > OWED_TOO_LONG ? amiss('fail', says, 'docs/runbook.md#alert-owed') : well(says);
}
