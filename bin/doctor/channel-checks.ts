import type { Config } from '../../lambda/config/config.ts';
import { partitionOf } from '../../lib/deployment/deployable.ts';
import { namesOf } from '../../lib/naming/names.ts';
import type { CheckContext, CloudCheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';
import type { Subscriber } from './sns-account.ts';
import { type SubscriberAddress, subscribeCommand, subscriberAddresses } from './subscribe-command.ts';

/** Whether whoever should hear of an outage would hear of it. */
export function channelChecks(config: Config): readonly Check<CloudCheckContext>[] {
  const { home, notify } = config;
  const bySms = notify.some(({ kind }) => kind === 'sms');
  return [
    { name: 'alerts topic', region: home, run: alertsHeard },
    { name: 'operators topic', region: home, run: operatorsHear },
    ...(bySms
      ? [
          { name: 'sms sandbox', region: home, run: outOfSandbox },
          { name: 'sms spend', region: home, run: withinSpend },
        ]
      : []),
  ];
}

async function alertsHeard(world: CloudCheckContext): Promise<CheckResult> {
  const { cloud, config } = world;
  const topic = topicArn(world, namesOf(config).alerts);
  return heard(topic, await cloud.subscribers(config.home, topic), subscriberAddresses(config));
}

/** An app may name other operators than the config does, so nobody in particular is missed while somebody hears. */
async function operatorsHear(world: CloudCheckContext): Promise<CheckResult> {
  const { cloud, config } = world;
  const topic = topicArn(world, namesOf(config).operators);
  const subscribers = await cloud.subscribers(config.home, topic);
  const named = subscriberAddresses(config).filter(
    ({ protocol, when }) => protocol === 'email' && when?.includes('blind'),
  );
  const operators = named.map((one) => ({ ...one, when: null }));
  return heard(topic, subscribers, subscribers.length === 0 ? operators : []);
}

function topicArn({ account, config: { home } }: CloudCheckContext, topic: string): string {
  return `arn:${partitionOf(home)}:sns:${home}:${account}:${topic}`;
}

function heard(topic: string, subscribers: readonly Subscriber[], named: readonly SubscriberAddress[]): CheckResult {
  const confirmed = subscribers.filter((one) => one.confirmed);
  const pending = subscribers.filter((one) => !one.confirmed);
  const missing = named.filter((one) => !subscribers.some(({ endpoint }) => endpoint === one.endpoint));
  const outcome = confirmed.length === 0 ? 'fail' : 'warn';
  if (pending.length > 0) {
    const again = pending.map((one) => subscribeCommand(topic, named.find(isOf(one)) ?? { ...one, when: null }));
    return problem(
      outcome,
      `not confirmed: ${pending.map(({ endpoint }) => endpoint).join(', ')}`,
      `follow the link in the mail from AWS, within 48 hours; for another mail: ${again.join('; ')}`,
    );
  }
  if (missing.length > 0) {
    return problem(
      outcome,
      `not subscribed: ${missing.map(({ endpoint }) => endpoint).join(', ')}`,
      `new to the config: 'npx cdk deploy --all'; lapsed unconfirmed, or unsubscribed: ${missing.map((one) => subscribeCommand(topic, one)).join('; ')}`,
    );
  }
  if (confirmed.length === 0) return problem('fail', 'nobody is subscribed', 'name somebody in notify, and deploy');
  return passed(`${confirmed.length} confirmed`);
}

const isOf = (subscriber: Subscriber) => (one: SubscriberAddress) => one.endpoint === subscriber.endpoint;

async function outOfSandbox({ cloud, config }: CloudCheckContext): Promise<CheckResult> {
  const { inside, verified } = await cloud.smsSandbox(config.home);
  if (!inside) return passed('out of the sandbox');
  const deaf = config.notify.flatMap((channel) =>
    channel.kind === 'sms' && !verified.includes(channel.number) ? [channel.number] : [],
  );
  if (deaf.length === 0) return passed('in the sandbox, and every number is verified');
  return problem(
    'fail',
    `in the sandbox: ${deaf.join(', ')} hears nothing`,
    `leave the sandbox, or verify the number: SNS console of ${config.home}, Mobile, Text messaging`,
  );
}

/** Share of the limit from which it is worth a word. */
const NEAR = 0.8;

async function withinSpend({ cloud, config }: CloudCheckContext): Promise<CheckResult> {
  const [limit, spent] = await Promise.all([cloud.smsLimit(config.home), cloud.smsSpent(config.home)]);
  const says = `$${(spent ?? 0).toFixed(2)} of $${limit} this month`;
  if ((spent ?? 0) < limit * NEAR) return passed(says);
  const stopped = (spent ?? 0) >= limit;
  return problem(stopped ? 'fail' : 'warn', stopped ? `${says}: SNS sends no more` : says, 'docs/runbook.md#sms-spend');
}

/** Milliseconds for which an alert may be owed: the alarm `alert-owed` goes off after as much. */
const OWED_TOO_LONG = 180_000;

export async function nothingOwed(world: CheckContext): Promise<CheckResult> {
  const owed = (await world.judgements()).flatMap((judgement) => judgement.owed);
  if (owed.length === 0) return passed('none owed');
  const oldest = Math.min(...owed.map(({ at }) => Date.parse(at)));
  const says = `${owed.length} owed, the oldest for ${Math.round((world.now - oldest) / 1000)} s`;
  return world.now - oldest > OWED_TOO_LONG ? problem('fail', says, 'docs/runbook.md#alert-owed') : passed(says);
}
