/** Wakes channels with deliveries that are due. */
import { decidedAt } from '../alert/delivery/delivery.ts';
import type { StoredChannel } from '../alert/delivery/delivery-store.ts';
import type { JudgePorts } from '../ports.ts';
import { publishEvents } from './hand-over-alerts.ts';

/**
 * Wakes the channels on which an attempt is due and nobody delivers: an event was lost, a process ended early, or the time
 * of the next attempt has come.
 */
export async function wakeChannels(
  ports: JudgePorts,
  channels: readonly StoredChannel[],
  woken: readonly string[],
): Promise<void> {
  const now = ports.now();
  const due = channels.filter(({ channel, oldest, next, lease }) => {
    const isWaiting = oldest !== null && next <= now && (lease === null || lease.until <= now);
    return isWaiting && !woken.includes(channel);
  });
  await publishEvents(
    ports,
    due.map(({ channel }) => ({ type: 'Delivery Due', detail: { channel } })),
  );
}

/** When the oldest pending alert of these channels was decided, epoch milliseconds; infinite if there is none. */
export function oldestDelivery(channels: readonly StoredChannel[]): number {
  const times = channels.flatMap(({ oldest }) => (oldest === null ? [] : [decidedAt(oldest)]));
  return Math.min(...times.filter((time) => !Number.isNaN(time)));
}
