/** Which pending deliveries of a channel are looked at together. */
import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import type { Delivery } from '../alert/delivery/delivery.ts';

/** Fewer than a digest is made of. */
const ONE_BY_ONE = 5;

/**
 * A service that has incidents of its own gets each alert for itself: it could not end what a digest had begun. So few are
 * looked at that none is made.
 */
export function lookedAt(channel: DeliveryChannel, pending: readonly Delivery[]): readonly Delivery[] {
  const hasIncidents =
    channel.kind === 'service' && (channel.receiver.kind === 'pagerduty' || channel.receiver.kind === 'jsm');
  return hasIncidents ? pending.slice(0, ONE_BY_ONE) : pending;
}
