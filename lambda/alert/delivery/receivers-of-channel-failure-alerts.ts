/** Which channels get an alert about a channel that fails. */
import { isSubscribed } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { subscriberId } from '../channels/channel-ids.ts';
import { entriesOf, entryNames } from '../routing/entry.ts';
import { exclusionOf } from '../routing/match.ts';
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
 * The other channels that have an entry that wants news of the monitor itself, by `when` and `severity`, and without `targets` and `tags`. If no other one of the config wants it, all get it: a
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
  const own = others.filter(({ when }) => when === 'all').map(({ id }) => id);
  const reached = [...others.map(({ id }) => id), ...(hasTopic ? subscribersOf(config) : [])];
  const wanting = entriesOf(config, [])
    .filter((entry) => exclusionOf(entry, alert, []) === null)
    .map(({ receiver }) => receiver)
    .filter((id) => reached.includes(id) && id !== failing && !gone.includes(id));
  const report = withEntries(config, failing, alert);
  const addressed: Alert =
    wanting.length > 0 ? { ...report, to: [...new Set([...own, ...wanting])] } : { ...report, toAll: true };
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

function subscribersOf({ notify }: Places['config']): readonly string[] {
  return notify.flatMap((channel) => (isSubscribed(channel) ? [subscriberId(channel)] : []));
}
