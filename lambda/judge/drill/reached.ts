/** Which entries of `notify` a drill reached, by what is stored of its deliveries. */

import { isSubscriberId } from '../../alert/channels/channel-ids.ts';
import type { DeliveryChannel } from '../../alert/delivery/configured-channels.ts';
import type { StoredChannel } from '../../alert/delivery/delivery-store.ts';
import { carriesCritical } from '../../alert/drill/drill-alerts.ts';
import { entriesOf, type RoutedEntry } from '../../alert/routing/entry.ts';
import { hoursNote, OUTSIDE_HOURS } from '../../alert/routing/next-hours.ts';
import type { DrillReceiver, OpenDrill } from '../../consensus/drill/drill.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import type { JudgePorts } from '../../ports.ts';
import { ownValue } from '../../wire/own-value.ts';

export interface DrillProgress {
  readonly receivers: readonly DrillReceiver[];
  /** Channels that may still take it. */
  readonly waiting: number;
}

type Ports = Pick<JudgePorts, 'config' | 'channels' | 'deliveries' | 'notifications'>;

export async function drillProgress(ports: Ports, open: OpenDrill): Promise<DrillProgress> {
  const { config, channels, deliveries, notifications } = ports;
  const entries = entriesOf(config, channels).filter(carriesCritical);
  const [notification, states] = await Promise.all([
    notifications?.notification(open.id) ?? null,
    deliveries.channels(),
  ]);
  const known = { ports, open, notification, states };
  const found = await Promise.all(entries.map((entry) => progressOf(known, entry)));
  return {
    receivers: found.map(({ receiver }) => receiver),
    waiting: found.filter(({ isWaiting }) => isWaiting).length,
  };
}

interface Known {
  readonly ports: Ports;
  readonly open: OpenDrill;
  readonly notification: Notification | null;
  readonly states: readonly StoredChannel[];
}

interface EntryProgress {
  readonly receiver: DrillReceiver;
  readonly isWaiting: boolean;
}

async function progressOf({ ports, open, notification, states }: Known, entry: RoutedEntry): Promise<EntryProgress> {
  const { id, receiver } = entry;
  const missed = (why: string, isWaiting = false) => ({ receiver: { entry: id, reached: null, why }, isWaiting });
  if (ownValue(notification?.told ?? {}, id) === undefined)
    return missed(whyNotTold(notification, entry, Date.parse(open.opened)), !isLeftOut(notification, id));
  const channel = channelOfReceiver(ports.channels, receiver);
  if (channel === null) return missed('nothing here sends it');
  const delivery = await ports.deliveries.outcome(channel, open.opened, open.id);
  const stateOf = (name: string) => states.find((state) => state.channel === name);
  if (delivery?.state === 'taken') {
    // The topic takes what a subscription of it does not get.
    const subscription = channel === receiver ? undefined : stateOf(receiver);
    if (subscription != null && subscription.failingSince !== null) return missed(subscription.lastError ?? 'fails');
    return { receiver: { entry: id, reached: isoSeconds(delivery.ended), why: null }, isWaiting: false };
  }
  if (delivery?.state === 'given-up') return missed('given up');
  return missed(stateOf(channel)?.lastError ?? 'not sent yet', true);
}

/** Outside its hours it is not asked, so that nothing is waited for. */
function isLeftOut(notification: Notification | null, entry: string): boolean {
  return notification !== null && notification.held === null && notification.waiting.includes(entry);
}

function whyNotTold(notification: Notification | null, entry: RoutedEntry, opened: number): string {
  if (notification === null) return 'not handed over yet';
  const { held, waiting } = notification;
  if (held !== null) return `held by ${held.why === 'behind' ? '' : `a ${held.why}: `}${held.what}`;
  return waiting.includes(entry.id) ? (hoursNote([entry], opened) ?? OUTSIDE_HOURS) : 'not told';
}

/** The channel whose deliveries reach a receiver: its own, or the topic that it subscribes to. Null if there is none here. */
function channelOfReceiver(channels: readonly DeliveryChannel[], receiver: string): string | null {
  if (channels.some(({ id }) => id === receiver)) return receiver;
  return isSubscriberId(receiver) && channels.some(({ kind }) => kind === 'topic') ? 'topic' : null;
}
