import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import { TOPIC_PACE } from '../../lambda/alert/channels/sender.ts';
import { awsChannels, localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { decidedAt } from '../../lambda/alert/delivery/delivery.ts';
import type { StoredChannel } from '../../lambda/alert/delivery/delivery-store.ts';
import { entryNote } from '../../lambda/alert/routing/entry.ts';
import { hoursNoteOfReceiver } from '../../lambda/alert/routing/next-hours.ts';
import type { Subscription } from '../../lambda/alert/subscriptions/subscription.ts';
import { fullTime } from '../../lambda/alert/words/time-text.ts';
import { isSubscribed } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { hasOperatorsTopic, partitionOf } from '../../lib/naming/partition.ts';
import { bounds } from '../../lib/quotas/quota-table.ts';
import type { CheckContext, DeploymentCheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';
import { type SubscriberAddress, subscribeCommand, subscriberAddresses } from './subscribe-command.ts';

/** Checks whether alerts reach the people and channels that the config names. */
export function channelChecks(config: Config): readonly Check<DeploymentCheckContext>[] {
  const { home, notify, policy } = config;
  const bySms = notify.some(({ kind }) => kind === 'sms');
  return [
    { name: 'alerts topic', region: home, run: checkAlertsTopic },
    { name: 'operators topic', region: home, run: (context) => checkOperatorsTopic(context, home) },
    ...policy.vantages
      .filter((vantage) => hasOperatorsTopic(config, vantage))
      .map((vantage) => ({
        name: 'vantage operators topic',
        region: vantage,
        run: (context: DeploymentCheckContext) => checkVantageTopic(context, vantage),
      })),
    ...(bySms
      ? [
          { name: 'sms sandbox', region: home, run: checkSmsSandbox },
          { name: 'sms spend', region: home, run: checkSmsSpend },
        ]
      : []),
  ];
}

async function checkAlertsTopic(context: DeploymentCheckContext): Promise<CheckResult> {
  const { aws, config } = context;
  const topic = topicArn(context, config.home, namesOf(config).alerts);
  const result = checkSubscribers(topic, await aws.subscribers(config.home, topic), subscriberAddresses(config));
  return result.outcome === 'pass' ? passed(`${result.detail}${emailRate(config)}`) : result;
}

/**
 * The quota is of each subscription, so more addresses do not use more of it. SNS deactivates a subscription that exceeds it.
 * https://docs.aws.amazon.com/general/latest/gr/sns.html
 * https://repost.aws/knowledge-center/sns-email-subscription-disabled
 */
function emailRate({ notify }: Config): string {
  const count = notify.filter(({ kind }) => kind === 'email').length;
  if (count === 0) return '';
  const { bound } = bounds['e-mails a second to an address'];
  return `; e-mail addresses: ${count} (to each, SNS sends at most ${bound} e-mails a second; the monitor at most ${1_000 / TOPIC_PACE})`;
}

/** An app can name other operators than the config, so the check reports missing ones only if nobody is subscribed. */
async function checkOperatorsTopic(
  context: DeploymentCheckContext,
  region: string,
  name = namesOf(context.config).operators,
): Promise<CheckResult> {
  const { aws, config } = context;
  const topic = topicArn(context, region, name);
  const subscribers = await aws.subscribers(region, topic);
  const notify = config.notify.filter(({ kind, when }) => kind === 'email' && when.includes('blind'));
  const operators = subscriberAddresses({ notify }).map((one) => ({ ...one, id: null }));
  return checkSubscribers(topic, subscribers, subscribers.length === 0 ? operators : []);
}

/** The home region reports a vantage, too, unless it is lost: a warning at most. */
async function checkVantageTopic(context: DeploymentCheckContext, vantage: string): Promise<CheckResult> {
  const result = await checkOperatorsTopic(context, vantage, namesOf(context.config).vantageOperators);
  return result.outcome === 'fail' ? { ...result, outcome: 'warn' } : result;
}

function topicArn({ account }: DeploymentCheckContext, region: string, topic: string): string {
  return `arn:${partitionOf(region)}:sns:${region}:${account}:${topic}`;
}

function checkSubscribers(
  topic: string,
  listed: readonly Subscription[],
  named: readonly SubscriberAddress[],
): CheckResult {
  // SNS lists a deleted subscription for some days.
  const subscribers = listed.filter(({ status }) => status !== 'deleted');
  const pending = subscribers.filter(({ status }) => status === 'pending');
  const missing = named.filter((one) => !subscribers.some(({ endpoint }) => endpoint === one.endpoint));
  const confirmed = subscribers.length - pending.length;
  const problems = [
    ...(pending.length === 0 ? [] : [pendingProblem(topic, pending, named)]),
    ...(missing.length === 0 ? [] : [missingProblem(topic, missing)]),
  ];
  if (problems.length > 0) {
    const [detail, fix] = [problems.map((one) => one.detail), problems.map((one) => one.fix)];
    return problem(confirmed === 0 ? 'fail' : 'warn', detail.join('; '), fix.join('; '));
  }
  if (confirmed === 0) return problem('fail', 'no subscribers', 'add a channel to notify, and deploy');
  return passed(`${confirmed} confirmed`);
}

function pendingProblem(topic: string, pending: readonly Subscription[], named: readonly SubscriberAddress[]) {
  const again = pending.map((one) => subscribeCommand(topic, named.find(isOf(one)) ?? { ...one, id: null }));
  return {
    detail: `not confirmed: ${addressesOf(pending)}`,
    fix: `run 'npx smtp-quorum confirm-subscription' with the link of the e-mail from AWS, within 48 hours; to get another e-mail: ${again.join('; ')}`,
  };
}

function missingProblem(topic: string, missing: readonly SubscriberAddress[]) {
  const again = missing.map((one) => subscribeCommand(topic, one));
  return {
    detail: `not subscribed: ${addressesOf(missing)}`,
    fix: `if it is new in the config: 'npx cdk deploy --all'; if the subscription expired unconfirmed or was deleted: ${again.join('; ')}`,
  };
}

/** The path of a URL is a secret at many receivers. */
function addressesOf(some: readonly { readonly endpoint: string }[]): string {
  return some
    .map(({ endpoint }) => (URL.canParse(endpoint) && /^https?:/.test(endpoint) ? new URL(endpoint).origin : endpoint))
    .join(', ');
}

const isOf = (subscriber: Subscription) => (one: SubscriberAddress) => one.endpoint === subscriber.endpoint;

async function checkSmsSandbox({ aws, config }: DeploymentCheckContext): Promise<CheckResult> {
  const { inside, verified } = await aws.smsSandbox(config.home);
  if (!inside) return passed('not in the SMS sandbox');
  const unverified = config.notify.flatMap((channel) =>
    channel.kind === 'sms' && !verified.includes(channel.number) ? [channel.number] : [],
  );
  if (unverified.length === 0) return passed('in the SMS sandbox; every number is verified');
  return problem(
    'fail',
    `in the SMS sandbox: SNS does not send to ${unverified.join(', ')}`,
    `leave the sandbox or verify the number: SNS console in ${config.home}, Mobile, Text messaging`,
  );
}

/** Share of the spend limit from which the check warns. */
const NEAR = 0.8;

async function checkSmsSpend({ aws, config }: DeploymentCheckContext): Promise<CheckResult> {
  const [limit, spent] = await Promise.all([aws.smsLimit(config.home), aws.smsSpent(config.home)]);
  const detail = `$${(spent ?? 0).toFixed(2)} of $${limit} this month`;
  if ((spent ?? 0) < limit * NEAR) return passed(detail);
  const stopped = (spent ?? 0) >= limit;
  return problem(
    stopped ? 'fail' : 'warn',
    stopped ? `${detail}: SNS has stopped sending` : detail,
    'docs/runbook.md#sms-spend',
  );
}

/** Milliseconds for which an alert may be undelivered. The alarm `alert-owed` uses the same limit. */
const MAX_PENDING = 180_000;

const RUNBOOK = 'docs/runbook.md#alert-owed';

/** Checks whether alerts are delivered: what is pending, and of each channel the last success. */
export function deliveryChecks(config: Config): readonly Check<CheckContext>[] {
  const { home } = config;
  const region = home === localVantage ? null : home;
  const channels = region === null ? localChannels(config) : awsChannels(config);
  return [
    { name: 'undelivered alerts', region, run: checkPendingAlerts },
    ...channels.map(({ id }) => ({
      name: `channel ${id}${entryNote(config, id)}`,
      region,
      run: async ({ channels: stored, now }: CheckContext) =>
        withHours(checkChannel((await stored()).find(({ channel }) => channel === id)), config, id, now),
    })),
    ...(region === null ? [] : subscriptionStateChecks(config)),
  ];
}

/** What the check of the monitor itself has found, which runs twice a day. */
function subscriptionStateChecks(config: Config): readonly Check<CheckContext>[] {
  const named = config.notify.flatMap((channel) => (isSubscribed(channel) ? [channel] : []));
  const byId = new Map(
    named.map((channel) => [subscriberId(channel), channel.kind === 'email' ? channel.address : channel.number]),
  );
  return [...byId].map(([id, address]) => ({
    name: `channel ${id}${entryNote(config, id)}`,
    region: config.home,
    run: async ({ channels: stored, now }: CheckContext) =>
      withHours(
        checkSubscriptionState(
          address,
          (await stored()).find(({ channel }) => channel === id),
        ),
        config,
        id,
        now,
      ),
  }));
}

function checkSubscriptionState(address: string, stored: StoredChannel | undefined): CheckResult {
  if (stored === undefined) return passed(`${address}: not checked yet`);
  const { failingSince, lastError, lastSuccess } = stored;
  const last = lastSuccess === null ? 'never confirmed' : `confirmed, last checked ${fullTime(lastSuccess)}`;
  if (failingSince === null) return passed(`${address}: ${last}`);
  const trouble = `${address}: gets nothing since ${fullTime(failingSince)}: ${lastError}`;
  return problem(
    'warn',
    lastSuccess === null ? trouble : `${trouble}; last confirmed ${fullTime(lastSuccess)}`,
    SEE_TOPIC,
  );
}

const SEE_TOPIC = "see 'alerts topic'; the monitor checks again within 12 hours";

/** What fails may wait for the next hours of its entries. */
function withHours(result: CheckResult, config: Config, receiver: string, now: number): CheckResult {
  const note = result.outcome === 'pass' ? null : hoursNoteOfReceiver(config, receiver, now);
  return note === null ? result : { ...result, detail: `${result.detail} (it is ${note})` };
}

function checkChannel(channel: StoredChannel | undefined): CheckResult {
  if (channel === undefined) return passed('no alert yet');
  const { failingSince, attempts, lastError, lastSuccess } = channel;
  const last = lastSuccess === null ? 'nothing taken yet' : `last success ${fullTime(lastSuccess)}`;
  if (failingSince === null) return passed(last);
  const trouble = `failing since ${fullTime(failingSince)}, ${attempts} failed ${attempts === 1 ? 'attempt' : 'attempts'}`;
  return problem('fail', `${trouble}: ${lastError}; ${last}`, RUNBOOK);
}

async function checkPendingAlerts({ judgements, channels, now }: CheckContext): Promise<CheckResult> {
  const owed = (await judgements()).flatMap((judgement) => judgement.owed).map(({ at }) => Date.parse(at));
  const waiting = (await channels()).flatMap(({ oldest, channel }) => (oldest === null ? [] : [{ oldest, channel }]));
  const times = [...owed, ...waiting.map(({ oldest }) => decidedAt(oldest))].filter((time) => !Number.isNaN(time));
  if (owed.length === 0 && waiting.length === 0) return passed('none undelivered');
  const oldest = Math.min(now, ...times);
  const places = [
    ...(owed.length > 0 ? [`${owed.length} not handed over`] : []),
    ...waiting.map(({ channel }) => `some on ${channel}`),
  ];
  const detail = `undelivered: ${places.join(', ')}; the oldest for ${Math.round((now - oldest) / 1000)} s`;
  return now - oldest > MAX_PENDING ? problem('fail', detail, RUNBOOK) : passed(detail);
}
