/** The entries of `notify`, with their defaults. */
import type { AlertReceiver, Channel, ChannelRules } from './channel.ts';
import type { CheckedNotify } from './schema/notify/notify.ts';
import { type AlertTopic, alertTopics } from './schema/selectable-alert-kinds.ts';

export function channelOf(written: CheckedNotify): Channel {
  const receiver = receiverOf(written);
  return { ...receiver, ...rulesOf(written, receiver.kind) };
}

function receiverOf({ email, sms, webhook }: CheckedNotify): AlertReceiver {
  if (email !== undefined) return { kind: 'email', address: email };
  if (sms !== undefined) return { kind: 'sms', number: sms };
  return { kind: 'webhook', url: webhook ?? '' };
}

/** What costs money or wakes people is sent what they have to act on. */
const FEW_TOPICS: readonly AlertTopic[] = ['down', 'recovered', 'listed'];

function rulesOf({ when }: CheckedNotify, kind: AlertReceiver['kind']): ChannelRules {
  return { when: when ?? (kind === 'sms' || kind === 'phone' ? FEW_TOPICS : alertTopics) };
}
