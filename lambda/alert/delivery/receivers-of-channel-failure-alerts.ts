/** Which channels get an alert about a channel that fails. */
import { isSubscribed } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { wantsAlert } from '../channels/alert-filter.ts';
import { subscriberId } from '../channels/channel-ids.ts';
import { entryNames } from '../routing/entry.ts';
import { hoursNoteOfReceiver } from '../routing/next-hours.ts';
import { channelWants, type DeliveryChannel } from './configured-channels.ts';

interface Places {
  readonly channels: readonly DeliveryChannel[];
  readonly config: Pick<Config, 'notify'>;
}

/** A report, and the channels that carry it. */
export interface AddressedReport {
  readonly alert: Alert;
  readonly channels: readonly DeliveryChannel[];
}

/**
 * The other channels, if they want news of the monitor itself. If no other one of the config wants it, all get it: a
 * topic without a subscriber for the report would accept it, and SNS would discard it.
 * @param failing the id of a channel, or of a subscription of the topic
 * @param gone ids of subscriptions of the topic that get nothing
 */
export function addressReport(
  { channels, config }: Places,
  failing: string,
  alert: Alert,
  gone: readonly string[] = [],
): AddressedReport {
  const others = channels.filter(({ id }) => id !== failing);
  const hasTopic = others.some(({ kind }) => kind === 'topic');
  const listeners = [
    ...others.flatMap((channel) => (channel.when === 'all' ? [] : [{ id: channel.id, when: channel.when }])),
    ...(hasTopic ? subscribersOf(config) : []),
  ].filter(({ id }) => id !== failing && !gone.includes(id));
  const isWanted = listeners.some((listener) => wantsAlert(listener, alert));
  const report = withEntries(config, failing, alert);
  const addressed: Alert = isWanted ? report : { ...report, toAll: true };
  return { alert: addressed, channels: others.filter((channel) => channelWants(channel, addressed)) };
}

/**
 * The ids of many channels are hashes: people know the entries by their own ids. Nobody has to mend at night what is next told
 * something in the morning.
 */
function withEntries(config: Places['config'], failing: string, alert: Alert): Alert {
  const names = entryNames(config, failing).slice(0, MOST_NAMED);
  const hours = alert.is === 'up' ? null : hoursNoteOfReceiver(config, failing, Date.parse(alert.at));
  const notes = [
    ...(names.length === 0 ? [] : [`in notify: ${names.join(', ')}`]),
    ...(hours === null ? [] : [`it is ${hours}`]),
  ];
  return notes.length === 0 ? alert : { ...alert, reason: `${alert.reason} (${notes.join('; ')})` };
}

/** Entries that a report names. */
const MOST_NAMED = 5;

function subscribersOf({ notify }: Pick<Config, 'notify'>) {
  return notify.flatMap((channel) =>
    isSubscribed(channel) ? [{ id: subscriberId(channel), when: channel.when }] : [],
  );
}
