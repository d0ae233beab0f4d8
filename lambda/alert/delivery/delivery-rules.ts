/** How the messages of a channel are folded and counted, by the entries of `notify` that it stands for. */

import { type AlertReceiver, type Channel as ConfiguredChannel, isSubscribed } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { wantsAlert } from '../channels/alert-filter.ts';
import { receiverId } from '../channels/channel-ids.ts';
import type { DeliveryChannel } from './configured-channels.ts';

export interface DeliveryRules {
  /** Whether alerts with one cause are one message. */
  readonly group: boolean;
  /** Whether a message can be edited after it was sent. */
  readonly canEdit: boolean;
  /** Whether the service makes an incident of its own of each alert: a digest could not end it. */
  readonly ownIncidents?: boolean;
  /** Messages in an hour. Infinite where none costs anything or wakes anybody. */
  readonly limit: number;
  /** The subscriptions of the topic that the config names, each with its own limit; empty for other channels. */
  readonly receivers: readonly LimitedReceiver[];
}

export interface LimitedReceiver {
  readonly id: string;
  readonly limit: number;
  wants(alert: Alert): boolean;
}

/** No groups and no limit. */
export const EACH_AT_ONCE: DeliveryRules = {
  group: false,
  canEdit: false,
  limit: Number.POSITIVE_INFINITY,
  receivers: [],
};

/** Messages in an hour. What is charged for each message, or rings, has the lower limit. */
const USUAL_LIMIT = 60;
const LIMIT_OF_TELEPHONES = 20;
/** Of services that fold alerts themselves: they get each incident for itself, also those of a storm. */
const LIMIT_OF_INCIDENT_SERVICES = 1_000;

/** Receivers that take a new text for a message that they have. */
const EDITABLE: ReadonlySet<AlertReceiver['kind']> = new Set(['slack', 'telegram', 'discord']);

/** Services that make incidents of their own out of alerts, one for each: a digest could not resolve them. */
const WITH_OWN_INCIDENTS: ReadonlySet<AlertReceiver['kind']> = new Set(['pagerduty', 'jsm']);

export function deliveryRules(channel: DeliveryChannel, { notify }: Pick<Config, 'notify'>): DeliveryRules {
  if (channel.kind === 'terminal') return { ...EACH_AT_ONCE, group: true };
  if (channel.kind === 'topic') return topicRules(notify.filter(isSubscribed));
  const entries = notify.filter((entry) => receiverId(entry) === channel.id);
  const kind = channel.kind === 'service' ? channel.receiver.kind : channel.kind;
  const ownIncidents = WITH_OWN_INCIDENTS.has(kind);
  return {
    group: !ownIncidents && entries.every(({ group }) => group ?? true),
    canEdit: EDITABLE.has(kind),
    ownIncidents,
    limit: Math.max(...(entries.length === 0 ? [USUAL_LIMIT] : entries.map(limitOf))),
    receivers: [],
  };
}

/** Each subscription has its limit; the topic has room for all of them, also for those that the config does not name. */
function topicRules(entries: readonly ConfiguredChannel[]): DeliveryRules {
  const ids = [...new Set(entries.map(receiverId))];
  const receivers = ids.map((id) =>
    limitedReceiver(
      id,
      entries.filter((entry) => receiverId(entry) === id),
    ),
  );
  const limit = Math.max(
    USUAL_LIMIT,
    receivers.reduce((sum, receiver) => sum + receiver.limit, 0),
  );
  return { group: entries.every(({ group }) => group !== false), canEdit: false, limit, receivers };
}

function limitedReceiver(id: string, entries: readonly ConfiguredChannel[]): LimitedReceiver {
  const limit = Math.max(...entries.map(limitOf));
  return { id, limit, wants: (alert) => entries.some((entry) => wantsAlert(entry, alert)) };
}

function limitOf({ limit, kind }: ConfiguredChannel): number {
  if (limit !== undefined) return limit;
  if (WITH_OWN_INCIDENTS.has(kind)) return LIMIT_OF_INCIDENT_SERVICES;
  return kind === 'sms' || kind === 'phone' ? LIMIT_OF_TELEPHONES : USUAL_LIMIT;
}
