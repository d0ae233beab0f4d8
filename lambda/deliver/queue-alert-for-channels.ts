import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { deliveryKey } from '../alert/delivery/delivery.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import type { JudgePorts } from '../ports.ts';

/**
 * Makes one delivery of an alert for each of these channels, and wakes them. Idempotent under the id of the alert. Of the
 * alerts of judgements the judge does the same for many at once (`lambda/judge/hand-over-alerts.ts`).
 */
export async function makeDeliveries(
  { deliveries, publishEvents }: Pick<JudgePorts, 'deliveries' | 'publishEvents'>,
  alert: Alert,
  channels: readonly DeliveryChannel[],
): Promise<void> {
  for (const { id } of channels) {
    await deliveries.make(id, alert);
    await deliveries.mark(id, deliveryKey(alert));
  }
  if (channels.length === 0) return;
  const events = channels.map(({ id }) => ({ type: 'Delivery Due', detail: { channel: id } }) as const);
  // The judge of the next minute wakes the channels too.
  await publishEvents(events).catch(() => {});
}
