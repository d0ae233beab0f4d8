/** The entries of `notify`, with their defaults. */
import type { AlertReceiver, Channel, ChannelRules, SecretReference, ServiceReceiver } from './channel.ts';
import { hoursOf } from './resolve-maintenance.ts';
import { pagerReceiverOf, webhookOf } from './resolve-pagers.ts';
import type { CheckedNotify } from './schema/notify/notify.ts';
import { type AlertTopic, alertTopics } from './schema/selectable-alert-kinds.ts';

export function channelOf(written: CheckedNotify): Channel {
  const receiver = receiverOf(written);
  return { ...receiver, ...rulesOf(written, receiver.kind) };
}

function receiverOf(written: CheckedNotify): AlertReceiver {
  const { email, sms, webhook } = written;
  if (email !== undefined) return { kind: 'email', address: email };
  if (sms !== undefined) return { kind: 'sms', number: sms };
  return chatReceiverOf(written) ?? pagerReceiverOf(written) ?? webhookOf(webhook ?? '', written);
}

/** The checks of the config have found exactly one receiver, with one place for each secret. */
function chatReceiverOf(written: CheckedNotify): ServiceReceiver | null {
  const { slack, slackWebhook, teams, discord, telegram, ntfy } = written;
  if (slack !== undefined) {
    const { channel, token, signingSecret } = slack;
    return {
      kind: 'slack',
      channel,
      token: placeOf(token),
      ...(signingSecret && { signingSecret: placeOf(signingSecret) }),
    };
  }
  if (slackWebhook !== undefined) return { kind: 'slack-webhook', url: placeOf(slackWebhook.url) };
  if (teams !== undefined) return { kind: 'teams', url: placeOf(teams.url) };
  if (discord !== undefined) return { kind: 'discord', url: placeOf(discord.url) };
  if (telegram !== undefined) return { kind: 'telegram', chat: telegram.chat, token: placeOf(telegram.token) };
  if (ntfy === undefined) return null;
  return { kind: 'ntfy', url: ntfy.url, ...(ntfy.token && { token: placeOf(ntfy.token) }) };
}

function placeOf({ secret, env }: { secret?: string | undefined; env?: string | undefined }): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}

/** What costs money or wakes people is sent what they have to act on. */
const FEW_TOPICS: readonly AlertTopic[] = ['down', 'recovered', 'listed'];

/** What a pager opens an alert for: a changed fact has no end, so its alert would stay open. */
const WITH_END: readonly AlertTopic[] = alertTopics.filter((topic) => topic !== 'changed');

const DEFAULT_TOPICS: Readonly<Partial<Record<AlertReceiver['kind'], readonly AlertTopic[]>>> = {
  sms: FEW_TOPICS,
  phone: FEW_TOPICS,
  pagerduty: WITH_END,
  jsm: WITH_END,
};

function rulesOf(written: CheckedNotify, kind: AlertReceiver['kind']): ChannelRules {
  const { id, when, severity, targets, tags, after, repeat, group, limit, even } = written;
  const hours = hoursOf(written.hours);
  const rules = { id, severity, targets, tags, hours, after, repeat, group, limit, even };
  const given = Object.entries(rules).filter(([, value]) => value !== undefined);
  return {
    when: when ?? DEFAULT_TOPICS[kind] ?? alertTopics,
    ...(Object.fromEntries(given) as Omit<ChannelRules, 'when'>),
  };
}
